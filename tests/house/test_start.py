"""What a web process loads when it starts, and what it may not hold yet: its workers are forks of it (gunicorn.conf.py)."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping

import pytest

from tests.conftest import SECRET_KEY
from tests.services import postgis_url, redis_url

FOR_CONSOLE_AND_WORKER_ONLY = {
    "alembic",
    "altair",
    "branca",
    "flask_migrate",
    "folium",
    "mako",
    "matplotlib",
    "pandas",
    "requests",
    "rq",
    "segno",
    "weasyprint",
    "xlsxwriter",
}
LOOK = """
import json, os, sys
from wijkagenda.app import create_app
create_app()
files = [os.path.realpath(f"/proc/self/fd/{name}") for name in os.listdir("/proc/self/fd")]
print(json.dumps({"modules": sorted(sys.modules), "files": files}))
"""


def started(environment: Mapping[str, str]) -> dict[str, list[str]]:
    """Modules and open files of a process that made the application and served nothing yet."""
    given = os.environ | {"SECRET_KEY": SECRET_KEY, "WIJKAGENDA_DEMO": "1"} | dict(environment)
    done = subprocess.run([sys.executable, "-c", LOOK], env=given, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def test_a_web_process_does_not_load_what_only_console_and_worker_use() -> None:
    modules = started({"DATABASE_URL": "sqlite:////tmp/never-made.sqlite"})["modules"]
    assert sorted(FOR_CONSOLE_AND_WORKER_ONLY & {name.partition(".")[0] for name in modules}) == []


@pytest.mark.parametrize("backend", ["postgis", "spatialite"])
def test_an_application_that_is_forked_holds_no_connection_yet(backend: str) -> None:
    """Two processes that share a connection garble both."""
    database = postgis_url() if backend == "postgis" else "sqlite:////tmp/never-made.sqlite"
    files = started({"DATABASE_URL": database, "REDIS_URL": redis_url()})["files"]
    assert [file for file in files if "socket:" in file or file.endswith(".sqlite")] == []
