"""Logs and failed jobs tell where something went wrong, never with what people typed."""

import logging
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from redis import Redis
from rq import Queue

from tests.conftest import migrate, settings_for, with_driver
from tests.services import postgis_url
from wijkagenda.app import create_app
from wijkagenda.db import db, unit_of_work
from wijkagenda.jobs.worker import AppWorker
from wijkagenda.people.models import StaffMember
from wijkagenda.web.access import open_to_everyone

SECRET = "geheim.adres@post.example"
NAME = "Geheime Naam"


def write_the_same_row_twice() -> None:
    """A job that PostgreSQL refuses, telling the row."""
    with unit_of_work() as session:
        for _ in range(2):
            session.execute(sa.insert(StaffMember).values(email=SECRET, name=NAME, is_active=True))


def read_a_number() -> None:
    int(SECRET)


@pytest.fixture
def real_app() -> Iterator[Flask]:
    """The app as a municipality runs it: errors become pages and log lines."""
    app = create_app(
        settings_for(
            with_driver(postgis_url(template="migrated", migrate=migrate)), testing=False, database_may_forget=True
        )
    )
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def signals() -> Iterator[None]:
    """A worker hears signals; afterwards the tests hear them again."""
    heard = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in heard.items():
        signal.signal(number, handler)


@pytest.mark.usefixtures("signals")
@pytest.mark.parametrize("job", [write_the_same_row_twice, read_a_number])
def test_a_failed_job_leaves_no_data_in_redis_or_in_the_log(
    job: Callable[[], None], real_app: Flask, redis_address: str, tmp_path: Path
) -> None:
    connection = Redis.from_url(redis_address)
    queue = Queue("traces", connection=connection)
    queued = queue.enqueue(job, failure_ttl=60)
    worker = AppWorker([queue], connection=connection)
    worker.app = real_app
    # The process that runs the job writes here too.
    written = logging.FileHandler(tmp_path / "log")
    logging.getLogger().addHandler(written)
    try:
        worker.work(burst=True, logging_level="DEBUG")
        kept = queued.latest_result()
        assert kept is not None
        logged = (tmp_path / "log").read_text()
        for text in (kept.exc_string or "", logged):
            assert job.__name__ in text
            assert SECRET not in text
            assert NAME not in text
        for key in connection.scan_iter("rq:*"):
            raw = connection.dump(key)
            assert raw is None or SECRET.encode() not in raw
    finally:
        logging.getLogger().removeHandler(written)
        written.close()
        queue.delete(delete_jobs=True)
        queued.delete()


def test_a_page_that_breaks_on_a_row_logs_no_data(real_app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    real_app.add_url_rule("/breekt", "breekt", open_to_everyone(lambda: write_the_same_row_twice()))
    with caplog.at_level(logging.DEBUG):
        answer = real_app.test_client().get("/breekt")
    assert answer.status_code == 500
    assert "write_the_same_row_twice" in caplog.text
    assert "uq_staff_member_email" in caplog.text
    assert SECRET not in caplog.text + answer.text
    assert NAME not in caplog.text + answer.text


def test_a_page_of_errors_that_breaks_itself_logs_no_data(real_app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    def breaks() -> None:
        real_app.jinja_env.globals["site"] = None
        write_the_same_row_twice()

    real_app.add_url_rule("/breekt", "breekt", open_to_everyone(breaks))
    with caplog.at_level(logging.DEBUG):
        real_app.test_client().get("/breekt")
    assert "write_the_same_row_twice" in caplog.text
    assert SECRET not in caplog.text
