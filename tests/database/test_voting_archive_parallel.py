"""Two clicks on the button that brings in an earlier vote, with real commits: one vote, and one kind answer."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from threading import Barrier

import pytest
import sqlalchemy as sa

from tests.database.test_voting_archive import CLEAN
from tests.live import Installation, installation
from wijkagenda.errors import Conflict
from wijkagenda.people.actors import SYSTEM
from wijkagenda.voting.archive.incoming import CountedFile, count_incoming
from wijkagenda.voting.archive.models import ArchivedVote, BallotFile
from wijkagenda.voting.archive.operations import import_vote
from wijkagenda.voting.counting import Rule

CLICKS = 4


@pytest.fixture
def place(backend: str, tmp_path: Path) -> Iterator[Installation]:
    with installation("earlier_vote_twice", folder=tmp_path, backend=backend) as made:
        yield made


def brought_in(place: Installation, files: list[CountedFile]) -> list[str]:
    """Bring them all in at the same moment; what was answered, in order of the words."""
    together = Barrier(len(files))

    def click(counted: CountedFile) -> str:
        together.wait(timeout=30)
        try:
            with place.work():
                import_vote(actor=SYSTEM, now=datetime.now(UTC), counted=counted)
        except Conflict as error:
            return error.field or ""
        return "done"

    with ThreadPoolExecutor(len(files)) as pool:
        return sorted(pool.map(click, files))


def test_one_file_at_the_same_moment_is_one_vote_and_kind_answers(place: Installation) -> None:
    # Counted before any unit of work, so nobody waits for it with a vote.
    counted = count_incoming(CLEAN.encode(), Rule.GREEDY)
    assert brought_in(place, [counted] * CLICKS) == ["done"] + ["file"] * (CLICKS - 1)
    with place.look() as session:
        for table in (ArchivedVote, BallotFile):
            assert session.scalar(sa.select(sa.func.count()).select_from(table)) == 1


def test_files_with_one_name_at_the_same_moment_never_end_in_an_error(place: Installation) -> None:
    texts = [CLEAN.replace("Bomen", f"Boom {number}") for number in range(CLICKS)]
    answers = brought_in(place, [count_incoming(text.encode(), Rule.GREEDY) for text in texts])
    assert "done" in answers
    assert set(answers) <= {"done", "title"}
    with place.look() as session:
        slugs = session.scalars(sa.select(ArchivedVote.slug)).all()
    assert len(set(slugs)) == answers.count("done")
