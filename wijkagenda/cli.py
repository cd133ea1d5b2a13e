"""The console command `wijkagenda`."""

import sys
from pathlib import Path
from typing import Any

import click
from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from flask import Flask, current_app
from flask.cli import FlaskGroup, with_appcontext
from sqlalchemy.exc import DatabaseError

from wijkagenda.app import create_app
from wijkagenda.backup import NoBackup, make_backup
from wijkagenda.config import ConfigurationError
from wijkagenda.db import UnsafeDatabase
from wijkagenda.demo.commands import demo
from wijkagenda.jobs.commands import clock, worker
from wijkagenda.migrate import init_migrations
from wijkagenda.neighbourhoods.commands import areas
from wijkagenda.people.commands import staff
from wijkagenda.voting.commands import voting


def create_console_app() -> Flask:
    """The application with the history of its tables; says what is wrong with the settings and ends."""
    try:
        app = create_app()
        init_migrations(app)
        return app
    except ConfigurationError as error:
        click.echo(str(error), err=True)
        sys.exit(2)


class Commands(FlaskGroup):
    """Our commands; whatever is wrong with the database they say in one sentence."""

    # Not those of the app and of libraries: help must be there before there are settings to make an app with.
    def list_commands(self, ctx: click.Context) -> list[str]:
        return click.Group.list_commands(self, ctx)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        return click.Group.get_command(self, ctx, name)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (DatabaseError, UnsafeDatabase, CommandError) as error:
            click.echo(f"\nFout: {_in_a_sentence(error)}\nEr is niets veranderd.", err=True)
            sys.exit(1)


def _in_a_sentence(error: Exception) -> str:
    if isinstance(error, CommandError):
        return f"de geschiedenis van deze database past niet bij deze versie van wijkagenda ({error})."
    if isinstance(error, UnsafeDatabase):
        return f"deze database is niet veilig genoeg ({error})."
    # Only the first line: what comes after it may quote what somebody typed.
    reason = str(getattr(error, "orig", error)).partition("\n")[0]
    if "no such table" in reason or ("relation" in reason and "does not exist" in reason):
        return "de database is nog leeg. Start eerst `wijkagenda db upgrade`."
    return f"de database kan dit niet doen ({reason}). Kijk of DATABASE_URL klopt en of de database bereikbaar is."


@click.group(cls=Commands, create_app=create_console_app, add_default_commands=False, add_version_option=False)
def main() -> None:
    """wijkagenda: the agenda of every neighbourhood, made with its residents."""


@main.group("db")
def database() -> None:
    """The database."""


@database.command("upgrade")
@with_appcontext
def upgrade_database() -> None:
    """Bring the database to the newest version."""
    # Not by Flask-Migrate's own upgrade(): that ends the process where we want to say what is wrong.
    command.upgrade(_history(), "head")


@database.command("backup")
@click.argument("file", type=click.Path(path_type=Path))
@with_appcontext
def back_up_database(file: Path) -> None:
    """Copy the whole database to FILE, which must be new, and look whether every vote is in it.

    It may run while people vote. Nobody can close or count a vote meanwhile, so make it at night. docs/running.md tells
    what is not in it and how to put it back.
    """
    try:
        made = make_backup(file, _history())
    except NoBackup as error:
        click.echo(f"Fout: {error}\nEr is geen kopie gemaakt.", err=True)
        sys.exit(1)
    click.echo(f"De kopie staat in {file} ({made.size} bytes).")
    if made.books is None:
        click.echo("Niet nagekeken: de database is van een andere versie dan dit programma.")
        return
    wrong = [books.title for books in made.books if not books.agree]
    if not wrong:
        click.echo("Nagekeken: bij elke gebruikte code hoort een stembiljet in de stembus of in een stapel op papier.")
        return
    click.echo(
        f"LET OP: in deze kopie kloppen codes en stembiljetten niet bij {'; '.join(wrong)}. Bewaar de kopie, maak een "
        "nieuwe en kijk of die wel klopt. Klopt ook die niet, dan is er iets mis in de database zelf.",
        err=True,
    )
    sys.exit(1)


def _history() -> Config:
    history: Config = current_app.extensions["migrate"].migrate.get_config()
    return history


main.add_command(areas)
main.add_command(staff)
main.add_command(demo)
main.add_command(voting)
main.add_command(worker)
main.add_command(clock)
