"""Templates: no style or script inside, nothing from other hosts, no text outside gettext.

Read as source, so that also the branch is judged that no test page takes. What a finished page must
be is judged by tests/page_client.py.
"""

import re
from functools import cache
from pathlib import Path

import jinja2
import pytest
from jinja2 import nodes

from tests.house.sources import ROOT, files, name_of

PAGES = files("templates", ending=".html")
MAILS = files("templates", ending=".txt")
ENVIRONMENT = jinja2.Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do", "jinja2.ext.loopcontrols"])
GETTEXT = {"_", "gettext", "ngettext", "pgettext", "npgettext"}
WORD = re.compile(r"[^\W\d_]{2,}")
CLASS_OR_PATH = re.compile(r"^[a-z]+--?[a-z]|/|&\w+;|^#")
SHOWN_ATTRIBUTES = re.compile(r"""\s(?:title|alt|placeholder|aria-label|aria-description|label)=(["'])(.*?)\1""", re.S)
SAME_IN_EVERY_LANGUAGE = {
    "PDF", "KB", "CSV", "QR", "JSON", "GeoJSON", "EUPL", "OK", "Enter", "Esc", "Molenwijk", "Markerstad", "nl", "en",
}  # fmt: skip
"""Words that need no translation."""
PLACE_OF_SAMPLES = "gallery.html"
"""The page of building blocks shows made-up content."""


@cache
def without_code(path: Path) -> str:
    """The text of a template: every tag, expression and comment of Jinja replaced by a space of as many lines."""
    parts = []
    translated = 0
    tokens = list(ENVIRONMENT.lex(path.read_text()))
    for i, (_line, kind, value) in enumerate(tokens):
        if kind == "block_begin":
            word = next(text for _, token, text in tokens[i + 1 :] if token == "name")
            translated += {"trans": 1, "endtrans": -1}.get(word, 0)
        if kind == "data":
            parts.append(re.sub(r"[^\n]", " ", value) if translated else value)
        else:
            parts.append(" " if kind != "whitespace" and "\n" not in value else "\n" * value.count("\n"))
    return "".join(parts)


def words_outside(path: Path) -> list[str]:
    """Words a visitor reads that no gettext call carries."""
    text = re.sub(r"<!--.*?-->", " ", without_code(path), flags=re.S)
    shown = [match[2] for match in SHOWN_ATTRIBUTES.finditer(text)]
    shown.append(re.sub(r"<[^>]*>", " ", text, flags=re.S))
    return [
        word
        for part in shown
        for piece in part.split()
        if not CLASS_OR_PATH.search(piece)
        for word in WORD.findall(piece)
        if word not in SAME_IN_EVERY_LANGUAGE
    ]


def sentences_in_calls(path: Path) -> list[str]:
    """Whole sentences handed to a macro or filter without gettext around them."""
    tree = ENVIRONMENT.parse(path.read_text())
    covered = {
        id(constant)
        for call in tree.find_all(nodes.Call)
        if isinstance(call.node, nodes.Name) and call.node.name in GETTEXT
        for constant in call.find_all(nodes.Const)
    }
    return [
        constant.value
        for constant in tree.find_all(nodes.Const)
        if id(constant) not in covered
        and isinstance(constant.value, str)
        and re.match(r"^[A-ZÀ-Ý][\w'’-]+(\s|[.?!]$|$)", constant.value)
        and constant.value.strip() not in SAME_IN_EVERY_LANGUAGE
    ]


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_a_template_has_no_style_or_script_inside(path: Path) -> None:
    text = without_code(path)
    assert not re.search(r"<style|\sstyle\s*=", text), "a width that depends on data is an SVG width"
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", text)
    assert "javascript:" not in text


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_a_template_loads_nothing_from_another_host(path: Path) -> None:
    source = re.sub(r"\{#.*?#\}", "", path.read_text(), flags=re.S)
    assert not re.search(r"""(?:src|srcset|poster|data|action|background)=["']\s*(?:https?:)?//""", source)
    assert not re.search(r"""<link[^>]*href=["']\s*(?:https?:)?//""", source)


@pytest.mark.parametrize("path", [p for p in [*PAGES, *MAILS] if p.name != PLACE_OF_SAMPLES], ids=name_of)
def test_no_text_stands_outside_gettext(path: Path) -> None:
    assert words_outside(path) == []
    assert sentences_in_calls(path) == []


def test_pictures_and_styles_are_our_own() -> None:
    """No address of another host in what the browser loads by itself (licence texts and names of formats apart)."""
    wrong = [
        f"{name_of(path)}: {match}"
        for ending in (".css", ".js")
        for path in files("wijkagenda/static", ending=ending)
        for match in re.findall(
            r"(?:url\(|fetch\(|import\s|src\s*=\s*)\s*[\"']?(?:https?:)?//[^\s\"')]+", path.read_text()
        )
    ]
    assert wrong == []


def test_every_template_is_used() -> None:
    """A page that no view and no other template names is left over. (Mails are named after their news.)"""
    code = "\n".join(path.read_text() for path in [*files("wijkagenda", ending=".py"), *PAGES])

    def is_named(name: str) -> bool:
        # wishes/step_1.html may stand there as f"wishes/step_{step}.html".
        pattern = re.sub(r"\d", lambda digit: rf"({digit[0]}|\{{\w+\}})", re.escape(name))
        return re.search(pattern, code) is not None

    names = [path.relative_to(ROOT / "templates").as_posix() for path in PAGES]
    unused = [name for name in names if not is_named(name)]
    assert unused == []


def test_the_judge_of_texts_sees_what_stands_outside_gettext(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(
        "{% block main %}<p class='wa-lead'>Hallo daar</p>{{ button('Verder gaan') }}{{ _('Goed zo') }}"
        "{% trans %}Ja hoor{% endtrans %}<img alt='Een foto'>{{ chip(_('Klaar'), 'check') }}{% endblock %}"
    )
    assert words_outside(page) == ["Een", "foto", "Hallo", "daar"]
    assert sentences_in_calls(page) == ["Verder gaan"]


def test_no_page_about_voting_promises_more_secrecy_than_there_is() -> None:
    """Who runs the database could look during a vote; so a text says what we do not see, not what cannot be seen."""
    too_much = re.compile(r"niemand (kan zien|ziet) (wie|wat)|wij kunnen niet zien|staat nergens", re.IGNORECASE)
    paths = [*files("templates/voting", ending=".html"), *files("templates/site", ending=".html")]
    assert [name_of(path) for path in paths if too_much.search(path.read_text())] == []
