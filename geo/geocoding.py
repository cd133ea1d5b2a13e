"""From what somebody types (street, address, square) to a place. Asked by the server only.

Off unless configured: the platform works without it, by map, list and postcode table. What people
type is never logged and goes to the address service without anything that says who asks.
"""

import json
import re
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from typing import Any, Protocol

import shapely

from geo.crs import in_the_netherlands
from geo.errors import GeocodingUnavailable

PDOK_URL = "https://api.pdok.nl/bzk/locatieserver/search/v3_1/free"
TIMEOUT_SECONDS = 4.0
LONGEST_QUESTION = 120
LARGEST_ANSWER = 1_000_000

_POINT = re.compile(r"POINT\(([-\d.]+) ([-\d.]+)\)")


@dataclass(frozen=True)
class FoundPlace:
    """A place that was found: how to name it, and its point in RD New."""

    label: str
    point: shapely.Point


class Geocoder(Protocol):
    """Finds places by what somebody typed."""

    def find(self, text: str, *, municipality: str | None = None, limit: int = 5) -> list[FoundPlace]:
        """The best places first; [] if there is none. Raises GeocodingUnavailable."""
        ...


class NullGeocoder:
    """Finds nothing, and asks nobody."""

    def find(self, text: str, *, municipality: str | None = None, limit: int = 5) -> list[FoundPlace]:
        return []


class PdokGeocoder:
    """The Locatieserver of PDOK, with all addresses of the Netherlands."""

    def __init__(self, url: str = PDOK_URL, timeout: float = TIMEOUT_SECONDS) -> None:
        if not url.startswith(("https://", "http://")):
            raise ValueError("the address service needs an http(s) URL")
        self._url = url
        self._timeout = timeout

    def find(self, text: str, *, municipality: str | None = None, limit: int = 5) -> list[FoundPlace]:
        question = " ".join(text.split())[:LONGEST_QUESTION]
        if not question:
            return []
        # A colon or quote would be read as a search command.
        asked: list[tuple[str, str]] = [
            ("q", re.sub(r"[^\w\s.,'-]", " ", question)),
            ("rows", str(limit)),
            ("fl", "weergavenaam,centroide_rd"),
            ("fq", "type:(adres OR weg OR postcode OR buurt OR woonplaats)"),
        ]
        if municipality:
            asked.append(("fq", 'gemeentenaam:"' + re.sub(r'["\\]', "", municipality) + '"'))
        return self._places(self._ask(asked))[:limit]

    def _ask(self, asked: list[tuple[str, str]]) -> Any:
        request = urllib.request.Request(  # noqa: S310 (the scheme was checked)
            f"{self._url}?{urllib.parse.urlencode(asked)}", headers={"Accept": "application/json"}
        )
        try:
            with urllib.request.urlopen(request, timeout=self._timeout) as answer:  # noqa: S310
                body = answer.read(LARGEST_ANSWER + 1)
            if len(body) > LARGEST_ANSWER:
                raise GeocodingUnavailable
            return json.loads(body)
        except (urllib.error.URLError, OSError, ValueError) as error:
            raise GeocodingUnavailable from error

    @staticmethod
    def _places(answer: Any) -> list[FoundPlace]:
        try:
            documents = answer["response"]["docs"]
            found = [(str(document["weergavenaam"]), _POINT.match(document["centroide_rd"])) for document in documents]
        except (KeyError, TypeError) as error:
            raise GeocodingUnavailable from error
        places = [FoundPlace(label, shapely.Point(float(m[1]), float(m[2]))) for label, m in found if m]
        return [place for place in places if in_the_netherlands(place.point)]


def geocoder_for(url: str | None) -> Geocoder:
    """The geocoder of the configuration: none without a URL."""
    return PdokGeocoder(url) if url else NullGeocoder()
