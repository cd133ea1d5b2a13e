"""`make oracles`: our counting beside that of others, in an environment of its own under var/oracles.

pabutools, abcvoting and pabulib-checker are heavy and partly GPL: the platform never imports them.
"""

import hashlib
import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "var" / "oracles"
LOCK = ROOT / "requirements-oracles.txt"


def python_of_the_oracles() -> Path:
    """The Python of that environment, made when the lock changed."""
    python, stamp = FOLDER / "bin" / "python", FOLDER / "stamp"
    wanted = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    if not (stamp.exists() and stamp.read_text() == wanted):
        print("oracles: installing what we compare with", flush=True)
        venv.create(FOLDER, with_pip=True, clear=True)
        install = ["-m", "pip", "--disable-pip-version-check", "-qq", "install", "--require-hashes", "-r", LOCK]
        subprocess.run([python, *install], check=True)
        stamp.write_text(wanted)
    return python


def main() -> int:
    python = python_of_the_oracles()
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [python, "-m", "scripts.oracle_checks", *sys.argv[1:]]
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
