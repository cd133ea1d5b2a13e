"""The scripts behind the Makefile still fit the platform: they run seldom, so they would rot unseen."""

import importlib
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from scripts.picture_pages import NOT_A_PAGE, PAGES, routes_without_a_picture
from tests.house.routes import app_of
from tests.house.sources import ROOT


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


def test_who_ends_make_run_ends_what_it_started(tmp_path: Path) -> None:
    """Whoever started it in the background knows the process of make, and no other."""
    told, program = tmp_path / "pid", tmp_path / "python"
    program.write_text(f"#!/bin/sh\necho $$ > {told}.new && mv {told}.new {told}\nexec sleep 60\n")
    program.chmod(0o755)
    make = subprocess.Popen(["make", "run", f"PYTHON={program}"], cwd=ROOT, stderr=subprocess.DEVNULL)
    try:
        assert _within_seconds(10, told.exists)
        started = int(told.read_text())
        make.terminate()
        assert _within_seconds(10, lambda: not Path(f"/proc/{started}").exists())
    finally:
        make.kill()
        make.wait()


def test_what_make_run_starts_ends_with_it_even_when_it_is_killed() -> None:
    code = """
import os, sys, time
sys.path.insert(0, "scripts")
import run
assert set(run.PROCESSES) <= set(run.commands()), run.commands()
print(run.start(["/bin/sh", "-c", "exec sleep 60"], env=dict(os.environ)).pid, flush=True)
time.sleep(60)
"""
    parent = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    started = int(parent.stdout.readline())
    parent.kill()
    parent.communicate()
    assert _within_seconds(10, lambda: not Path(f"/proc/{started}").exists())


def _within_seconds(most: float, happens: Callable[[], bool]) -> bool:
    until = time.monotonic() + most
    while not (there := happens()) and time.monotonic() < until:
        time.sleep(0.05)
    return there
