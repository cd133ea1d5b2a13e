"""`make lock`: pin the newest versions the .in files allow, with hashes and without any address.

uv resolves for every platform at once; it lives in a temporary environment, not in the project.
"""

import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OPTIONS = ["--universal", "--python-version=3.11", "--generate-hashes", "--upgrade"]
# No index, no header, no notes: they would carry addresses and paths of this machine.
OPTIONS += ["--no-emit-index-url", "--no-emit-find-links", "--no-header", "--no-annotate", "--quiet"]


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        pip = [f"{folder}/bin/pip", "--disable-pip-version-check", "--quiet"]
        subprocess.run([*pip, "install", "uv"], check=True)
        compile_ = [f"{folder}/bin/uv", "pip", "compile", *OPTIONS]
        for name, more in (
            ("requirements", []),
            # Tests run on exactly the versions that are shipped.
            ("requirements-dev", ["--constraint", "requirements.txt"]),
            ("requirements-oracles", ["--constraint", "requirements.txt"]),
            ("requirements-node", []),
        ):
            subprocess.run([*compile_, *more, f"{name}.in", "--output-file", f"{name}.txt"], cwd=ROOT, check=True)
            text = (ROOT / f"{name}.txt").read_text()
            if "://" in text:
                print(f"{name}.txt holds an address; do not commit it", file=sys.stderr)
                return 1
            print(f"{name}.txt: {text.count('==')} packages")
    return 0


if __name__ == "__main__":
    sys.exit(main())
