"""The two ceilings: what bare Flask does on the same gunicorn and the same PostgreSQL.

The page ceiling renders a 32 KB Jinja template without a database. The vote ceiling inserts one row
through the SQLAlchemy ORM and commits it, with nothing checked at all.
"""

import os
import secrets

import sqlalchemy as sa
from flask import Flask, render_template, request
from jinja2 import DictLoader
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

PAGE_BYTES = 32 * 1024
ROW = (
    "<tr><td>{{ row.number }}</td><td><a href='/{{ row.number }}'>{{ row.title }}</a></td><td>{{ row.theme }}</td></tr>"
)
PAGE = f"""<!doctype html><html lang="nl"><head><meta charset="utf-8"><title>{{{{ title }}}}</title></head>
<body><h1>{{{{ title }}}}</h1><table>{{% for row in rows %}}{ROW}{{% endfor %}}</table></body></html>"""


class Base(DeclarativeBase):
    """Only for the vote ceiling."""


class BareVote(Base):
    """One row per vote, as small as it can be."""

    __tablename__ = "bare_vote"
    id: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    choices: Mapped[list[int]] = mapped_column(sa.JSON)


def page_app() -> Flask:
    """GET / renders 32 KB."""
    app = Flask("page_ceiling")
    app.jinja_loader = DictLoader({"page.html": PAGE})
    rows = [
        {"number": n, "title": f"Een punt op de lijst, nummer {n}", "theme": "straat en groen"} for n in range(1, 600)
    ]
    with app.app_context():
        while len(render_template("page.html", title="Lijst", rows=rows)) > PAGE_BYTES:
            rows.pop()

    @app.get("/")
    def page() -> str:
        return render_template("page.html", title="Lijst", rows=rows)

    return app


def vote_app() -> Flask:
    """POST / stores the choices of a form; GET / says that it listens."""
    app = Flask("vote_ceiling")
    engine = _engine(os.environ["DATABASE_URL"])

    @app.get("/")
    def ready() -> str:
        return "ready"

    @app.post("/")
    def vote() -> str:
        choices = [int(value) for value in request.form.getlist("choices")]
        with Session(engine) as session:
            session.add(BareVote(id=secrets.token_hex(16), choices=choices))
            session.commit()
        return "stored"

    return app


def make_table(database_url: str) -> None:
    """The table of the vote ceiling, in the database that is measured."""
    Base.metadata.create_all(_engine(database_url))


def _engine(database_url: str) -> sa.Engine:
    return sa.create_engine(database_url.replace("postgresql://", "postgresql+psycopg://"))
