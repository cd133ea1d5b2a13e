"""The history of migrations makes exactly the tables of the models, and goes up, down and up with data in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from flask import Flask, current_app
from sqlalchemy.orm import Session

from tests.conftest import NOW, settings_for, with_driver
from tests.factories.neighbourhoods import make_city_district, make_neighbourhood, make_place, make_round
from tests.factories.voting import make_priorities
from tests.house.sources import ROOT, files
from tests.services import new_database
from wijkagenda.app import create_app
from wijkagenda.db import db, unit_of_work
from wijkagenda.migrate import METADATAS, SLICES, init_migrations
from wijkagenda.people.actors import SYSTEM
from wijkagenda.people.models import Role
from wijkagenda.people.operations import add_staff_member, grant_role
from wijkagenda.rounds.models import AgendaRound
from wijkagenda.voting.box.models import Ballot
from wijkagenda.voting.models import Channel, CodeState, VotingCode, VotingRound

OWN_TABLES = {table.name for metadata in METADATAS for table in metadata.tables.values()}


@contextmanager
def empty_database(backend: str, folder: Path) -> Iterator[Flask]:
    """An app on a database without a single table of ours."""
    if backend == "postgis":
        url = with_driver(new_database(f"history_{folder.name.replace('-', '_')[:30]}"))
    else:
        url = f"sqlite+pysqlite:///{folder / 'history.sqlite'}"
    app = create_app(settings_for(url))
    init_migrations(app)
    with app.app_context():
        try:
            yield app
        finally:
            db.session.remove()
            db.engine.dispose()


def history() -> Config:
    return current_app.extensions["migrate"].migrate.get_config()


def present_tables() -> set[str]:
    with db.engine.connect() as connection:
        return OWN_TABLES & set(sa.inspect(connection).get_table_names())


def put_rows() -> None:
    """Rows with a boundary, a point, a date, a moment, an enum, a foreign key across metadatas and JSON."""
    with unit_of_work():
        session: Session = db.session()
        neighbourhood = make_neighbourhood(session, district=make_city_district(session))
        make_place(session, neighbourhood)
        make_round(session, neighbourhood)
        member = add_staff_member(actor=SYSTEM, now=NOW, email="proef@markerstad.example", name="Proef Persoon")
        grant_role(actor=SYSTEM, now=NOW, member=member, role=Role.AREA_TEAM, area_id=neighbourhood.area_id)


def count_rows() -> int:
    tables = [table for metadata in METADATAS for table in metadata.sorted_tables]
    return sum(db.session.scalar(sa.select(sa.func.count()).select_from(table)) or 0 for table in tables)


@pytest.mark.parametrize("backend", ["postgis", "spatialite"])
def test_the_history_goes_up_down_and_up_with_data(backend: str, tmp_path: Path) -> None:
    with empty_database(backend, tmp_path):
        command.upgrade(history(), "head")
        assert present_tables() == OWN_TABLES
        put_rows()
        first = count_rows()
        assert first >= 14
        db.session.remove()
        command.downgrade(history(), "base")
        assert present_tables() == set()
        command.upgrade(history(), "head")
        assert present_tables() == OWN_TABLES
        assert count_rows() == 0
        put_rows()
        assert count_rows() == first


VOTE_OF_BEFORE = (
    "INSERT INTO voting_round (id, round_id, title, max_choices, opens_at, closes_at, result_on, paper_place, lot_seed, state)"
    " SELECT 7, max(id), 'vroeger', 2, '2026-01-01 08:00', '2026-01-09 08:00', '2026-01-20', '', 'abc', :state"
    " FROM agenda_round",
    "INSERT INTO voting_option (id, voting_round_id, priority_id, position, title, summary, theme, wish_count)"
    " SELECT number, 7, id, number, title, summary, theme, 3 FROM priority",
    "INSERT INTO code_batch (id, voting_round_id, electorate, size, made, state, asked_at)"
    " VALUES (5, 7, 'residents', 4, 4, 'gone', '2026-01-01 08:00')",
    "INSERT INTO voting_code (id, voting_round_id, batch_id, electorate, serial, code_hmac, state)"
    " VALUES (1, 7, 5, 'residents', 1, 'a', 'used'), (2, 7, 5, 'residents', 2, 'b', 'voided')",
    "INSERT INTO ballot (id, voting_round_id, electorate, choices) VALUES ('x1', 7, 'residents', '[1, 2]')",
    "INSERT INTO tally (id, voting_round_id, counted_at, counted_by_id, codes_issued, codes_voided, codes_used, ballots,"
    " business_codes, business_voided, business_ballots)"
    " SELECT 3, 7, '2026-01-12 08:00', max(id), 2, 1, 1, 1, 0, 0, 0 FROM staff_member",
    "INSERT INTO tally_line (id, tally_id, option_id, rank, votes, tied)"
    " SELECT id, 3, id, id, CASE WHEN id < 4 THEN 1 ELSE 0 END, 1 = 0 FROM voting_option",
)
"""A vote as the first version kept it."""


def put_vote_of_before(state: str) -> None:
    put_rows()
    with unit_of_work() as session:
        make_priorities(session, session.scalars(sa.select(AgendaRound)).one(), NOW)
        for statement in VOTE_OF_BEFORE:
            session.execute(sa.text(statement), {"state": state} if ":state" in statement else {})


@pytest.mark.parametrize("backend", ["postgis", "spatialite"])
def test_a_vote_of_before_ballots_were_sealed_is_kept_whole(backend: str, tmp_path: Path) -> None:
    with empty_database(backend, tmp_path):
        command.upgrade(history(), "0001")
        put_vote_of_before("counted")
        db.session.remove()
        command.upgrade(history(), "head")
        vote = db.session.scalars(sa.select(VotingRound)).one()
        assert (vote.seats, vote.budget, vote.before_sealing, vote.rehearsal) == (2, None, True, False)
        assert len(vote.options) == 4
        assert vote.tally is not None
        assert [line.elected for line in vote.tally.lines] == [True, True, False, False]
        codes = db.session.scalars(sa.select(VotingCode).order_by(VotingCode.id)).all()
        assert [(code.state, code.channel) for code in codes] == [
            (CodeState.USED, Channel.ONLINE),
            (CodeState.VOIDED, None),
        ]
        assert db.session.scalars(sa.select(Ballot.choices)).one() == [1, 2]
        db.session.remove()
        command.downgrade(history(), "0001")
        assert db.session.scalar(sa.text("SELECT count(*) FROM tally_line")) == 4
        assert db.session.scalar(sa.text("SELECT count(*) FROM voting_option")) == 4


@pytest.mark.parametrize("backend", ["postgis", "spatialite"])
def test_an_open_vote_of_before_is_counted_before_the_upgrade(backend: str, tmp_path: Path) -> None:
    with empty_database(backend, tmp_path):
        command.upgrade(history(), "0001")
        put_vote_of_before("open")
        db.session.remove()
        with pytest.raises(CommandError, match="nog een stemming open"):
            command.upgrade(history(), "head")
        assert db.session.scalar(sa.text("SELECT state FROM voting_round")) == "open"


def test_the_newest_version_has_no_drift_from_the_models(tmp_path: Path) -> None:
    """Comparing works on PostGIS only: in SpatiaLite the tables of the extension get in between."""
    with empty_database("postgis", tmp_path):
        command.upgrade(history(), "head")
        command.check(history())


def test_every_module_with_tables_is_in_the_history() -> None:
    """A table that nobody imports would silently be missing."""
    written = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts) for path in files("wijkagenda", ending="models.py")
    }
    assert {module.__name__ for module in SLICES} == written
