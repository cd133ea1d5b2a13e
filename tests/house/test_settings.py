"""Every setting stands in docs/running.md and in .env.example, and nothing else does."""

import ast
import re

from tests.house.sources import ROOT, tree

CONFIG = ROOT / "wijkagenda" / "config.py"
DOCUMENT = ROOT / "docs" / "running.md"
EXAMPLE = ROOT / ".env.example"


def names_read() -> set[str]:
    """What config.py asks of the environment, and what the Procfile takes from it."""
    names = set()
    for node in ast.walk(tree(CONFIG)):
        if isinstance(node, ast.Call):
            words = [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
            asks = isinstance(node.func, ast.Attribute) and ast.unparse(node.func) in {"env.get", "environ.get"}
            asks = asks or (isinstance(node.func, ast.Name) and node.func.id == "_boolean")
            names |= {word for word in words[:1] if asks and re.fullmatch(r"[A-Z][A-Z0-9_]+", str(word))}
    return names | set(re.findall(r"\$\{([A-Z_]+)", (ROOT / "Procfile").read_text()))


def test_the_reading_of_config_finds_the_settings() -> None:
    assert {"SECRET_KEY", "DATABASE_URL", "WIJKAGENDA_DEMO", "PORT"} <= names_read()


def test_every_setting_is_explained() -> None:
    explained = set(re.findall(r"^\| `([A-Z_]+)` \|", DOCUMENT.read_text(), re.MULTILINE))
    assert explained == names_read()


def test_every_setting_is_in_the_example() -> None:
    named = set(re.findall(r"^#? ?([A-Z][A-Z0-9_]+)=", EXAMPLE.read_text(), re.MULTILINE))
    assert named == names_read()
