"""The scripts behind the Makefile still fit the platform: they run seldom, so they would rot unseen."""

import importlib

import pytest

from scripts.picture_pages import NOT_A_PAGE, PAGES, routes_without_a_picture
from tests.house.routes import app_of


@pytest.mark.parametrize(
    "name", ["scripts.bench.__main__", "scripts.bench.ceilings", "scripts.pictures", "scripts.checks"]
)
def test_a_script_can_be_started(name: str) -> None:
    assert importlib.import_module(name)


def test_every_page_has_its_picture() -> None:
    app = app_of(demo=True)
    named = {page.endpoint for page in PAGES} | set(NOT_A_PAGE)
    assert sorted(named - set(app.view_functions)) == []
    assert routes_without_a_picture(app) == [], "add a row to scripts/picture_pages.py"
