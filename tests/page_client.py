"""A browser without script for tests. It fails on what no page of ours may be.

Every page: one h1, a title that begins with it, a language, no inline script or style, no other
hosts. Every request: nothing changed in the database that was not committed.
"""

import contextvars
import re
from typing import Any

from bs4 import BeautifulSoup, Tag
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from wijkagenda.db import db
from wijkagenda.people.models import StaffMember


class Page:
    """An answer, read."""

    def __init__(self, response: TestResponse) -> None:
        self.response = response
        self.status = response.status_code
        self.text = response.get_data().decode(errors="replace")
        self.soup = BeautifulSoup(self.text, "html.parser")

    @property
    def location(self) -> str:
        return self.response.headers["Location"]

    @property
    def h1(self) -> str:
        return words(self.soup.h1) if self.soup.h1 else ""

    @property
    def words(self) -> str:
        """All text a visitor reads, white space folded."""
        return words(self.soup)

    @property
    def errors(self) -> list[str]:
        """The lines of the error summary."""
        summary = self.soup.find(attrs={"data-errors": True})
        return [words(item) for item in summary.find_all("li")] if isinstance(summary, Tag) else []

    def form_data(self, index: int = 0, *, selector: str = "main form") -> dict[str, Any]:
        """What a browser would send for the form as it stands, hidden fields and token included."""
        form = self.soup.select(selector)[index]
        data: dict[str, Any] = {}
        for field in form.find_all(["input", "textarea", "select"]):
            name, kind = field.get("name"), field.get("type", "text")
            if not name or kind in {"submit", "button", "file"}:
                continue
            if kind in {"checkbox", "radio"}:
                if field.has_attr("checked"):
                    data.setdefault(name, []).append(field.get("value", "on"))
            elif field.name == "textarea":
                data[name] = re.sub(r"^\r?\n", "", field.text)
            elif field.name == "select":
                chosen = field.find("option", selected=True) or field.find("option")
                data[name] = chosen.get("value", chosen.text) if chosen else ""
            else:
                earlier = data.get(name)
                value = field.get("value", "")
                data[name] = (
                    value if earlier is None else [*(earlier if isinstance(earlier, list) else [earlier]), value]
                )
        return data


def words(tag: Tag | BeautifulSoup) -> str:
    return re.sub(r"\s+", " ", tag.get_text(" ")).strip()


class PageClient:
    """Get and post like a browser. `page.form_data()` fills a form; `follow` goes where it leads."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.browser: FlaskClient = app.test_client()
        self.uncommitted: list[str] = []

    def get(self, path: str, *, status: int = 200, **options: Any) -> Page:
        return self._open(path, "GET", status, **options)

    def post(self, path: str, data: dict[str, Any] | None = None, *, status: int = 302, **options: Any) -> Page:
        return self._open(path, "POST", status, data=data or {}, **options)

    def submit(
        self,
        path: str,
        changes: dict[str, Any] | None = None,
        *,
        status: int = 302,
        index: int = 0,
        selector: str = "main form",
        to: str | None = None,
    ) -> Page:
        """Open `path`, fill the form that stands there with `changes`, and send it."""
        page = self.get(path)
        form = page.soup.select(selector)[index]
        action = to or form.get("action") or path
        return self.post(str(action), page.form_data(index, selector=selector) | (changes or {}), status=status)

    def follow(self, page: Page, *, status: int = 200) -> Page:
        return self.get(page.location.replace("http://localhost", ""), status=status)

    def sign_in(self, member: StaffMember) -> "PageClient":
        with self.browser.session_transaction() as cookie:
            cookie["_user_id"] = str(member.id)
            cookie["_fresh"] = True
        return self

    def sign_out(self) -> "PageClient":
        with self.browser.session_transaction() as cookie:
            cookie.clear()
        return self

    def _open(self, path: str, method: str, status: int | None, **options: Any) -> Page:
        db.session.commit()
        db.session.expire_all()
        flushed: set[int] = set()

        def note(session: Session, *_args: object) -> None:
            flushed.add(id(session))

        def forget(session: Session, *_args: object) -> None:
            flushed.discard(id(session))

        event.listen(Session, "after_flush", note)
        event.listen(Session, "after_commit", forget)
        event.listen(Session, "after_rollback", forget)
        try:
            # A context of its own, so that the request makes its own session and its own `g`.
            response = contextvars.Context().run(self.browser.open, path, method=method, **options)
        finally:
            event.remove(Session, "after_flush", note)
            event.remove(Session, "after_commit", forget)
            event.remove(Session, "after_rollback", forget)
        assert not flushed, f"{method} {path} changed something that was never committed"
        page = Page(response)
        assert status is None or page.status == status, (
            f"{method} {path} answered {page.status}, not {status}: {page.h1} {page.errors or page.words[:400]}"
        )
        if response.mimetype == "text/html" and page.status not in {301, 302, 303, 308}:
            check_page(page, path)
        return page


def check_page(page: Page, path: str) -> None:
    """What holds for every page of ours."""
    soup = page.soup
    headings = soup.find_all("h1")
    assert len(headings) == 1, f"{path}: {len(headings)} h1"
    title = words(soup.title) if soup.title else ""
    assert title.removeprefix("Fout: ").removeprefix("Error: ").startswith(page.h1), (
        f"{path}: title {title!r}, h1 {page.h1!r}"
    )
    assert soup.html and soup.html.get("lang") in {"nl", "en"}, f"{path}: no language"
    for script in soup.find_all("script"):
        assert script.get("src"), f"{path}: a script inside the page"
    assert not soup.find_all("style"), f"{path}: a style inside the page"
    assert not soup.find_all(style=True), f"{path}: a style attribute"
    for tag in soup.find_all(True):
        assert not any(name.startswith("on") for name in tag.attrs), f"{path}: an event attribute on {tag.name}"
        for name in ("src", "srcset", "poster", "data"):
            assert not str(tag.get(name, "")).startswith(("http:", "https:", "//")), (
                f"{path}: {tag.name} from another host"
            )
    ids = [tag["id"] for tag in soup.find_all(id=True)]
    assert len(ids) == len(set(ids)), f"{path}: id used twice: {[i for i in ids if ids.count(i) > 1]}"
    if page.status == 422 and soup.select("main form"):
        assert title.startswith(("Fout: ", "Error: ")), f"{path}: the title does not say that something is wrong"
