"""How the house is built: who commits, who reads the environment, how long a file may be."""

import ast
import re
import subprocess
import sys
from pathlib import Path

from tests.house.sources import PRODUCT, ROOT, calls_in, files, name_of, tree

LONGEST_FILE = 400
SHARED_FORMS = "wijkagenda.web.forms"


def test_only_the_unit_of_work_commits() -> None:
    commits = {
        name_of(path) for path in files(*PRODUCT, ending=".py") for name, _ in calls_in(path) if name == "commit"
    }
    assert commits == {"wijkagenda/db.py"}


def test_settings_are_read_in_one_place() -> None:
    readers = {
        name_of(path)
        for path in files(*PRODUCT, ending=".py")
        if re.search(r"\bos\.(environ|getenv)|\bgetenv\(", path.read_text())
    }
    assert readers == {"wijkagenda/config.py"}


def test_no_slice_uses_the_forms_of_another() -> None:
    strangers = []
    for path in files("wijkagenda", ending=".py"):
        own = ".".join(path.relative_to(ROOT).parts[:-1])
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.ImportFrom) and node.module:
                imported = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
                strangers += [
                    f"{name_of(path)}:{node.lineno} {module}"
                    for module in imported
                    if re.fullmatch(r"wijkagenda\.\w+\.forms", module) and module not in {f"{own}.forms", SHARED_FORMS}
                ]
    assert strangers == []


def test_a_file_can_be_read_in_one_sitting() -> None:
    written = [
        *files(*PRODUCT, "tests", "scripts", ending=".py"),
        *files("templates", ending=".html"),
        *files("wijkagenda/static", ending=".css"),
        *files("wijkagenda/static", ending=".js"),
        *files("scripts", ending=".mjs"),
    ]
    too_long = {name_of(path): _lines(path) for path in written if _lines(path) > LONGEST_FILE}
    assert too_long == {}, "split these by what they are about"


def _lines(path: Path) -> int:
    return path.read_text().count("\n")


def test_operations_take_what_they_need_by_name() -> None:
    """Whatever an actor does: keywords only, so that no call reads as a row of riddles."""
    wrong = []
    for path in files("wijkagenda", ending="operations.py"):
        for node in tree(path).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                positional = [argument.arg for argument in [*node.args.posonlyargs, *node.args.args]]
                acts = {"actor", "now"} & {argument.arg for argument in node.args.kwonlyargs} or "actor" in positional
                if positional and acts:
                    wrong.append(f"{name_of(path)}:{node.lineno} {node.name}({', '.join(positional)})")
    assert wrong == []


def test_operations_send_no_mail_and_know_no_clock() -> None:
    wrong = [
        f"{name_of(path)}:{call.lineno} {name}"
        for path in files("wijkagenda", ending="operations.py")
        for name, call in calls_in(path)
        if name in {"utcnow", "today", "send_message", "sendmail"}
        or (name == "now" and isinstance(call.func, ast.Attribute))
    ]
    assert wrong == []


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        name_of(path)
        for path in files(*PRODUCT, "scripts", ending=".py")
        if path.stat().st_size and not ast.get_docstring(tree(path))
    ]
    assert silent == []


def test_reads_of_rows_end_in_an_order() -> None:
    """A public query that answers a list says in which order."""
    wrong = []
    for path in files("wijkagenda", ending="queries.py"):
        for node in tree(path).body:
            if not isinstance(node, ast.FunctionDef) or node.name.startswith("_") or node.returns is None:
                continue
            text = ast.unparse(node)
            if ast.unparse(node.returns).startswith("list[") and "select(" in text and "order_by(" not in text:
                wrong.append(f"{name_of(path)}:{node.lineno} {node.name}")
    assert wrong == []


def test_a_web_worker_loads_nothing_that_only_commands_and_jobs_need() -> None:
    """Readers of boundary files, makers of letters and charts: tens of megabytes in every worker."""
    heavy = {"pyogrio", "weasyprint", "altair", "vl_convert", "pandas", "xlsxwriter", "markdown_it"}
    loaded = subprocess.run(
        [sys.executable, "-c", "import sys, wijkagenda.app; print(*sys.modules)"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert "wijkagenda.app" in loaded
    assert sorted(heavy & set(loaded)) == []


def test_no_log_line_holds_a_whole_traceback_for_its_messages_repeat_rows() -> None:
    found = []
    for path in files(*PRODUCT, ending=".py"):
        for node in ast.walk(tree(path)):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            whole = node.func.attr == "exception" or any(word.arg == "exc_info" for word in node.keywords)
            if whole and isinstance(node.func.value, ast.Name) and node.func.value.id == "log":
                found.append(f"{name_of(path)}:{node.lineno}")
    assert found == [], "write what_happened(error) instead"
