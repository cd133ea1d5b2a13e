"""`wijkagenda voting import FILE.pb`: bring in an earlier vote from its open ballots."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

import click
import sqlalchemy as sa
from flask.cli import with_appcontext

from wijkagenda.db import db, unit_of_work
from wijkagenda.errors import DomainError
from wijkagenda.neighbourhoods.models import Neighbourhood
from wijkagenda.people.actors import SYSTEM
from wijkagenda.voting.archive.incoming import count_incoming
from wijkagenda.voting.archive.operations import import_vote
from wijkagenda.voting.counting import Rule
from wijkagenda.voting.counting.sentences import printable


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--title", default="", help="What it was a vote about; without it the description in the file.")
@click.option("--rule", required=True, type=click.Choice([rule.value for rule in Rule]), help="Count by this rule.")
@click.option("--neighbourhood", "slug", help="The wijk it was a vote of, as in its address.")
@click.option("--source", default="", help="Where the file comes from.")
@with_appcontext
def import_file(file: Path, title: str, rule: str, slug: str | None, source: str) -> None:
    """Bring in FILE.pb as an earlier vote: counted, public, and to be counted again by everyone."""
    try:
        content = file.read_bytes()
    except OSError as error:
        _stop(f"het bestand {file} is niet te lezen ({error.strerror})")
    neighbourhood = None
    if slug:
        neighbourhood = db.session.scalar(sa.select(Neighbourhood).where(Neighbourhood.slug == slug))
        if neighbourhood is None:
            _stop(f"de wijk {slug} kennen wij niet")
    try:
        counted = count_incoming(content, Rule(rule))
        with unit_of_work():
            vote = import_vote(
                actor=SYSTEM,
                now=datetime.now(UTC),
                counted=counted,
                title=title,
                neighbourhood=neighbourhood,
                source=source,
            )
            outcome, official = counted.recount.outcome, vote.official
            address, digest = f"/stemmingen/archief/{vote.slug}", vote.ballot_file.sha256
            left_out = vote.left_out
    except DomainError as error:
        _stop(str(error))
    click.echo(f"Ingelezen: {outcome.totals.ballots} stembiljetten, {len(outcome.lines)} keuzes, SHA-256 {digest}.")
    if left_out:
        click.echo(f"Weggelaten, want over personen: {printable(left_out)}.")
    names = {line.option: printable(line.name or line.option) for line in outcome.lines}
    for number, option in enumerate(outcome.winners, start=1):
        click.echo(f"  {number}. {names[option]}")
    if official is not None:
        same = set(official) == set(outcome.winners)
        click.echo(
            "Dezelfde keuzes winnen als in het bestand."
            if same
            else "In het bestand winnen andere keuzes: kijk op de site."
        )
    click.echo(f"Te zien op {address}")


def _stop(reason: str) -> NoReturn:
    click.echo(f"Fout: {reason}", err=True)
    sys.exit(1)
