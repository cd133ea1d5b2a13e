"""The console command `wijkagenda`: recounting at once, everything else with the application.

A recount needs no settings and no database, so nothing of the application is loaded for it.
"""

import sys
from importlib import import_module

from wijkagenda.voting.counting import recount

RECOUNT = ["voting", "recount"]


def main() -> None:
    """What the installed command runs."""
    if sys.argv[1:3] == RECOUNT:
        sys.exit(recount.main(sys.argv[3:], name="wijkagenda voting recount"))
    import_module("wijkagenda.cli").main()
