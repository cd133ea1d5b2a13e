"""Paper ballots as PDF: the blank one that anybody may copy, and ballots with a code on their stub.

Nothing on the ballot itself tells one from another: no number, no code, no mark. What tells is on the stub, which tears
off. WeasyPrint is large, so it is loaded by the worker only, when something is drawn.
"""

import os
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from flask import current_app, render_template
from flask_babel import force_locale, format_date

from wijkagenda.config import ROOT, Settings
from wijkagenda.db import db
from wijkagenda.dutch_days import local
from wijkagenda.voting.codes import grouped
from wijkagenda.voting.letters.letter import printed_serial
from wijkagenda.voting.models import CodeBatch, Electorate, VotingRound, VotingState
from wijkagenda.voting.queries import voting_round_by_id

BALLOT_STYLE = "ballot_paper.css"
PRINTED = (VotingState.OPEN, VotingState.CLOSED)


@dataclass(frozen=True)
class PaperStub:
    """What is printed on a stub: nothing (the voter's own letter has one), or a fresh code and its serial number."""

    code: str = ""
    serial: str = ""


def ballot_file(settings: Settings, voting_round_id: int) -> Path:
    """Where the blank ballot of a vote stands, from opening until the count."""
    return settings.letters_folder / f"ballot-{voting_round_id}.pdf"


def make_ballot_papers() -> None:
    """Draw the blank ballot of every vote that takes paper and has none yet; throw those of counted votes away.

    Finds its own work, so it may run twice and be killed half-way.
    """
    settings: Settings = current_app.config["SETTINGS"]
    wanted = {
        ballot_file(settings, round_id): round_id
        for round_id in db.session.scalars(
            sa.select(VotingRound.id)
            .where(VotingRound.state.in_(PRINTED), VotingRound.before_sealing.is_(False))
            .order_by(VotingRound.id)
        )
    }
    settings.letters_folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for path in settings.letters_folder.glob("ballot-*.pdf"):
        if path not in wanted:
            path.unlink(missing_ok=True)
    for path, round_id in wanted.items():
        if not path.exists():
            _put(path, ballots_html(settings, voting_round_by_id(round_id), [PaperStub()]))


def write_ballots(path: Path, settings: Settings, batch: CodeBatch, codes: Iterable[tuple[int, str]]) -> None:
    """Ballots with the codes of a run for paper on their stubs, as PDF in `path`."""
    voting_round = voting_round_by_id(batch.voting_round_id)
    stubs = [PaperStub(grouped(code), printed_serial(voting_round.id, serial)) for serial, code in codes]
    _draw(ballots_html(settings, voting_round, stubs, batch.electorate), path)


def ballots_html(
    settings: Settings,
    voting_round: VotingRound,
    stubs: Sequence[PaperStub],
    electorate: Electorate = Electorate.RESIDENTS,
) -> str:
    """One ballot per stub, each on a page of its own (more when there are many options), in Dutch."""
    with force_locale("nl"):
        return render_template(
            "voting/ballot_paper.html",
            stubs=stubs,
            voting_round=voting_round,
            neighbourhood=voting_round.round.neighbourhood,
            electorate=electorate,
            last_day=last_day_of(voting_round.closes_at),
            municipality_name=settings.municipality_name,
            phone=settings.municipality_phone,
            logo=(ROOT / "wijkagenda" / "static" / "img" / "logo.svg").as_uri(),
        )


def _draw(html: str, path: Path) -> None:
    """Into `path`, in a process of its own: with codes the pages are as many as the stubs."""
    # Imported here: what draws is large, and web processes never print.
    from wijkagenda.voting.letters.drawing import draw_apart  # noqa: PLC0415

    draw_apart(html, BALLOT_STYLE, path)


def last_day_of(closes_at: datetime) -> str:
    return format_date(local(closes_at).date(), "EEEE d MMMM y")


def _put(path: Path, html: str) -> None:
    """Whole or not at all, readable by us alone."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix="part-of-ballot-")
    os.close(handle)
    try:
        _draw(html, Path(name))
        os.replace(name, path)
    finally:
        Path(name).unlink(missing_ok=True)
