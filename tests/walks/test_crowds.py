"""Everybody at the same moment: a tap that comes twice counts once, and nobody sees an error page.

Real requests to gunicorn, from 200 threads that start together. Each visitor has an address of their
own, as the platform sees them behind its proxy.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa

from surveys.models import Participation, Response
from tests.factories.consultations import make_survey
from tests.factories.neighbourhoods import make_neighbourhood, make_round
from tests.factories.voting import Vote, make_vote
from tests.live import Platform, running_platform
from tests.page_client import Page
from tests.visitor import Visitor
from wijkagenda.dutch_days import local
from wijkagenda.rounds.models import PhaseKind
from wijkagenda.voting.box.models import Receipt, SealedBallot
from wijkagenda.voting.models import CodeState, VotingCode
from wijkagenda.wishes.models import GivenAs, PlaceChoice, Theme, Wish, WishGiver

PEOPLE = 100
NUMBERS = ["nul", "een", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen"]


@pytest.fixture(
    scope="module",
    params=[pytest.param(name, marks=pytest.mark.xdist_group(f"crowds-{name}")) for name in ("postgis", "spatialite")],
)
def platform(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    folder = tmp_path_factory.mktemp(f"crowds_{request.param}")
    with running_platform("crowds", folder=folder, backend=request.param, worker=False, TRUSTED_PROXIES="1") as running:
        yield running


def people(platform: Platform, start: str) -> tuple[list[Visitor], dict[str, Any]]:
    """100 visitors at addresses of their own, and the form that stands at `start` for each of them."""
    first = Visitor(platform.url)
    form = first.get(start).form_data()
    return [first.beside(f"10.1.0.{number + 1}") for number in range(PEOPLE)], form


def in_parallel(work: Callable[[Any], Page], over: list[Any], *, threads: int) -> list[Page]:
    """`work` on each, the first `threads` of them at the very same moment."""
    start = Barrier(threads)

    def begin(numbered: tuple[int, Any]) -> Page:
        number, each = numbered
        if number < threads:
            start.wait(30)
        return work(each)

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(begin, enumerate(over)))


def send_all_twice(platform: Platform, path: str, forms: list[tuple[Visitor, dict[str, Any]]]) -> list[Page]:
    """Every form two times, everybody at once."""
    return in_parallel(lambda sent: sent[0].post(path, sent[1]), forms + forms, threads=2 * len(forms))


def all_arrived(answers: list[Page], at: str) -> None:
    wrong = [f"{page.status} {page.h1} {page.errors}" for page in answers if page.status not in {302, 303}]
    assert not wrong, f"{len(wrong)} of {len(answers)} did not arrive: {wrong[:5]}"
    assert all(at in page.location for page in answers), {page.location for page in answers}


def count(platform: Platform, model: type, *where: Any) -> int:
    with platform.look() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(model).where(*where)) or 0


def test_100_codes_sent_twice_are_100_ballots(platform: Platform) -> None:
    vote = open_vote(platform, "Stemwijk", column=5, codes=PEOPLE)
    voters, form = people(platform, "/stem")
    forms = to_the_check_page(voters, form, vote.codes, vote.options[:2])
    answers = send_all_twice(platform, "/stem/versturen", forms)
    all_arrived(answers, "/stem/bewijs")
    round_id = vote.voting_round.id
    assert count(platform, SealedBallot, SealedBallot.voting_round_id == round_id) == PEOPLE
    assert count(platform, Receipt, Receipt.voting_round_id == round_id) == PEOPLE
    used = (VotingCode.voting_round_id == round_id, VotingCode.state == CodeState.USED)
    assert count(platform, VotingCode, *used) == PEOPLE
    proof = voters[0].get("/stem/bewijs")
    assert proof.h1 == "Uw stem is binnen" and "/wijken/stemwijk/volgen" in proof.text


def test_one_code_in_two_hands_is_one_ballot_and_a_clear_answer(platform: Platform) -> None:
    """Not a double tap but two check pages: one ballot, and the other hears that the code was used."""
    vote = open_vote(platform, "Dubbelwijk", column=7, codes=10)
    voters, form = people(platform, "/stem")
    forms = to_the_check_page(voters, form, [*vote.codes, *vote.codes], vote.options[:1])
    answers = in_parallel(lambda sent: sent[0].post("/stem/versturen", sent[1]), forms, threads=len(forms))
    assert sorted(page.status for page in answers) == [302] * 10 + [409] * 10
    assert {page.h1 for page in answers if page.status == 409} == {"Met deze code is al gestemd"}
    assert count(platform, SealedBallot, SealedBallot.voting_round_id == vote.voting_round.id) == 10


def open_vote(platform: Platform, name: str, *, column: int, codes: int) -> Vote:
    with platform.work() as session:
        settings = platform.app.config["SETTINGS"]
        vote = make_vote(session, settings, datetime.now(UTC), name=name, column=column, codes=codes)
        assert vote.options
    return vote


def to_the_check_page(
    voters: list[Visitor], form: dict[str, Any], codes: list[str], choices: list[int]
) -> list[tuple[Visitor, dict[str, Any]]]:
    """Everybody looks at their choice; the form of that page waits to be sent."""

    def check(numbered: tuple[Visitor, str]) -> tuple[Visitor, dict[str, Any]]:
        visitor, code = numbered
        page = visitor.post("/stem/nakijken", form | {"code": code, "choices": [str(choice) for choice in choices]})
        return visitor, page.form_data(_form_to(page, "/stem/versturen"))

    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(check, zip(voters, codes, strict=False)))


def test_100_wishes_sent_twice_are_100_wishes(platform: Platform) -> None:
    with platform.work() as session:
        neighbourhood = make_neighbourhood(session, "Wenswijk", column=0)
        make_round(session, neighbourhood, PhaseKind.LISTENING, today=local(datetime.now(UTC)).date())
    path = "/wijken/wenswijk/wens"
    givers, form = people(platform, path)
    typed = form | {
        "step": "3",
        "theme": Theme.STREETS_AND_GREEN.value,
        "place_choice": PlaceChoice.WHOLE_NEIGHBOURHOOD.value,
        "given_as": GivenAs.RESIDENT.value,
        "go": "next",
    }
    forms = [
        (giver, typed | {"text": f"Bankje {n}", "email": f"bewoner{n}@post.example", "submission_key": str(uuid4())})
        for n, giver in enumerate(givers)
    ]
    answers = send_all_twice(platform, path, forms)
    all_arrived(answers, "/verstuurd")
    assert count(platform, Wish) == PEOPLE
    assert count(platform, WishGiver) == PEOPLE
    with platform.look() as session:
        assert sorted(session.scalars(sa.select(Wish.number))) == list(range(1, PEOPLE + 1))
    places = [page.location for page in answers]
    assert places[:PEOPLE] == places[PEOPLE:], "the second tap must lead to the same wish"


def test_100_filled_in_surveys_sent_twice_are_100_responses(platform: Platform) -> None:
    with platform.work() as session:
        make_survey(session, make_neighbourhood(session, "Vraagwijk", column=2), now=datetime.now(UTC))
    path = "/wijken/vraagwijk/vragenlijst/vragen"
    residents, form = people(platform, path)
    forms = [
        (
            resident,
            form | {"a.cijfer": str(n % 10 + 1), "a.kinderen": "nee", "a.waarom": f"Bankje {n}", "sleutel": uuid4().hex,
                    "stap": "controle", "ga": "verstuur"},
        )
        for n, resident in enumerate(residents)
    ]  # fmt: skip
    answers = send_all_twice(platform, path, forms)
    all_arrived(answers, "/vragenlijst/bedankt")
    assert (count(platform, Response), count(platform, Participation)) == (PEOPLE, PEOPLE)


def _form_to(page: Page, action: str) -> int:
    """Which form of the page goes there."""
    return next(i for i, form in enumerate(page.soup.select("main form")) if form["action"] == action)
