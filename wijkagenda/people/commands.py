"""`wijkagenda staff …`: the first administrator has nobody to let them in."""

import sys
from datetime import UTC, datetime

import click
from flask.cli import with_appcontext

from wijkagenda.db import unit_of_work
from wijkagenda.errors import DomainError
from wijkagenda.people.actors import SYSTEM
from wijkagenda.people.models import Role
from wijkagenda.people.operations import add_staff_member, grant_role
from wijkagenda.people.queries import all_staff


@click.group("staff")
def staff() -> None:
    """Who works here and may sign in."""


@staff.command("add")
@click.argument("email")
@click.argument("name")
@click.option("--role", type=click.Choice([role.value for role in Role]), help="For the whole municipality.")
@click.option("--administrator", is_flag=True, help="The same as --role administrator.")
@with_appcontext
def add(email: str, name: str, role: str | None, administrator: bool) -> None:
    """Let NAME sign in with EMAIL. Roles by area are given on the site by an administrator."""
    now = datetime.now(UTC)
    try:
        with unit_of_work():
            member = add_staff_member(actor=SYSTEM, now=now, email=email, name=name)
            chosen = Role.ADMINISTRATOR.value if administrator else role
            if chosen:
                grant_role(actor=SYSTEM, now=now, member=member, role=Role(chosen), area_id=None)
    except DomainError as error:
        click.echo(f"Fout: {error} Er is niets veranderd.", err=True)
        sys.exit(1)
    click.echo(f"{name} kan zich aanmelden met {email}.")


@staff.command("list")
@with_appcontext
def show() -> None:
    """Everybody, with roles."""
    for member in all_staff():
        roles = ", ".join(f"{g.role.value} ({g.area.name if g.area else 'overal'})" for g in member.grants)
        click.echo(f"{member.email}  {member.name}  {roles or 'geen rol'}{'' if member.is_active else '  gesloten'}")
