"""Markerstad as the ground for every bad input: shared, because no bad input may change anything."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask

from tests.addresses import furnish
from tests.bad_inputs.fingerprint import Fingerprint, fingerprint
from tests.bad_inputs.props import Props, make_props
from tests.bad_inputs.strangers import hire_strangers
from tests.live import installation
from tests.page_client import PageClient
from wijkagenda.db import db, unit_of_work


@pytest.fixture(scope="session")
def _markerstad(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Flask, Props]]:
    folder = tmp_path_factory.mktemp("bad_inputs")
    with installation("bad_inputs", folder=folder, markerstad=True, RATE_LIMITS_OFF="1") as ground:
        with ground.app.app_context(), unit_of_work():
            furnish(datetime.now(UTC))
            props = make_props(ground.app.config["SETTINGS"])
            hire_strangers(datetime.now(UTC))
        yield ground.app, props


@pytest.fixture
def city(_markerstad: tuple[Flask, Props]) -> Iterator[Flask]:
    """The application on Markerstad; after the test not one row may be another one."""
    app, _props = _markerstad
    with app.app_context():
        before = _known.get(app) or fingerprint(db.session())
        yield app
        db.session.rollback()
        after = fingerprint(db.session())
        db.session.rollback()
        _known[app] = after
        assert after == before, f"a bad input changed: {sorted(set(after.items()) ^ set(before.items()))}"


_known: dict[Flask, Fingerprint] = {}


@pytest.fixture
def props(_markerstad: tuple[Flask, Props]) -> Props:
    return _markerstad[1]


@pytest.fixture
def visitor(city: Flask) -> PageClient:
    """A browser without script, signed out, that knows nothing yet."""
    return PageClient(city)
