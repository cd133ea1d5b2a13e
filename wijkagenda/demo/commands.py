"""`wijkagenda demo …`: Markerstad, and who you can be there."""

import sys
from datetime import UTC, datetime

import click
import sqlalchemy as sa
from flask import current_app
from flask.cli import with_appcontext

from wijkagenda.config import Settings
from wijkagenda.db import db, unit_of_work
from wijkagenda.demo.city import build_city
from wijkagenda.dutch_days import local
from wijkagenda.neighbourhoods.models import Neighbourhood
from wijkagenda.people.queries import all_staff


@click.group("demo")
def demo() -> None:
    """The invented city of Markerstad."""


@demo.command("load")
@click.option("--if-empty", is_flag=True, help="Do nothing when there are neighbourhoods already.")
@with_appcontext
def load(if_empty: bool) -> None:
    """Build Markerstad in an empty database."""
    settings: Settings = current_app.config["SETTINGS"]
    if not settings.demo:
        click.echo("Dit kan alleen in de demo: zet WIJKAGENDA_DEMO=1.", err=True)
        sys.exit(2)
    if db.session.scalar(sa.select(sa.func.count(Neighbourhood.id))):
        if if_empty:
            return
        click.echo("De database is niet leeg. Er is niets veranderd.", err=True)
        sys.exit(1)
    now = datetime.now(UTC)
    with unit_of_work():
        build_city(now, local(now).date(), lambda text: click.echo(f"  {text}"))


@demo.command("people")
@with_appcontext
def people() -> None:
    """Say how to sign in as each kind of user."""
    settings: Settings = current_app.config["SETTINGS"]
    click.echo(f"Inwoner: open {settings.public_url}/ (aanmelden hoeft niet)")
    click.echo(
        f"Kiezer: in {settings.public_url}/proef/postvak liggen brieven met een stemcode, en alle mail van de demo"
    )
    click.echo(f"Medewerker: open {settings.public_url}/werkplek/aanmelden en klik op een naam:")
    for member in all_staff():
        roles = ", ".join(sorted({grant.role.label for grant in member.grants}))
        areas = ", ".join(sorted(grant.area.name for grant in member.grants if grant.area)) or "heel Markerstad"
        click.echo(f"  {member.name:<14} {f'{roles} ({areas})' if roles else 'nog geen rol'}")
