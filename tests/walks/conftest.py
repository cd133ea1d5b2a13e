"""Fixtures of the walks."""

import os
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from tests.live import Platform, running_platform
from tests.walks.people import ON_A_PHONE, Person, Way
from tests.windows import Window, WindowMaker

HOMES = count(1)


@pytest.fixture(scope="session")
def real_areas() -> Path:
    """The folder with real boundary files, where there is one."""
    folder = os.environ.get("WIJKAGENDA_TEST_DATA")
    if not folder or not (Path(folder) / "areas").is_dir():
        pytest.skip("WIJKAGENDA_TEST_DATA names no folder with real boundary files")
    return Path(folder) / "areas"


@pytest.fixture(scope="package")
def platform_of_votes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """One platform for all walks of a vote, each in a wijk of its own. It knows visitors apart, as behind its proxy."""
    with running_platform("votes", folder=tmp_path_factory.mktemp("votes"), TRUSTED_PROXIES="1") as running:
        yield running


@pytest.fixture
def person(platform_of_votes: Platform, window: WindowMaker) -> Iterator[Callable[..., Person]]:
    """Let somebody come, from an address of their own: person(way, large_text=True)."""
    people: list[Person] = []

    def come(way: Way = ON_A_PHONE, *, large_text: bool = False) -> Person:
        def open_window(*, script: bool) -> Window:
            return window(platform_of_votes, phone=way.phone, script=script, large_text=large_text)

        own = open_window(script=way.script)
        home = next(HOMES)
        own.context.set_extra_http_headers({"X-Forwarded-For": f"10.0.{home // 250}.{home % 250 + 1}"})
        people.append(Person(own, way, lambda: open_window(script=True), large_text=large_text))
        return people[-1]

    yield come
    for each in people:
        each.look_around()
    problems = [problem for each in people for problem in each.problems]
    assert not problems, "\n".join(problems)
