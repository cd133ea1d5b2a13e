"""Many people at the same moment, on real databases with real commits: every ballot once, no error page."""

import re
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.factories.voting import FIRST_PASSPHRASE, make_vote
from tests.live import Installation, installation
from wijkagenda.db import db, unit_of_work
from wijkagenda.errors import Conflict
from wijkagenda.people.actors import actor_of
from wijkagenda.people.models import StaffMember
from wijkagenda.voting import queries
from wijkagenda.voting.box.models import Receipt, SealedBallot
from wijkagenda.voting.models import GRACE, CodeState, VotingCode
from wijkagenda.voting.operations import close_round, publish_result
from wijkagenda.voting.result import queries as results
from wijkagenda.voting.result.operations import ByPassphrase, count_round

CODES = 100
SENT_AT_ONCE = 20


class Crowd:
    """An installation with an open vote, and browsers that send forms to it."""

    def __init__(self, place: Installation, number: int, *, name: str = "Molenwijk", column: int = 0) -> None:
        self.place = place
        # Cookies are not what is tried here, and a token belongs to one browser.
        place.app.config["WTF_CSRF_ENABLED"] = False
        with place.work() as session:
            settings, now = place.app.config["SETTINGS"], datetime.now(UTC)
            vote = make_vote(session, settings, now, name=name, column=column, codes=number)
            self.codes, self.options, self.round_id = vote.codes, vote.options, vote.voting_round.id
            self.officers = (vote.first.staff_id, vote.second.staff_id)

    def post(self, path: str, data: dict[str, object]) -> tuple[int, str]:
        answer = self.place.app.test_client().post(path, data=data)
        return answer.status_code, answer.get_data(as_text=True)

    def checked(self, code: str) -> dict[str, object]:
        """The form of a check page for this code."""
        chosen = self.options[: 1 + self.codes.index(code) % 3]
        status, text = self.post("/stem/nakijken", {"code": code, "choices": chosen})
        found = re.search(r'name="slip" value="([^"]+)"', text)
        assert status == 200
        assert found
        return {"code": code, "choices": chosen, "slip": found.group(1)}

    def send_all(self, forms: list[dict[str, object]]) -> Counter[int]:
        """Send every form, many at the same moment; how often each status was answered."""
        with ThreadPoolExecutor(SENT_AT_ONCE) as pool:
            return Counter(status for status, _ in pool.map(lambda form: self.post("/stem/versturen", form), forms))

    def close(self) -> None:
        with self.place.look(), unit_of_work():
            voting_round = queries.voting_round_by_id(self.round_id)
            officer = actor_of(db.session.get_one(StaffMember, self.officers[0]))
            close_round(actor=officer, now=voting_round.closes_at + GRACE, voting_round=voting_round)

    def count(self, *conditions: object) -> int:
        table = conditions[0]
        with self.place.look() as session:
            return session.scalar(sa.select(sa.func.count()).select_from(table).where(*conditions[1:])) or 0  # type: ignore[arg-type]


@pytest.fixture
def place(backend: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Installation]:
    name = re.sub(r"\W+", "_", request.node.name)[-40:].strip("_").lower()
    with installation(f"vote_{name}", folder=tmp_path, backend=backend, RATE_LIMITS_OFF="1") as made:
        yield made


def test_200_parallel_submits_of_100_codes_are_100_ballots_and_no_error_page(place: Installation) -> None:
    crowd = Crowd(place, CODES)
    forms = [crowd.checked(code) for code in crowd.codes]
    assert crowd.send_all([*forms, *forms]) == {302: 2 * CODES}
    assert crowd.count(SealedBallot) == crowd.count(Receipt) == CODES
    assert crowd.count(VotingCode, VotingCode.state == CodeState.USED) == CODES


def test_one_code_on_two_screens_is_one_ballot_and_one_kind_answer(place: Installation) -> None:
    crowd = Crowd(place, 40)
    forms = [form for code in crowd.codes for form in (crowd.checked(code), crowd.checked(code))]
    assert crowd.send_all(forms) == {302: 40, 409: 40}
    assert crowd.count(SealedBallot) == crowd.count(Receipt) == 40


