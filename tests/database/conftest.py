"""Database tests run on both databases."""

import pytest


@pytest.fixture(params=["postgis", "spatialite"])
def backend(request: pytest.FixtureRequest) -> str:
    return request.param
