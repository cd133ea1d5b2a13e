"""The clock asks for each task at its own pace; one bad round does not stop it."""

import pytest
from flask import Flask

from wijkagenda.jobs.clock import Task, tasks, tick
from wijkagenda.jobs.queue import NAME, connection


def test_each_task_is_asked_for_at_its_own_pace(app: Flask) -> None:
    asked: list[str] = []
    waiting = [Task(lambda: asked.append("often"), 60), Task(lambda: asked.append("seldom"), 150)]
    at = 0.0
    while at < 300:
        at = tick(waiting, at)
    assert asked.count("often") == 5
    assert asked.count("seldom") == 2


def test_a_task_that_fails_is_asked_for_again(app: Flask) -> None:
    calls: list[int] = []

    def fails() -> None:
        calls.append(1)
        raise RuntimeError("proef")

    waiting = [Task(fails, 60)]
    assert tick(waiting, 0.0) == 60.0
    assert tick(waiting, 60.0) == 120.0
    assert len(calls) == 2


def test_mail_and_forgetting_are_among_the_tasks() -> None:
    assert {task.job.__name__ for task in tasks()} >= {"send_messages", "forget_expired"}


def test_without_redis_there_is_no_connection(app: Flask) -> None:
    with pytest.raises(RuntimeError):
        connection(app.config["SETTINGS"])
    assert NAME == "wijkagenda"