def test_the_whole_vote_with_real_commits_ends_in_a_count_that_agrees(place: Installation, backend: str) -> None:
    crowd = Crowd(place, 30)
    crowd.send_all([crowd.checked(code) for code in crowd.codes])
    with place.app.app_context():
        if backend == "postgis":
            assert _transactions() > 1
        voting_round = queries.voting_round_by_id(crowd.round_id)
        first, second = (actor_of(db.session.get_one(StaffMember, officer)) for officer in crowd.officers)
        after = voting_round.closes_at + GRACE
        with unit_of_work():
            close_round(actor=first, now=after, voting_round=voting_round)
        if backend == "postgis":
            # Nothing tells any more which ballot came in with which code.
            assert _transactions() == 1
            assert _rows_in_files("sealed_ballot") == _rows_in_files("receipt") == 30
        with unit_of_work():
            count_round(actor=first, now=after, voting_round=voting_round, opened_with=ByPassphrase(FIRST_PASSPHRASE))
        with unit_of_work():
            publish_result(actor=second, now=after, voting_round=voting_round)
        result = results.published_result(crowd.round_id)
    assert result is not None
    assert [line.votes for line in result.lines] == [30, 20, 10, 0]
    assert result.tally.ballots == result.tally.codes_used == 30


def test_closing_leaves_no_old_rows_also_while_somebody_reads_and_spares_the_other_vote(
    place: Installation, backend: str
) -> None:
    crowd, other = Crowd(place, 12), Crowd(place, 9, name="Anderwijk", column=5)
    crowd.send_all([crowd.checked(code) for code in crowd.codes])
    *now, later = [other.checked(code) for code in other.codes]
    other.send_all(now)
    with place.app.app_context(), db.engine.connect() as reader:
        # A look at the city as it was keeps PostgreSQL from clearing up deleted rows.
        if backend == "postgis":
            reader.execute(sa.text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
        reader.execute(sa.text("SELECT count(*) FROM neighbourhood"))
        crowd.close()
        if backend == "postgis":
            assert _rows_in_files("sealed_ballot") == _rows_in_files("receipt") == 12 + 8
            assert _transactions() == 1
        reader.rollback()
    assert other.send_all([later]) == {302: 1}
    for one, ballots in ((crowd, 12), (other, 9)):
        assert one.count(SealedBallot, SealedBallot.voting_round_id == one.round_id) == ballots
        assert one.count(Receipt, Receipt.voting_round_id == one.round_id) == ballots


def test_closing_waits_for_a_better_moment_while_a_backup_holds_the_box(place: Installation, backend: str) -> None:
    crowd = Crowd(place, 5)
    crowd.send_all([crowd.checked(code) for code in crowd.codes])
    if backend == "postgis":
        with place.app.app_context(), db.engine.connect() as backup:
            backup.execute(sa.text("LOCK TABLE sealed_ballot IN ACCESS SHARE MODE"))
            with pytest.raises(Conflict, match="nu even bezet"):
                crowd.close()
            backup.rollback()
        assert crowd.count(SealedBallot) == crowd.count(Receipt) == 5
    crowd.close()
    assert crowd.count(SealedBallot) == crowd.count(Receipt) == 5


def _transactions() -> int:
    """How many transactions wrote the ballots that stand in the table."""
    return db.session.scalar(sa.text("SELECT count(DISTINCT xmin::text) FROM sealed_ballot")) or 0


def _rows_in_files(table: str) -> int:
    """How many rows the files of the database hold, those that were deleted too."""
    db.session.execute(sa.text("CREATE EXTENSION IF NOT EXISTS pageinspect"))
    pages = "generate_series(0, pg_relation_size(CAST(:table AS text)) / 8192 - 1) AS page"
    rows = f"SELECT count(*) FROM {pages}, heap_page_items(get_raw_page(CAST(:table AS text), page::int)) WHERE t_data IS NOT NULL"
    found = db.session.scalar(sa.text(rows), {"table": table}) or 0
    db.session.rollback()
    return found
