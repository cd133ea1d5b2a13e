"""`wijkagenda areas …`: boundaries and postcodes of the municipality, from its own files."""

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext

from geo import sources
from geo.errors import GeoError
from geo.levels import Level
from wijkagenda.db import bump_data_version, unit_of_work
from wijkagenda.errors import DomainError
from wijkagenda.neighbourhoods.operations import FoundReport, found_neighbourhoods
from wijkagenda.people.actors import SYSTEM

NAMES_SHOWN = 60


@click.group("areas")
def areas() -> None:
    """Boundaries of wijken and stadsdelen, and the postcodes in them."""


@areas.command("load")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--layer", help="Layer of the file, when it has more than one.")
@click.option("--level", type=click.Choice([level.value for level in Level]), help="What the rows are.")
@click.option("--code-field", help="Column with the code; without one, codes are made from the names.")
@click.option("--name-field", help="Column with the name.")
@click.option("--municipality", help="Name or code of the municipality, where the file has several or none.")
@click.option("--year", type=click.IntRange(1900, 2200), help="Year of the boundaries.")
@click.option("--city-districts", type=click.Path(path_type=Path), help="Table code;stadsdeel or name;stadsdeel (CSV).")
@click.option("--encoding", help="Encoding of the names in a shapefile.")
@with_appcontext
def load(file: Path, level: str | None, **options: Any) -> None:
    """Load boundaries from FILE (GeoPackage, GeoJSON or Shapefile). All or nothing; may be repeated."""
    now = datetime.now(UTC)
    with _kind_errors():
        plan = sources.read_areas(
            file,
            sources.AreaOptions(level=Level(level) if level else None, year_if_unknown=now.year, **options),
            _show_progress(),
        )
        with unit_of_work() as session:
            report = sources.store_areas(session, plan, _show_progress())
            founded = found_neighbourhoods(actor=SYSTEM, now=now, year=plan.year)
    _tell(report, founded)


@areas.command("postcodes")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--year", type=click.IntRange(1900, 2200), help="Year of the boundaries the codes belong to.")
@with_appcontext
def postcodes(file: Path, year: int | None) -> None:
    """Load a postcode table (CSV: pc6, with or without house numbers, and a buurt or wijk code)."""
    with _kind_errors():
        plan = sources.read_postcodes(file, _show_progress())
        with unit_of_work() as session:
            report = sources.store_postcodes(session, plan, year=year, progress=_show_progress())
            # Stored in bulk, which the session does not notice as a change to public data.
            bump_data_version(session)
    click.echo(f"{report.postcodes} postcodes kunnen nu worden gevonden ({report.stored_rows} regels opgeslagen).")
    if report.elsewhere:
        click.echo(f"{report.elsewhere} regels horen bij een andere gemeente en zijn weggelaten.")


class _kind_errors:
    """Say what is wrong in one sentence and change nothing."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, GeoError | DomainError):
            click.echo(f"\nFout: {error}\nEr is niets veranderd.", err=True)
            sys.exit(1)


def _show_progress() -> Callable[[str, int, int], None]:
    """A line that counts on a terminal; one line per step elsewhere."""
    last: dict[str, object] = {}

    def show(step: str, done: int, total: int) -> None:
        if sys.stderr.isatty():
            click.echo(f"\r{step}: {done} van {total}" + ("\n" if done >= total else ""), err=True, nl=False)
        elif last.get("step") != step:
            click.echo(f"{step} …", err=True)
        last["step"] = step

    return show


def _tell(report: sources.AreaReport, founded: FoundReport) -> None:
    click.echo(f"Grenzen van {report.year} uit {report.source}:")
    for level in Level:
        counts = {
            "nieuw": [a.name for a in report.added if a.level is level],
            "veranderd": [c.area.name for c in report.changed if c.area.level is level],
            "gelijk": [a.name for a in report.unchanged if a.level is level],
            "vervallen": [g.name for g in report.gone if g.level is level],
        }
        if any(counts.values()):
            numbers = ", ".join(f"{len(names)} {word}" for word, names in counts.items() if names)
            click.echo(f"  {level.label}: {numbers}")
            for word in ("veranderd", "vervallen"):
                if counts[word]:
                    click.echo(f"    {word}: {', '.join(counts[word][:NAMES_SHOWN])}")
    for repair in report.repairs:
        click.echo(
            f"  Hersteld: de grens van {repair.name} ({repair.code}) was ongeldig ({repair.reason}); "
            f"oppervlakte {repair.m2_change:+.1f} m²."
        )
    if report.water_left_out:
        click.echo(f"  {report.water_left_out} rijen met water zijn weggelaten.")
    kept = [gone.name for gone in report.gone if gone.kept]
    if kept:
        click.echo(f"  Vervallen maar bewaard, omdat er iets aan hangt: {', '.join(kept)}")
    if founded.founded:
        click.echo(f"Nieuwe wijkpagina's: {len(founded.founded)}.")
    if founded.gone:
        click.echo(f"Wijkpagina's zonder nieuwe grens (blijven staan): {', '.join(founded.gone)}")
