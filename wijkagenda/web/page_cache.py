"""Public pages are made once per version of the public data, not once per visitor.

A page is kept in the process under (language, path, query, minute, data version). The version is
one row, raised in the same transaction as any change to public data (`wijkagenda.db`), so a change
shows at once; the minute bounds what only the clock changes ("Nog 6 dagen", a vote that closes).
Pages of an earlier minute or version are never asked for again, so they go when the next is kept.
Pages kept here hold no name, no token and nothing of the visitor. They are kept as they travel, zipped:
a fifth of the memory. The few who cannot read that get them unzipped.
"""

import gzip
import hashlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from threading import Lock
from typing import Any, TypeVar

from flask import current_app, make_response, request
from werkzeug.wrappers import Response

from wijkagenda.db import data_version, db
from wijkagenda.web.clock import now
from wijkagenda.web.i18n import current_language

View = TypeVar("View", bound=Callable[..., Any])
LIMIT_BYTES = 4 * 1024 * 1024
LONGEST_QUERY = 120


@dataclass(frozen=True)
class Kept:
    """One finished page, zipped."""

    zipped: bytes
    etag: str
    mimetype: str


@dataclass(frozen=True)
class Moment:
    """Until when a page is good: the next minute, or the next change to public data."""

    minute: int
    version: int


Address = tuple[str, str, bytes]
"""Language, path, query."""


class PageCache:
    """The finished pages of one moment, the oldest thrown out first."""

    def __init__(self) -> None:
        self._pages: OrderedDict[Address, Kept] = OrderedDict()
        self._moment: Moment | None = None
        self._bytes = 0
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._pages)

    def get(self, moment: Moment, address: Address) -> Kept | None:
        with self._lock:
            return self._pages.get(address) if moment == self._moment else None

    def put(self, moment: Moment, address: Address, page: Kept) -> None:
        with self._lock:
            if moment != self._moment:
                self._pages.clear()
                self._moment, self._bytes = moment, 0
            if address in self._pages:
                return
            self._pages[address] = page
            self._bytes += len(page.zipped)
            while self._bytes > LIMIT_BYTES:
                _, old = self._pages.popitem(last=False)
                self._bytes -= len(old.zipped)


def public_page(view: View) -> View:
    """Keep what `view` makes for everyone. Only for pages that are the same for every visitor."""

    @wraps(view)
    def cached(*args: Any, **kwargs: Any) -> Response:
        moment = Moment(int(now().timestamp() // 60), data_version(db.session()))
        address = (current_language(), request.path, request.query_string)
        pages = current_app.extensions.setdefault("wijkagenda.page_cache", PageCache())
        kept = pages.get(moment, address)
        if kept is None:
            response = make_response(view(*args, **kwargs))
            if response.status_code != 200:
                return response
            body = response.get_data()
            kept = Kept(
                gzip.compress(body, 6, mtime=0),
                hashlib.sha256(body).hexdigest()[:32],
                response.mimetype or "text/html",
            )
            if len(request.query_string) <= LONGEST_QUERY:
                pages.put(moment, address, kept)
        return _answer(kept)

    return cached  # type: ignore[return-value]


def _answer(kept: Kept) -> Response:
    zipped = "gzip" in request.accept_encodings
    body = kept.zipped if zipped else gzip.decompress(kept.zipped)
    response = current_app.response_class(body, mimetype=kept.mimetype)
    if zipped:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    # The browser may keep the page but asks each time whether it is still the newest.
    response.headers["Cache-Control"] = "public, no-cache"
    response.set_etag(kept.etag, weak=True)
    return response.make_conditional(request)
