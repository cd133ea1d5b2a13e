"""Reads about wishes. Public reads never load an exact point, a giver or a wish that was not placed."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from wijkagenda.db import db
from wijkagenda.errors import N_, NotFound
from wijkagenda.neighbourhoods.models import Neighbourhood
from wijkagenda.plain_text import plain, plain_text
from wijkagenda.wishes.models import (
    PUBLIC_STATES,
    TEXT_LIMIT,
    Answer,
    PlaceChoice,
    Theme,
    Wish,
    WishGiver,
    WishState,
    WishStep,
    WishSupport,
)
from wijkagenda.wishes.similar import Candidate, rank_similar
from wijkagenda.wishes.wording import public_place

PAGE_SIZE = 25
SIMILAR_AMONG = 600
SHORTEST_NAME = 3
NOT_HERE = N_("Deze wens staat niet op de website.")


@dataclass(frozen=True)
class WishFilter:
    """What a visitor wants to see; None is everything. `with_place` False: those without a point."""

    theme: Theme | None = None
    state: WishState | None = None
    with_place: bool | None = None
    words: str = ""

    @property
    def is_empty(self) -> bool:
        return self == WishFilter()


@dataclass(frozen=True)
class WishRow:
    """A public wish in a list."""

    id: int
    number: int
    title: str
    theme: Theme
    state: WishState
    place_choice: PlaceChoice
    place: str
    received_at: datetime
    supporters: int = 0

    @property
    def reference(self) -> str:
        return f"W-{self.number:04d}"

    @property
    def has_point(self) -> bool:
        return self.place_choice is PlaceChoice.POINT


@dataclass(frozen=True)
class WishPage:
    """One page of a list: its rows, and how many there are in all."""

    rows: list[WishRow]
    total: int
    page: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE_SIZE))

    @property
    def first(self) -> int:
        """The place in the whole list of the first row, from 1."""
        return (self.page - 1) * PAGE_SIZE + 1


@dataclass(frozen=True)
class WishCounts:
    """How many public wishes a neighbourhood has, in all and per kind."""

    total: int = 0
    without_place: int = 0
    per_theme: dict[Theme, int] = field(default_factory=dict)
    per_state: dict[WishState, int] = field(default_factory=dict)


def number_in(reference: str) -> int:
    """148 for "W-0148", "w0148" or "148"; NotFound for anything else."""
    match = re.fullmatch(r"\s*(?:[Ww]-?\s?)?0*(\d{1,9})\s*", reference)
    if match is None:
        raise NotFound(NOT_HERE)
    return int(match[1])


def public_wish(reference: str | int) -> Wish:
    """One public wish with neighbourhood, city district and answers; NotFound when it is not public."""
    wish = _wish(reference)
    if wish is None or not wish.is_public:
        raise NotFound(NOT_HERE)
    return wish


def wish_by_reference(reference: str | int) -> Wish:
    """One wish in any state, with neighbourhood, city district and answers. Check rights after it."""
    wish = _wish(reference)
    if wish is None:
        raise NotFound(N_("Deze wens bestaat niet. Kijk of het nummer klopt."))
    return wish


def _wish(reference: str | int) -> Wish | None:
    number = reference if isinstance(reference, int) else number_in(reference)
    return db.session.scalar(
        sa.select(Wish)
        .where(Wish.number == number)
        .options(
            joinedload(Wish.neighbourhood).joinedload(Neighbourhood.city_district),
            joinedload(Wish.neighbourhood).joinedload(Neighbourhood.area),
            selectinload(Wish.answers),
        )
    )


def receipt_of(reference: str) -> tuple[Wish, Neighbourhood]:
    """For who just sent a wish: the wish in any state, of which only number and dates may be shown."""
    wish = wish_by_reference(reference)
    return wish, wish.neighbourhood


def steps_of(wish_id: int) -> list[WishStep]:
    """The dated steps of one wish, in order."""
    return list(
        db.session.scalars(sa.select(WishStep).where(WishStep.wish_id == wish_id).order_by(WishStep.at, WishStep.id))
    )


def giver_of(wish_id: int) -> WishGiver | None:
    """How to reach who gave a wish. Check policy.may_see_giver first."""
    return db.session.scalar(sa.select(WishGiver).where(WishGiver.wish_id == wish_id))


def giver_by_token(token: str) -> WishGiver | None:
    """The giver a mailed link belongs to, with the wish and its neighbourhood."""
    return db.session.scalar(
        sa.select(WishGiver)
        .where(WishGiver.token == token)
        .options(joinedload(WishGiver.wish).joinedload(Wish.neighbourhood))
    )


def filtered(neighbourhood_id: int, wanted: WishFilter) -> list[sa.ColumnElement[bool]]:
    """Conditions: public wishes of a neighbourhood that a visitor wants to see."""
    conditions: list[sa.ColumnElement[bool]] = [
        Wish.neighbourhood_id == neighbourhood_id,
        Wish.state.in_(PUBLIC_STATES if wanted.state is None else {wanted.state} & set(PUBLIC_STATES)),
    ]
    if wanted.theme is not None:
        conditions.append(Wish.theme == wanted.theme)
    if wanted.with_place is not None:
        is_point = Wish.place_choice == PlaceChoice.POINT
        conditions.append(is_point if wanted.with_place else ~is_point)
    return conditions + containing(wanted.words)


def containing(words: str, *, exact_place: bool = False) -> list[sa.ColumnElement[bool]]:
    """Conditions: every word stands in title, text or place, whatever its case and accents, or is the number of a wish.

    Residents see a place without house number and postcode (`public_place`), so they cannot find out
    either by searching; `exact_place` is for staff, who see them.
    """
    found: list[sa.ColumnElement[bool]] = []
    for word in words.replace("\x00", "").split()[:8]:
        columns = [Wish.title, Wish.text]
        if exact_place or _names_a_place(word):
            columns.append(Wish.place_text)
        places = [plain(column).contains(plain_text(word[:80]), autoescape=True) for column in columns]
        number = re.fullmatch(r"[Ww]?-?0*(\d{1,9})", word)
        found.append(sa.or_(*places, Wish.number == int(number[1])) if number else sa.or_(*places))
    return found


def _names_a_place(word: str) -> bool:
    """A street or a square, not a house number and not a part of a postcode."""
    return not any(c.isdigit() for c in word) and sum(c.isalpha() for c in word) >= SHORTEST_NAME


_ROW = (
    Wish.id,
    Wish.number,
    Wish.title,
    Wish.theme,
    Wish.state,
    Wish.place_choice,
    Wish.place_text,
    Wish.received_at,
)


def _rows(query: sa.Executable) -> list[WishRow]:
    found = db.session.execute(query).all()
    supported = supporters_of([row.id for row in found])
    return [
        WishRow(
            id=row.id,
            number=row.number,
            title=row.title,
            theme=row.theme,
            state=row.state,
            place_choice=row.place_choice,
            place=public_place(row.place_text),
            received_at=row.received_at,
            supporters=supported.get(row.id, 0),
        )
        for row in found
    ]


def public_wishes(neighbourhood_id: int, wanted: WishFilter | None = None, page: int = 1) -> WishPage:
    """A page of 25 public wishes, the newest number first. Three queries, however many wishes there are."""
    conditions = filtered(neighbourhood_id, wanted or WishFilter())
    total = db.session.scalar(sa.select(sa.func.count()).select_from(Wish).where(*conditions)) or 0
    page = min(max(1, page), max(1, -(-total // PAGE_SIZE)))
    query = sa.select(*_ROW).where(*conditions).order_by(Wish.number.desc())
    return WishPage(_rows(query.limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)), total, page)


def latest_wishes(neighbourhood_id: int, limit: int = 5) -> list[WishRow]:
    """The newest public wishes, newest first."""
    conditions = filtered(neighbourhood_id, WishFilter())
    return _rows(sa.select(*_ROW).where(*conditions).order_by(Wish.number.desc()).limit(limit))


def rows_of(wish_ids: Collection[int]) -> list[WishRow]:
    """Public rows of these wishes, newest number first; those that are not public are left out."""
    return _rows(
        sa.select(*_ROW).where(Wish.id.in_(wish_ids), Wish.state.in_(PUBLIC_STATES)).order_by(Wish.number.desc())
    )


def wish_counts(neighbourhood_id: int) -> WishCounts:
    """How many public wishes of each kind: one query."""
    rows = db.session.execute(
        sa.select(Wish.theme, Wish.state, Wish.place_choice, sa.func.count())
        .where(Wish.neighbourhood_id == neighbourhood_id, Wish.state.in_(PUBLIC_STATES))
        .group_by(Wish.theme, Wish.state, Wish.place_choice)
    )
    total = without_place = 0
    per_theme: dict[Theme, int] = {}
    per_state: dict[WishState, int] = {}
    for theme, state, place_choice, count in rows:
        total += count
        without_place += 0 if place_choice is PlaceChoice.POINT else count
        per_theme[theme] = per_theme.get(theme, 0) + count
        per_state[state] = per_state.get(state, 0) + count
    return WishCounts(total, without_place, per_theme, per_state)


def counts_per_neighbourhood() -> dict[int, int]:
    """Public wishes per neighbourhood id: one query for the whole city."""
    rows = db.session.execute(
        sa.select(Wish.neighbourhood_id, sa.func.count())
        .where(Wish.state.in_(PUBLIC_STATES))
        .group_by(Wish.neighbourhood_id)
    )
    return {row[0]: row[1] for row in rows}


def supporters_of(wish_ids: Iterable[int]) -> dict[int, int]:
    """How many people support each wish; wishes nobody supports are left out. One query."""
    ids = list(wish_ids)
    if not ids:
        return {}
    rows = db.session.execute(
        sa.select(WishSupport.wish_id, sa.func.count())
        .where(WishSupport.wish_id.in_(ids))
        .group_by(WishSupport.wish_id)
    )
    return {row[0]: row[1] for row in rows}


def similar_wishes(text: str, neighbourhood_id: int, limit: int = 3, *, but: int = 0) -> list[WishRow]:
    """Public wishes of this neighbourhood that look like `text`, best first (see similar.py).

    Compares with the 600 newest. `but`: the id of the wish itself.
    """
    rows = db.session.execute(
        sa.select(Wish.id, Wish.title, Wish.text)
        .where(Wish.neighbourhood_id == neighbourhood_id, Wish.state.in_(PUBLIC_STATES), Wish.id != but)
        .order_by(Wish.number.desc())
        .limit(SIMILAR_AMONG)
    )
    # Asked while people type, before anybody looked at how long it is.
    text = text[: 2 * TEXT_LIMIT]
    best = rank_similar(text, [Candidate(row.id, row.title, row.text) for row in rows], limit)
    if not best:
        return []
    found = {row.id: row for row in rows_of(best)}
    return [found[key] for key in best if key in found]


def answers_of(wish_ids: Collection[int]) -> dict[int, list[Answer]]:
    """The answers of each wish, oldest first: one query."""
    found: dict[int, list[Answer]] = {}
    query = sa.select(Answer).where(Answer.wish_id.in_(wish_ids)).order_by(Answer.answered_at, Answer.id)
    for answer in db.session.scalars(query):
        found.setdefault(answer.wish_id, []).append(answer)
    return found
