"""How gunicorn serves the platform; read from the folder it is started in. Address and number of workers: Procfile.

The application is made once and the workers are forks of it: what never changes (code, above all) then stands in memory
once. Nothing that two processes must not share exists by then: connections to database and Redis are made when a
worker first needs them. New code needs a restart; a reload (SIGHUP) keeps the old.
"""

import gc
from typing import Any

preload_app = True
timeout = 180
"""Seconds for one request. Opening and counting 50,000 ballots takes 12 of them on one shared core, in one transaction: what is
ended half-way is undone, so with the 30 of gunicorn itself a very large box could never be counted."""


def when_ready(server: Any) -> None:
    """Refuse a database that may lose votes, before anybody is served.

    What stands in memory now stays: the garbage collector need not visit it, which would copy it for each worker.
    """
    check = getattr(server.app.wsgi(), "extensions", {}).get("wijkagenda.check_when_starting")
    if check is not None:  # other applications are served with these settings too, to compare with
        check()
    gc.collect()
    gc.freeze()
