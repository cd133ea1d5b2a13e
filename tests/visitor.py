"""A visitor who speaks HTTP with a running platform: no browser, but real requests, one address each."""

from typing import Any

import requests

from tests.page_client import Page


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

    def beside(self, address: str) -> "Visitor":
        """Somebody else with the same cookies, so that a form of the one can be sent by the other."""
        other = Visitor(self.url, address)
        other.http.cookies.update(self.http.cookies)
        return other

    def get(self, path: str) -> Page:
        return _read(self.http.get(self.url + path, timeout=60, allow_redirects=False))

    def post(self, path: str, data: dict[str, Any]) -> Page:
        return _read(self.http.post(self.url + path, data=data, timeout=60, allow_redirects=False))


def _read(response: requests.Response) -> Page:
    return Page(_Answer(response))  # type: ignore[arg-type]
