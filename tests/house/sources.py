"""The files of the house, for tests that read them."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ("wijkagenda", "geo", "surveys")


def files(*folders: str, ending: str) -> list[Path]:
    """Files under `folders` by path; nothing that was installed or built."""
    found = [path for folder in folders for path in (ROOT / folder).rglob(f"*{ending}")]
    return sorted(path for path in found if "dist" not in path.parts and "__pycache__" not in path.parts)


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), filename=name_of(path))


def names_in(path: Path) -> Iterator[tuple[str, int]]:
    """Every name that a file gives to something, with its line: modules, classes, functions, arguments, variables."""
    yield path.stem, 1
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, node.lineno
        elif isinstance(node, ast.arg):
            yield node.arg, node.lineno
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id, node.lineno
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.attr, node.lineno


def calls_in(path: Path) -> Iterator[tuple[str, ast.Call]]:
    """(last part of the name, call) of every call in a file."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call):
            function = node.func
            if isinstance(function, ast.Attribute):
                yield function.attr, node
            elif isinstance(function, ast.Name):
                yield function.id, node
