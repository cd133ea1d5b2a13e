"""docs/glossary.md and the code use the same words."""

import ast
import re

import pytest

from tests.house.sources import PRODUCT, ROOT, files, name_of, names_in, tree
from wijkagenda.migrate import METADATAS

GLOSSARY = (ROOT / "docs" / "glossary.md").read_text()
WORDS_KEPT_OUT = "Words we keep out of the code"


def rows(heading: str) -> list[list[str]]:
    """The cells of the table under a heading, without its two heading lines."""
    part = GLOSSARY.split(f"## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in part.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def code_names(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def words_of(name: str) -> list[str]:
    """city_district_of, CityDistrict and CITY_DISTRICT are all made of words."""
    return [word.lower() for word in re.findall(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+", name)]


def known_names() -> set[str]:
    names = set()
    for path in files(*PRODUCT, ending=".py"):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.ClassDef | ast.FunctionDef):
                names.add(node.name)
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                names.add(node.id)
    return names


def test_every_word_of_the_glossary_is_in_the_code() -> None:
    named = [name for row in rows("The field") for name in code_names(row[1])]
    named += [name for row in rows("Behind the screen") for name in code_names(row[0])]
    assert len(named) > 40
    assert sorted(set(named) - known_names()) == []


def test_every_table_is_in_the_glossary() -> None:
    listed = {name for row in rows("The field") + rows("Behind the screen") for name in code_names(" ".join(row[:2]))}
    tables = {table.name for metadata in METADATAS for table in metadata.tables.values()}
    classes = {
        node.name
        for path in [*files(*PRODUCT, ending="models.py"), ROOT / "wijkagenda" / "db.py"]
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ClassDef) and any(ast.unparse(line).startswith("__tablename__") for line in node.body)
    }
    assert len(classes) >= len(tables) - 2  # geo and surveys may have a table with no class of its own
    assert sorted(classes - listed) == [], "add a row to docs/glossary.md"


@pytest.mark.parametrize("word, places", [(row[0], row[2]) for row in rows(WORDS_KEPT_OUT)])
def test_a_word_we_keep_out_is_not_in_the_code(word: str, places: str) -> None:
    forms = {word, word + "s", word.removesuffix("s")}
    allowed = tuple(code_names(places))
    found = []
    for path in files(*PRODUCT, ending=".py"):
        if allowed and name_of(path).startswith(allowed):
            continue
        for name, line in names_in(path):
            words = words_of(name)
            for before, this in zip(["", *words], words, strict=False):
                city_district = this in {"district", "districts"} and before == "city"
                if this in forms and not city_district:
                    found.append(f"{name_of(path)}:{line} {name}")
    assert sorted(set(found)) == []
