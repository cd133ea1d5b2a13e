"""One bad input on a page: where, what is typed, by whom, and what must come back."""

from dataclasses import dataclass, field
from typing import Any

from bs4 import Tag

from tests.bad_inputs.props import Props, staff_named
from tests.page_client import Page, PageClient

# How a form moves on, not what somebody typed.
NOT_TYPED = {"csrf_token", "go", "step", "stap", "ga", "slip", "submission_key", "sleutel", "vragenlijst", "order"}


@dataclass(frozen=True)
class BadForm:
    """`typed` goes over the form that stands at `path`, and is sent to `to` (its own address if None).

    Values that begin with @ are looked up in the props. `who` names a member of staff. `lost` are
    fields whose value cannot come back, because it is no choice of the form.
    """

    what: str
    path: str
    typed: dict[str, Any]
    words: str
    status: int = 422
    who: str | None = None
    to: str | None = None
    lost: tuple[str, ...] = field(default=())


def send(case: BadForm, visitor: PageClient, props: Props) -> tuple[Page, dict[str, Any]]:
    """Open the page, type, send; the answer and what was typed."""
    if case.who is not None:
        visitor.sign_in(staff_named(case.who))
    typed = {name: filled_in(value, props) for name, value in case.typed.items()}
    path = filled_in(case.path, props)
    page = visitor.get(path)
    forms = page.soup.select("main form")
    index = max(range(len(forms)), key=lambda i: _overlap(forms[i], typed, case.to and filled_in(case.to, props)))
    action = filled_in(case.to, props) if case.to else str(forms[index].get("action") or path)
    return visitor.post(action, page.form_data(index) | typed, status=None), typed


def filled_in(value: Any, props: Props) -> Any:
    """With every @name replaced by what it stands for."""
    if isinstance(value, list):
        return [filled_in(one, props) for one in value]
    if isinstance(value, str):
        for name in sorted(props, key=len, reverse=True):
            value = value.replace(name, props[name])
    return value


def _overlap(form: Tag, typed: dict[str, Any], to: str | None) -> tuple[bool, int]:
    names = {str(each.get("name")) for each in form.find_all(["input", "textarea", "select"])}
    return bool(to and form.get("action") == to), len(names & set(typed))


def still_there(page: Page, typed: dict[str, Any], lost: tuple[str, ...]) -> list[str]:
    """Names of what was typed and is not on the page any more."""
    shown: dict[str, list[str]] = {}
    for index in range(len(page.soup.select("main form"))):
        for name, value in page.form_data(index).items():
            shown.setdefault(name, []).extend(value if isinstance(value, list) else [value])
    missing = []
    for name, value in typed.items():
        if name in NOT_TYPED or name in lost:
            continue
        for one in value if isinstance(value, list) else [value]:
            kept = _folded(one)
            if kept and kept not in map(_folded, shown.get(name, [])):
                missing.append(name)
    return missing


def _folded(text: str) -> str:
    """Without what no form keeps: NUL, the kind of line end, white space around it."""
    return " ".join(text.replace("\x00", "").split())
