"""The wishes of the city that is measured, with their supporters, steps, answers and bundles."""

from datetime import timedelta
from random import Random
from typing import Any

import shapely
import sqlalchemy as sa

from geo.crs import RD_NEW
from scripts.bench.city import City
from scripts.bench.copying import copy_rows
from tests.factories.areas import SIDE
from wijkagenda.neighbourhoods.models import Neighbourhood
from wijkagenda.priorities.models import BundledWish
from wijkagenda.wishes.models import (
    Answer,
    AnswerKind,
    Channel,
    GivenAs,
    PlaceChoice,
    RefusalGround,
    Theme,
    Wish,
    WishState,
    WishStep,
    WishSupport,
)


def give_wishes(city: City) -> None:
    """Public wishes: most placed, some bundled, some refused with an answer; two supporters each."""
    measured, others = city.neighbourhoods[0], city.neighbourhoods[1:]
    where = [measured] * city.size.wishes
    where += [others[i % len(others)] for i in range(city.size.city_wishes - city.size.wishes)]
    city.random.shuffle(where)
    wishes = [_wish(city, number, n, measured) for number, n in enumerate(where, start=1)]
    copy_rows(city.session, Wish, wishes)
    copy_rows(
        city.session,
        WishSupport,
        (
            {"id": 2 * w["id"] + i, "wish_id": w["id"], "supporter_hash": f"{w['id']:060x}{i:04x}"}
            for w in wishes
            for i in (0, 1)
        ),
    )
    copy_rows(
        city.session,
        WishStep,
        (
            {"id": 2 * w["id"] + i, "wish_id": w["id"], "state": state, "at": w["received_at"]}
            for w in wishes
            for i, state in enumerate((WishState.RECEIVED, w["state"]))
        ),
    )
    copy_rows(
        city.session,
        Answer,
        (
            {
                "id": w["id"],
                "wish_id": w["id"],
                "kind": AnswerKind.REFUSED,
                "ground": RefusalGround.SPACE,
                "text": "Hier is te weinig ruimte voor uw wens.",
                "team_name": "gebiedsteam",
                "answered_at": city.now,
            }
            for w in wishes
            if w["state"] is WishState.REFUSED
        ),
    )
    priority_ids = [item.priority_id for item in city.items]
    bundled = [w["id"] for w in wishes if w["state"] is WishState.BUNDLED and w["neighbourhood_id"] == measured.id]
    copy_rows(
        city.session,
        BundledWish,
        (
            {"wish_id": wish_id, "priority_id": priority_ids[i % len(priority_ids)], "bundled_at": city.now}
            for i, wish_id in enumerate(bundled)
        ),
    )
    for table in ("wish", "wish_support", "wish_step", "answer", "voting_code"):
        city.session.execute(
            sa.text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}) + 1)")
        )


def _wish(city: City, number: int, neighbourhood: Neighbourhood, measured: Neighbourhood) -> dict[str, Any]:
    i = city.random.randrange(10)
    state = WishState.REFUSED if i == 0 else WishState.BUNDLED if i < 4 else WishState.PLACED
    placed = city.random.random() < 0.8
    at = city.now - timedelta(minutes=number)
    point = _point_in(city.random, city.shapes[neighbourhood.id]) if placed else None
    return {
        "id": number,
        "number": number,
        "submission_key": f"00000000-0000-4000-8000-{number:012x}",
        "neighbourhood_id": neighbourhood.id,
        "round_id": city.agenda_round.id if neighbourhood is measured else None,
        "title": f"Graag een {city.some_words(3)}",
        "text": f"In onze straat is {city.some_words(12)}. Dat kan beter.",
        "theme": city.random.choice(list(Theme)),
        "given_as": GivenAs.RESIDENT,
        "channel": Channel.WEBSITE,
        "place_choice": PlaceChoice.POINT if placed else PlaceChoice.NO_PLACE,
        "place_text": "bij het plein" if placed else "",
        "point": point,
        "public_point": point,
        "state": state,
        "received_at": at,
        "placed_at": at,
        "answer_due_on": city.today + timedelta(days=30),
    }


def _point_in(random: Random, shape: shapely.Polygon) -> str:
    """A point on the 25 m grid of public points, well inside, as COPY takes it (EWKB in hex)."""
    reach = SIDE * 0.35
    x, y = (round((c + random.uniform(-reach, reach)) / 25) * 25 for c in (shape.centroid.x, shape.centroid.y))
    return shapely.to_wkb(shapely.set_srid(shapely.Point(x, y), RD_NEW), hex=True, include_srid=True)
