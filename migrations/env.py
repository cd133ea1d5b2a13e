"""Alembic environment: three metadatas, two databases, one history."""

from typing import Any

import sqlalchemy as sa
from alembic import context
from flask import current_app
from geoalchemy2 import alembic_helpers

from wijkagenda.db import UTCDateTime
from wijkagenda.migrate import METADATAS

OWN_TABLES = {table.name for metadata in METADATAS for table in metadata.tables.values()}


def make_spatial(connection: sa.Connection) -> None:
    """Prepare an empty database for geometry; does nothing the second time."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("CREATE EXTENSION IF NOT EXISTS postgis"))
    elif not sa.inspect(connection).has_table("spatial_ref_sys"):
        # 0: we are inside a transaction already. The full table of reference systems costs 6.6 MB; these two are all we store and show.
        connection.execute(sa.text("SELECT InitSpatialMetaData(0, 'NONE')"))
        for srid in (28992, 4326):
            connection.execute(sa.text(f"SELECT InsertEpsgSrid({srid})"))


def include_object(thing: Any, name: str | None, kind: str, reflected: bool, compare_to: Any) -> bool:
    """Compare our own tables only: PostGIS and SpatiaLite bring tables of theirs."""
    if kind == "table" and name not in OWN_TABLES:
        return False
    return alembic_helpers.include_object(thing, name, kind, reflected, compare_to)


def render_item(kind: str, thing: Any, autogen_context: Any) -> str | bool:
    """Write our own column type as what it is in the database."""
    if kind == "type" and isinstance(thing, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    return alembic_helpers.render_item(kind, thing, autogen_context)


def check_references(connection: sa.Connection) -> None:
    """On SQLite nobody watched the references while tables changed: look now, before the commit."""
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise RuntimeError(f"the migration broke references: {broken[:5]}")


def run() -> None:
    engine = current_app.extensions["migrate"].db.engine
    with engine.connect() as connection:
        make_spatial(connection)
        connection.commit()
        if connection.dialect.name == "sqlite":
            # A table that is written anew is dropped for a moment: its children must not go with it. Outside a
            # transaction, or it does nothing.
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")
        context.configure(
            connection=connection,
            target_metadata=METADATAS,
            include_object=include_object,
            process_revision_directives=alembic_helpers.writer,
            render_item=render_item,
            **current_app.extensions["migrate"].configure_args,
        )
        with context.begin_transaction():
            context.run_migrations()
            check_references(connection)
        if connection.dialect.name == "sqlite":
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=ON")


run()
