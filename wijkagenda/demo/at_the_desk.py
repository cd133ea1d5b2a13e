"""The voting office of the demo: some people vote on paper, and somebody has a melding about the vote."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app

from wijkagenda.config import Settings
from wijkagenda.demo.crew import Crew
from wijkagenda.people.actors import Actor
from wijkagenda.voting.codes import round_keys
from wijkagenda.voting.models import Electorate, VotingRound
from wijkagenda.voting.paper import entering, operations
from wijkagenda.voting.paper.models import PaperBatch
from wijkagenda.voting.remarks.models import RemarkSubject
from wijkagenda.voting.remarks.operations import answer_remark, make_remark

ON_PAPER = 12
"""Residents who hand in a paper ballot: one pile."""


@dataclass(frozen=True)
class PaperVote:
    """What somebody handed in: the code of the stub, and the sheet."""

    code: str
    choices: list[int]
    points: dict[int, int] | None


def hand_in_paper(
    voting_round: VotingRound, votes: Sequence[PaperVote], crew: Crew, now: datetime, *, over: bool
) -> PaperBatch:
    """A pile of paper: typed over twice and in the box when the vote is over, else typed over by one of two."""
    settings: Settings = current_app.config["SETTINGS"]
    first, second = crew.officers
    batch = operations.open_batch(actor=first, now=now, voting_round=voting_round, electorate=Electorate.RESIDENTS)
    for vote in votes:
        operations.use_stub(actor=first, now=now, batch=batch, typed=vote.code, keys=round_keys(settings))
    operations.fill_batch(actor=first, now=now, batch=batch, sheets=len(votes))
    for actor in (first, second) if over else (first,):
        _type_over(batch, votes, actor, now, settings.secret_key)
    if over:
        entering.put_in_box(actor=second, now=now, batch=batch)
    return batch


def _type_over(batch: PaperBatch, votes: Sequence[PaperVote], actor: Actor, now: datetime, secret: str) -> None:
    for sheet, vote in enumerate(votes, start=1):
        content = entering.content_of_sheet(batch, choices=vote.choices, points=vote.points)
        entering.enter_sheet(actor=actor, now=now, batch=batch, sheet=sheet, content=content, secret=secret)


def have_a_remark(voting_round: VotingRound, crew: Crew, now: datetime, *, over: bool) -> None:
    """Two meldingen: one has its answer; while the vote runs the other waits."""
    told = (
        (RemarkSubject.NO_LETTER, "Mijn buren kregen een brief en ik niet. Ik woon hier al twee jaar."),
        (RemarkSubject.PAPER, "In het wijkcentrum stond de tafel zo dat anderen konden meekijken."),
    )
    answers = (
        "Wij hebben een nieuwe brief gestuurd. De eerste brief is ingetrokken.",
        "Dank u wel. De tafel staat nu achter een scherm.",
    )
    for number, ((subject, text), answer) in enumerate(zip(told, answers, strict=True)):
        remark = make_remark(
            now=now + timedelta(days=number),
            voting_round=voting_round,
            submission_key=str(uuid.uuid5(uuid.NAMESPACE_URL, f"{voting_round.id} {subject.value}")),
            subject=subject,
            text=text,
            email=None,
            language="nl",
        )
        if over or number == 0:
            at = now + timedelta(days=number, hours=3)
            answer_remark(actor=crew.officers[1], now=at, remark=remark, answer=answer)
