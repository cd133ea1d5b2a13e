"""What README and docs name is there: paths, links, make targets, commands."""

import os
import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from tests.house.sources import ROOT, name_of
from wijkagenda.cli import main
from wijkagenda.config import Settings
from wijkagenda.site.acts import ACTS

DOCUMENTS = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", ".env.example")),
    *sorted((ROOT / "docs").rglob("*.md")),
]
BEGINNINGS = ("wijkagenda/", "geo/", "surveys/", "templates/", "tests/", "scripts/", "docs/", "migrations/", ".ci/")


def code_in(document: Path) -> Iterator[str]:
    """Everything between backticks, and every line of a code block."""
    text = document.read_text()
    blocks = re.findall(r"^```\w*\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    yield from (line for block in blocks for line in block.splitlines())
    yield from re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE))


def pieces() -> list[tuple[str, str]]:
    return [(name_of(document), piece) for document in DOCUMENTS for piece in code_in(document)]


def is_there(path: str) -> bool:
    """A file or folder, or a name inside a module: `geo/crs.py`, `wishes/operations.submit_wish`."""
    for base in (ROOT, ROOT / "wijkagenda"):
        if (base / path).exists():
            return True
        module, _, name = path.rpartition(".")
        file = base / f"{module}.py"
        if file.exists() and re.search(rf"^(def|class) {name}\b", file.read_text(), re.MULTILINE):
            return True
    return False


def test_every_path_that_a_document_names_is_there() -> None:
    slices = tuple(f"{folder.name}/" for folder in (ROOT / "wijkagenda").iterdir() if folder.is_dir())
    named = {
        (document, word)
        for document, piece in pieces()
        for word in re.findall(r"[\w./-]+/[\w./-]*", piece)
        if word.startswith((*BEGINNINGS, *slices))
    }
    assert len(named) > 20
    assert sorted((document, word) for document, word in named if not is_there(word.rstrip("./"))) == []


def dotted_names(text: str) -> Iterator[str]:
    """`voting.result.queries.what_shows`: what begins with the name of a slice or of a room of it."""
    yield from re.findall(r"`((?:[a-z_]+\.)+[a-z_]+)(?:\([^`]*\))?`", text)


def modules_by_name() -> dict[str, list[Path]]:
    """Every module and package of the product under each of its endings: `result.queries`, `voting.result.queries`."""
    found: dict[str, list[Path]] = {}
    for file in (
        *(ROOT / "wijkagenda").rglob("*.py"),
        *(ROOT / "geo").rglob("*.py"),
        *(ROOT / "surveys").rglob("*.py"),
    ):
        parts = file.relative_to(ROOT).with_suffix("").parts
        parts = parts[:-1] if parts[-1] == "__init__" else parts
        for start in range(len(parts)):
            found.setdefault(".".join(parts[start:]), []).append(file)
    return found


def test_every_module_that_a_document_or_a_docstring_names_is_there() -> None:
    """A name with dots that begins with a package of ours leads to something; moving a room moves its name.

    Names of acts in the audit trail look alike and are no modules.
    """
    modules = modules_by_name()
    texts = {name_of(document): document.read_text() for document in DOCUMENTS}
    texts |= {name_of(file): file.read_text() for file in (ROOT / "wijkagenda").rglob("*.py")}
    packages = {name for name, files in modules.items() if any(file.name == "__init__.py" for file in files)}
    named, wrong = 0, []
    for where, text in texts.items():
        for name in dotted_names(text):
            if name.partition(".")[0] not in packages:
                continue
            named += 1
            if name in modules or name in ACTS:
                continue
            module, _, last = name.rpartition(".")
            texts_of_module = [file.read_text() for file in modules.get(module, [])]
            if not any(
                re.search(rf"^(?:def |class |    \"?|from .* import .*\b)?{last}\b", inside, re.MULTILINE)
                for inside in texts_of_module
            ):
                wrong.append(f"{where}: {name}")
    assert named > 15
    assert sorted(set(wrong)) == []


def test_every_link_in_a_document_leads_somewhere() -> None:
    wrong = []
    for document in DOCUMENTS:
        for target in re.findall(r"\]\(([^)#]+)[^)]*\)", document.read_text()):
            if "://" not in target and not (document.parent / target).exists():
                wrong.append(f"{name_of(document)}: {target}")
    assert wrong == []


def test_every_make_target_that_a_document_names_is_there() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {(document, word) for document, piece in pieces() for word in re.findall(r"\bmake ([a-z-]+)", piece)}
    assert {"run", "test", "setup"} <= {word for _, word in named}
    assert sorted((document, word) for document, word in named if word not in targets) == []


def commands_in(piece: str) -> Iterator[list[str]]:
    for found in re.findall(r"(?:^|[ /])wijkagenda ([a-z].*)", piece.split("  #")[0]):
        yield shlex.split(found)


def misfit(words: list[str]) -> str | None:
    """What is wrong with a command of ours, read as the console reads it; nothing is done."""
    command: click.Command = main
    context = click.Context(main, info_name="wijkagenda")
    while isinstance(command, click.Group):
        if not words or words[0] not in command.commands:
            # A group alone, such as `wijkagenda demo …`, is a fine thing to name.
            return f"no such command: {words[0]}" if words and words[0] not in {"…", "&&"} else None
        command = command.commands[words[0]]
        words = words[1:]
        context = click.Context(command, parent=context, info_name=command.name)
    if "--help" in words or not words:
        return None
    try:
        command.parse_args(context, [*words])
    except click.UsageError as error:
        return error.format_message()
    return None


def test_every_command_that_a_document_names_is_understood() -> None:
    named = [
        (document, words)
        for document, piece in [
            *pieces(),
            *(("Procfile", line) for line in (ROOT / "Procfile").read_text().splitlines()),
        ]
        if not piece.startswith(("git ", "createdb", "pg_", "cp "))
        for words in commands_in(piece)
    ]
    assert len(named) > 6
    assert [(document, words, wrong) for document, words in named if (wrong := misfit(words))] == []


@pytest.mark.parametrize("wrong", [["nonsense"], ["areas", "nonsense"], ["staff", "add", "--nonsense", "a", "b"]])
def test_the_judge_of_commands_sees_what_is_wrong(wrong: list[str]) -> None:
    assert misfit(wrong)


def test_the_settings_of_the_example_can_be_used_once_filled_in() -> None:
    """Read as docs/running.md says: by a shell."""
    read = "set -eua && . ./.env.example && exec env --null"
    done = subprocess.run(["/bin/sh", "-c", read], cwd=ROOT, env={"PATH": os.defpath}, capture_output=True, text=True)
    assert done.stderr == ""
    given = dict(line.split("=", 1) for line in done.stdout.split("\0") if line)
    settings = Settings.from_environment(given | {"SECRET_KEY": "k" * 40})
    assert (settings.trusted_proxies, settings.municipality_phone) == (1, "14 0300")


def test_the_address_of_the_repository_is_plainly_invented() -> None:
    (url,) = re.findall(r"^url: (\S+)", (ROOT / "publiccode.yml").read_text(), re.MULTILINE)
    assert url.split("/")[2].endswith(".example")
