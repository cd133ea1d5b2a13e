"""Mail leaves the house once, also with two workers, a worker that dies and a server that refuses."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from redis import Redis

from tests.conftest import NOW, SECRET_KEY, migrate, settings_for, with_driver
from tests.factories.feedback import make_message
from tests.mail_server import MailServer, text_of
from tests.page_client import PageClient
from tests.services import free_port, new_database, redis_url
from wijkagenda.app import create_app
from wijkagenda.db import db, unit_of_work
from wijkagenda.feedback import operations
from wijkagenda.feedback.models import DemoMail, OutboxMessage
from wijkagenda.jobs.clock import Task, tick
from wijkagenda.jobs.post import NotDelivered, SmtpPost, as_email
from wijkagenda.jobs.queue import enqueue
from wijkagenda.jobs.work import forget_expired, send_messages, send_next
from wijkagenda.people.actors import SYSTEM
from wijkagenda.people.operations import add_staff_member

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def own_url(backend: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """A database of this test alone, where commits are real."""
    if backend == "postgis":
        name = f"jobs_{abs(hash(request.node.name))}"
        return with_driver(new_database(name, template="migrated", migrate=migrate))
    url = f"sqlite+pysqlite:///{tmp_path / 'jobs.sqlite'}"
    migrate(url)
    return url


@pytest.fixture
def mail_app(own_url: str, smtp_server: MailServer) -> Iterator[Flask]:
    """The app with a mail server and a database of its own."""
    app = create_app(settings_for(own_url, smtp_url=smtp_server.url))
    yield app
    with app.app_context():
        db.engine.dispose()


def queue(app: Flask, count: int = 1) -> None:
    with app.app_context(), unit_of_work() as session:
        for number in range(count):
            make_message(session, now=datetime.now(UTC), key=f"proef:{number}", recipient=f"mens{number}@post.example")


def unsent(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(sa.select(sa.func.count()).where(OutboxMessage.sent_at.is_(None))) or 0


def test_a_mail_says_who_sent_it_and_how_to_stop(mail_app: Flask, smtp_server: MailServer) -> None:
    queue(mail_app)
    with mail_app.app_context():
        send_messages()
    (mail,) = smtp_server.to("mens0@post.example")
    assert mail["From"] == "Wijkagenda Markerstad <wijkagenda@markerstad.example>"
    assert mail["List-Unsubscribe"] == "<http://localhost/berichten/stoppen/geheim>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert text_of(mail).strip() == "Wij hebben uw wens gelezen."
    assert unsent(mail_app) == 0


def test_two_workers_send_each_mail_once(mail_app: Flask, smtp_server: MailServer) -> None:
    queue(mail_app, 20)

    def work(_: int) -> None:
        with mail_app.app_context():
            send_messages()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(work, range(2)))
    assert sorted(mail["X-Envelope-To"] for mail in smtp_server.messages) == sorted(
        f"mens{number}@post.example" for number in range(20)
    )
    assert unsent(mail_app) == 0


def test_a_worker_that_died_before_sending_loses_nothing(mail_app: Flask, smtp_server: MailServer) -> None:
    queue(mail_app)
    now = datetime.now(UTC)
    with mail_app.app_context():
        with unit_of_work():
            operations.claim_message(now=now)
        db.session.remove()
        send_messages()
        assert smtp_server.messages == []
        later = now + operations.LEASE + timedelta(seconds=1)
        with SmtpPost(mail_app.config["SETTINGS"]) as post:
            assert send_next(post, later)
            assert not send_next(post, later + timedelta(days=1))
    assert len(smtp_server.messages) == 1


def test_a_copy_after_a_crash_has_the_same_message_id(mail_app: Flask) -> None:
    queue(mail_app)
    with mail_app.app_context():
        message = db.session.scalars(sa.select(OutboxMessage)).one()
        settings, now = mail_app.config["SETTINGS"], datetime.now(UTC)
        first = as_email(message, settings, now)
        second = as_email(message, settings, now + timedelta(hours=1))
    assert first["Message-ID"] == second["Message-ID"]
    assert first["Message-ID"].endswith("@markerstad.example>")


def test_a_server_that_refuses_is_tried_again(mail_app: Flask, smtp_server: MailServer) -> None:
    queue(mail_app)
    smtp_server.refuse_with = "451 come back later"
    with mail_app.app_context():
        send_messages()
        message = db.session.scalars(sa.select(OutboxMessage)).one()
        assert (message.attempts, message.sent_at, message.gave_up_at) == (1, None, None)
        assert message.last_error.startswith("SMTP 451")
        smtp_server.refuse_with = None
        with SmtpPost(mail_app.config["SETTINGS"]) as post:
            assert send_next(post, message.next_attempt_at)
    assert len(smtp_server.messages) == 1


def test_no_server_at_all_is_tried_again(own_url: str) -> None:
    app = create_app(settings_for(own_url, smtp_url=f"smtp://127.0.0.1:{free_port()}"))
    queue(app)
    with app.app_context():
        send_messages()
        message = db.session.scalars(sa.select(OutboxMessage)).one()
        assert (message.attempts, message.last_error) == (1, "ConnectionRefusedError")
        db.engine.dispose()


def test_the_reason_of_a_failure_holds_no_address(mail_app: Flask, smtp_server: MailServer) -> None:
    queue(mail_app)
    smtp_server.refuse_with = "550 mens0@post.example does not live here"
    with mail_app.app_context():
        message = db.session.scalars(sa.select(OutboxMessage)).one()
        with SmtpPost(mail_app.config["SETTINGS"]) as post, pytest.raises(NotDelivered) as problem:
            post.deliver(message, datetime.now(UTC))
    assert "mens0" not in problem.value.reason


def test_without_a_mail_server_the_demo_keeps_its_mail(own_url: str) -> None:
    app = create_app(settings_for(own_url))
    queue(app, 2)
    with app.app_context():
        send_messages()
        kept = db.session.scalars(sa.select(DemoMail.recipient).order_by(DemoMail.id)).all()
        assert kept == ["mens0@post.example", "mens1@post.example"]
        assert unsent(app) == 0
        forget_expired()
        db.engine.dispose()


def test_a_queue_that_is_away_leaves_mail_to_the_clock(own_url: str, smtp_server: MailServer, tmp_path: Path) -> None:
    gone = f"unix://{tmp_path / 'no-redis.sock'}"
    app = create_app(settings_for(own_url, smtp_url=smtp_server.url, redis_url=gone))
    queue(app)
    with app.app_context():
        assert not enqueue(send_messages)
        assert smtp_server.messages == []
        waiting = [Task(send_messages, 60)]
        assert tick(waiting, at=1_000.0) == 1_060.0
        assert len(smtp_server.messages) == 1
        assert tick(waiting, at=1_030.0) == 1_060.0
        db.engine.dispose()


@contextmanager
def process(command: str, environ: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    started = subprocess.Popen(
        [sys.executable, "-c", "from wijkagenda.cli import main; main()", command], cwd=ROOT, env=environ
    )
    try:
        yield started
    finally:
        started.send_signal(signal.SIGTERM)
        try:
            assert started.wait(15) in {0, -signal.SIGTERM}
        except subprocess.TimeoutExpired:
            started.kill()
            started.wait()
            raise


def test_worker_and_clock_are_processes_that_send_mail(own_url: str, smtp_server: MailServer, tmp_path: Path) -> None:
    address = redis_url()
    Redis.from_url(address).flushdb()
    app = create_app(settings_for(own_url, smtp_url=smtp_server.url, redis_url=address))
    environ = {
        "PATH": "/usr/bin:/bin",
        "SECRET_KEY": SECRET_KEY,
        "WIJKAGENDA_DEMO": "1",
        "DATABASE_URL": own_url.replace("+pysqlite", ""),
        "REDIS_URL": address,
        "SMTP_URL": smtp_server.url,
        "DATABASE_MAY_FORGET": "1",
    }
    queue(app)
    with process("worker", environ):
        with process("clock", environ):
            smtp_server.wait_for(1, seconds=40)
        # The worker goes on by itself: what is queued next comes without the clock.
        with app.app_context(), unit_of_work() as session:
            make_message(session, now=datetime.now(UTC), key="later", recipient="later@post.example")
        with app.app_context():
            assert enqueue(send_messages)
            smtp_server.wait_for(1, to="later@post.example", seconds=40)
        until = time.monotonic() + 5
        while unsent(app) and time.monotonic() < until:
            time.sleep(0.1)
    assert unsent(app) == 0
    with app.app_context():
        db.engine.dispose()


def test_a_mail_that_can_never_be_written_does_not_stop_the_others(mail_app: Flask, smtp_server: MailServer) -> None:
    """Forms refuse such an address; should one get in, no second header leaves and the queue goes on."""
    with mail_app.app_context(), unit_of_work() as session:
        bad = make_message(session, now=NOW, key="kwaad", recipient="a@b.example\nBcc: ander@post.example")
        make_message(session, now=NOW + timedelta(minutes=1), key="goed", recipient="goed@post.example")
        bad_id = bad.id
    with mail_app.app_context():
        send_messages()
        assert db.session.get_one(OutboxMessage, bad_id).gave_up_at is not None
    assert len(smtp_server.to("goed@post.example")) == 1
    assert smtp_server.to("ander@post.example") == []


def test_asking_to_sign_in_does_the_same_work_for_who_works_here_and_who_does_not(
    own_url: str, smtp_server: MailServer
) -> None:
    """What is different takes a different time, and so tells strangers who works here."""
    app = create_app(settings_for(own_url, smtp_url=smtp_server.url, redis_url=redis_url()))
    known = "werkt.hier@markerstad.example"
    with app.app_context(), unit_of_work():
        add_staff_member(actor=SYSTEM, now=NOW, email=known, name="Werkt Hier")
    done: dict[str, list[str]] = {}
    with app.app_context():
        for email in (known, "niemand.van.ons@post.example"):
            statements = done[email] = []
            browser = PageClient(app)
            form = browser.get("/werkplek/aanmelden").form_data()

            def note(_c: Any, _cursor: Any, statement: str, *_: Any, to: list[str] = statements) -> None:
                to.append(statement)

            sa.event.listen(db.engine, "before_cursor_execute", note)
            browser.post("/werkplek/aanmelden?verder=/werkplek/berichten", form | {"email": email})
            sa.event.remove(db.engine, "before_cursor_execute", note)
        assert done[known] == done["niemand.van.ons@post.example"] != []
        send_messages()
        assert [message.recipient for message in db.session.scalars(sa.select(OutboxMessage))] == [""]
        db.engine.dispose()
    (mail,) = smtp_server.to(known)
    assert "?verder=%2Fwerkplek%2Fberichten" in text_of(mail)
    assert smtp_server.to("niemand.van.ons@post.example") == []
