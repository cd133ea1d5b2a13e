"""`wijkagenda voting …`."""

import sys

import click

from wijkagenda.voting.archive.commands import import_file
from wijkagenda.voting.counting import recount as counting


@click.group("voting")
def voting() -> None:
    """Votes: recount open ballots, bring in earlier votes."""


@voting.command(
    "recount",
    context_settings={"ignore_unknown_options": True},
    add_help_option=False,
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED, metavar="FILE.pb [--rule RULE] [--json]")
def recount(arguments: tuple[str, ...]) -> None:
    """Count a vote again from its open ballots; needs no database and no settings."""
    sys.exit(counting.main(arguments, name="wijkagenda voting recount"))


voting.add_command(import_file)
