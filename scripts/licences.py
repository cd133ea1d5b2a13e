"""`make licences`: docs/licences.md, what is shipped and under which licence.

Python packages from requirements.txt, npm packages that end up in the built assets (the direct
dependencies of package.json, less the tools that build). Answers 1 when a licence is unknown or
not known to go with the EUPL-1.2.
"""

import json
import re
import sys
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Permissive, or weak copyleft on a library that we use unchanged, or compatible by the EUPL's appendix.
GO_TOGETHER = (
    "MIT", "BSD", "Apache", "ISC", "PSF", "Python Software Foundation", "MPL", "Mozilla", "LGPL", "Lesser General",
    "EUPL", "Unlicense", "Zlib", "HPND", "OFL", "CC0", "0BSD", "BlueOak", "Public Domain", "zope",
)  # fmt: skip
# Read by hand where the package's own metadata does not say it in one line.
READ_BY_HAND = {
    "psycopg": "LGPL-3.0-only",
    "psycopg-binary": "LGPL-3.0-only",
    "pysqlite3-binary": "Zlib (its SQLite is in the public domain)",
    "pyogrio": "MIT (its wheel carries GDAL, GEOS and PROJ: MIT, LGPL-2.1, MIT)",
    "shapely": "BSD-3-Clause (its wheel carries GEOS: LGPL-2.1)",
}
BUILD_TOOLS = {"lightningcss", "purgecss", "esbuild"}


def python_packages() -> list[tuple[str, str, str]]:
    rows = []
    for line in (ROOT / "requirements.txt").read_text().splitlines():
        found = re.match(r"([a-z0-9._-]+)==(\S+)", line)
        if not found:
            continue
        try:
            package = distribution(found[1])
        except PackageNotFoundError:
            continue  # for another platform or Python than this one
        rows.append((found[1], package.version, READ_BY_HAND.get(found[1]) or licence_of(package.metadata)))
    return sorted(set(rows))


def licence_of(metadata: object) -> str:
    """The licence expression, else the classifiers, else the first line of the old field."""
    get = metadata.get  # type: ignore[attr-defined]
    if expression := get("License-Expression"):
        return str(expression)
    classifiers = [c for c in metadata.get_all("Classifier") or [] if c.startswith("License ::")]  # type: ignore[attr-defined]
    names = [c.split(" :: ")[-1] for c in classifiers if not c.endswith("OSI Approved")]
    if names:
        return ", ".join(names)
    return str(get("License") or "").strip().partition("\n")[0][:60]


def npm_packages() -> list[tuple[str, str, str]]:
    """Direct dependencies; each brings its own sub-packages under the same project's licence."""
    wanted = json.loads((ROOT / "package.json").read_text())
    names = {**wanted.get("dependencies", {}), **wanted.get("devDependencies", {})}
    rows = []
    for name in sorted(set(names) - BUILD_TOOLS):
        package = json.loads((ROOT / "node_modules" / name / "package.json").read_text())
        rows.append((name, package["version"], package.get("license", "")))
    return rows


def table(rows: list[tuple[str, str, str]]) -> str:
    lines = ["| Package | Version | Licence |", "|---|---|---|", *(f"| {' | '.join(row)} |" for row in rows)]
    return "\n".join(lines)


def main() -> int:
    python, npm = python_packages(), npm_packages()
    doubtful = [row for row in python + npm if not any(name.lower() in row[2].lower() for name in GO_TOGETHER)]
    text = f"""# Licences of what we ship

Wijkagenda itself is EUPL-1.2. Everything below is permissive, or copyleft for the library alone, or named as
compatible in the appendix of the EUPL. Libraries are used unchanged and installed from their own packages.
Debian packages (SpatiaLite, Redis, Pango, PostgreSQL, PostGIS) are installed beside it, not shipped.
Made by `make licences`.

## Python packages

{table(python)}

## In the built style sheet, scripts and fonts

{table(npm)}
"""
    (ROOT / "docs" / "licences.md").write_text(text)
    for name, _, licence in doubtful:
        print(f"look at {name}: {licence or 'no licence named'}", file=sys.stderr)
    print(f"docs/licences.md: {len(python)} Python and {len(npm)} npm packages, {len(doubtful)} to look at")
    return 1 if doubtful else 0


if __name__ == "__main__":
    sys.exit(main())
