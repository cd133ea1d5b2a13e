"""A visitor who speaks HTTP with a running platform: no browser, but real requests, one address each."""

from typing import Any

import requests

from tests.page_client import Page, check_page


class _Answer:
    """What `Page` reads of an answer."""

    def __init__(self, response: requests.Response) -> None:
        self.status_code = response.status_code
        self.headers = response.headers
        self.content = response.content

    def get_data(self, as_text: bool = False) -> str | bytes:
        return self.content.decode("utf-8", "replace") if as_text else self.content


class Visitor:
    """Keeps cookies like a browser. `address` is what the platform sees behind one trusted proxy."""

    def __init__(self, url: str, address: str = "127.0.0.1") -> None:
        self.url = url
        self.http = requests.Session()
        self.http.headers["X-Forwarded-For"] = address

    def get(self, path: str) -> Page:
        return self._read(self.http.get(self.url + path, timeout=60, allow_redirects=False), path)

    def post(self, path: str, data: dict[str, Any]) -> Page:
        return self._read(self.http.post(self.url + path, data=data, timeout=60, allow_redirects=False), path)

    def follow(self, page: Page) -> Page:
        """Go where an answer leads."""
        return self.get(page.location.removeprefix(self.url))

    def _read(self, response: requests.Response, path: str) -> Page:
        page = Page(_Answer(response))  # type: ignore[arg-type]
        if response.headers.get("Content-Type", "").startswith("text/html") and page.status not in {301, 302, 303}:
            check_page(page, path)
        return page
