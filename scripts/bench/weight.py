"""What a first visit costs: bytes over the line and requests, seen by a real Chromium with an empty cache."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from playwright.sync_api import Request, sync_playwright

from scripts.bench.servers import Server
from tests.services import CHROMIUM_ARGUMENTS, chromium_path


@dataclass(frozen=True)
class Weight:
    """Kilobytes (1,000 bytes) with headers, requests, and hosts that are not ours."""

    kilobytes: float
    requests: int
    other_hosts: int


def first_visit(server: Server, path: str) -> Weight:
    """Open a page and wait until nothing more is asked for."""
    asked: list[Request] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=list(CHROMIUM_ARGUMENTS))
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.on("requestfinished", lambda request: asked.append(request))
        page.goto(server.address + path, wait_until="networkidle")
        sizes = [request.sizes() for request in asked]
        browser.close()
    hosts = {urlsplit(request.url).netloc for request in asked if request.url.startswith("http")}
    total = sum(size["responseBodySize"] + size["responseHeadersSize"] for size in sizes)
    return Weight(total / 1000, len(asked), len(hosts - {"{}:{}".format(*server.host_and_port)}))
