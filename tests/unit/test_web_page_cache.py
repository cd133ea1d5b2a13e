"""Finished pages: kept for one moment, within bounds."""

import random

from wijkagenda.web import page_cache
from wijkagenda.web.page_cache import Kept, Moment, PageCache

NOW, CHANGED, LATER = Moment(10, 1), Moment(10, 2), Moment(11, 1)


def page(size: int = 10) -> Kept:
    return Kept(random.Random(size).randbytes(size), "etag", "text/html")


def test_a_page_is_kept_for_its_minute_and_version_only() -> None:
    pages, address = PageCache(), ("nl", "/", b"")
    pages.put(NOW, address, page())
    assert pages.get(NOW, address) == page()
    assert pages.get(CHANGED, address) is None
    assert pages.get(LATER, address) is None


def test_pages_of_an_earlier_moment_go_when_the_next_is_kept() -> None:
    pages = PageCache()
    for number in range(50):
        pages.put(NOW, ("nl", f"/{number}", b""), page())
    pages.put(LATER, ("nl", "/", b""), page())
    assert len(pages) == 1
    assert pages.get(NOW, ("nl", "/1", b"")) is None


def test_the_oldest_pages_go_first_when_there_are_too_many_bytes() -> None:
    pages, size = PageCache(), page_cache.LIMIT_BYTES // 4
    for number in range(6):
        pages.put(NOW, ("nl", f"/{number}", b""), page(size))
    assert len(pages) == 4
    assert pages.get(NOW, ("nl", "/1", b"")) is None
    assert pages.get(NOW, ("nl", "/5", b"")) is not None
