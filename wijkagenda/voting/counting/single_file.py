"""hertellen.pyz: this package as one file that any Python 3.11 or newer runs, without installing anything.

The same source gives the same bytes on every machine: sorted, uncompressed, with one fixed moment.
"""

import io
import zipfile
from pathlib import Path

PACKAGE = Path(__file__).parent
NAME = "hertellen.pyz"
LEFT_OUT = frozenset({"single_file.py"})
MOMENT = (1980, 1, 1, 0, 0, 0)
START = """\
import sys

if sys.version_info < (3, 11):
    sys.exit("hertellen.pyz needs Python 3.11 or newer.")

from wijkagenda.voting.counting.recount import main

sys.exit(main())
"""


def single_file() -> bytes:
    """The bytes of hertellen.pyz."""
    parts = {"__main__.py": START.encode()}
    parts |= {f"{folder}/__init__.py": b"" for folder in ("wijkagenda", "wijkagenda/voting")}
    for file in PACKAGE.glob("*.py"):
        if file.name not in LEFT_OUT:
            parts[f"wijkagenda/voting/counting/{file.name}"] = file.read_bytes()
    out = io.BytesIO()
    out.write(b"#!/usr/bin/env python3\n")
    with zipfile.ZipFile(out, "a") as archive:
        for name in sorted(parts):
            entry = zipfile.ZipInfo(name, MOMENT)
            entry.external_attr = 0o644 << 16
            entry.create_system = 3
            archive.writestr(entry, parts[name])
    return out.getvalue()
