"""The console command `wijkagenda`."""

import sys

import click
from flask import Flask
from flask.cli import FlaskGroup, with_appcontext
from flask_migrate import upgrade

from wijkagenda.app import create_app
from wijkagenda.config import ConfigurationError
from wijkagenda.demo.commands import demo
from wijkagenda.jobs.commands import clock, worker
from wijkagenda.migrate import init_migrations
from wijkagenda.neighbourhoods.commands import areas
from wijkagenda.people.commands import staff


def create_console_app() -> Flask:
    """The application with the history of its tables; says what is wrong with the settings and ends."""
    try:
        app = create_app()
        init_migrations(app)
        return app
    except ConfigurationError as error:
        click.echo(str(error), err=True)
        sys.exit(2)


@click.group(cls=FlaskGroup, create_app=create_console_app, add_default_commands=False)
def main() -> None:
    """wijkagenda: the agenda of every neighbourhood, made with its residents."""


@main.group("db")
def database() -> None:
    """The database."""


@database.command("upgrade")
@with_appcontext
def upgrade_database() -> None:
    """Bring the database to the newest version."""
    upgrade()


main.add_command(areas)
main.add_command(staff)
main.add_command(demo)
main.add_command(worker)
main.add_command(clock)
