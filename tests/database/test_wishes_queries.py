"""Lists, counts and maps of wishes show what is public, in a total order, on both databases."""

import gzip
from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from geo.crs import rd_point
from tests.conftest import NOW
from tests.factories.neighbourhoods import TODAY, make_city_district, make_neighbourhood, point_in
from tests.factories.wishes import make_refused_wish, make_wish
from tests.query_count import count_queries
from wijkagenda.errors import NotFound
from wijkagenda.people.actors import SYSTEM, VISITOR
from wijkagenda.site.search import search
from wijkagenda.wishes import operations, queries, waiting
from wijkagenda.wishes.mapping import map_points
from wijkagenda.wishes.maps import points_json
from wijkagenda.wishes.models import Theme, WishState
from wijkagenda.wishes.places import whereabouts
from wijkagenda.wishes.queries import WishFilter
from wijkagenda.wishes.waiting import ToDo


def test_the_list_holds_public_wishes_the_newest_first(session: Session) -> None:
    wijk = make_neighbourhood(session)
    first = make_wish(session, wijk)
    make_wish(session, wijk, placed=False)
    last = make_refused_wish(session, wijk)
    assert [row.number for row in queries.public_wishes(wijk.id).rows] == [last.number, first.number]


def test_pages_of_25_hold_every_wish_once(session: Session) -> None:
    wijk = make_neighbourhood(session)
    for n in range(53):
        make_wish(session, wijk, f"Wens nummer {n}")
    pages = [queries.public_wishes(wijk.id, page=page) for page in (1, 2, 3)]
    assert [len(page.rows) for page in pages] == [25, 25, 3]
    assert pages[1].first == 26
    assert len({row.id for page in pages for row in page.rows}) == 53
    for page in (0, -1, 99):
        assert queries.public_wishes(wijk.id, page=page).rows
    assert queries.public_wishes(wijk.id, page=99).page == 3


def test_filters_and_counts_say_the_same(session: Session) -> None:
    wijk = make_neighbourhood(session)
    make_wish(session, wijk, "Een bank", theme=Theme.SAFETY, point=point_in())
    make_wish(session, wijk, "Een boom in het park", place_text="Molenpark")
    make_refused_wish(session, wijk, text="100% meer_bomen")
    counts = queries.wish_counts(wijk.id)
    assert (counts.total, counts.without_place) == (3, 2)
    assert counts.per_theme == {Theme.SAFETY: 1, Theme.STREETS_AND_GREEN: 2}
    assert counts.per_state == {WishState.PLACED: 2, WishState.REFUSED: 1}

    def total(**wanted: object) -> int:
        return queries.public_wishes(wijk.id, WishFilter(**wanted)).total  # type: ignore[arg-type]

    assert total(theme=Theme.SAFETY) == 1
    assert total(state=WishState.REFUSED) == 1
    assert total(state=WishState.RECEIVED) == 0
    assert total(with_place=True) == 1
    assert total(with_place=False) == 2
    assert total(words="BOOM park") == 1
    assert total(words="molenpark") == 1
    assert total(words="%") == 1
    assert total(words="_") == 1
    assert total(words="w-0002") == 1
    assert total(words="nergens") == 0


def test_a_wish_that_is_not_public_cannot_be_read(session: Session) -> None:
    wijk = make_neighbourhood(session)
    wish = make_wish(session, wijk, placed=False)
    with pytest.raises(NotFound):
        queries.public_wish(wish.reference)
    assert queries.wish_by_reference(wish.reference) is wish
    operations.place_wish(actor=SYSTEM, now=NOW, wish=wish)
    for spelling in (wish.reference, "w-1", "1", "W0001", " w-0001 "):
        assert queries.public_wish(spelling) is wish
    for wrong in ("", "W-", "W-x", "../1", "99999999999999999999", "-1", "1;", "W-9999"):
        with pytest.raises(NotFound):
            queries.public_wish(wrong)


def test_the_map_shows_rounded_points_with_their_place_in_the_list(session: Session) -> None:
    wijk = make_neighbourhood(session)
    make_wish(session, wijk, point=point_in(dx=212, dy=340))
    make_wish(session, wijk)
    newest = make_refused_wish(session, wijk, point=point_in(dx=700, dy=200))
    points = map_points(wijk.id)
    assert [(point.position, point.number) for point in points] == [(1, newest.number), (3, 1)]
    assert points[0].is_refused
    shown = rd_point(points[1].lat, points[1].lon)
    assert shown.distance(point_in(dx=212, dy=340)) > 5
    assert shown.distance(point_in(dx=200, dy=350)) < 2
    assert map_points(wijk.id, WishFilter(with_place=False)) == []


def test_500_wishes_on_the_map_are_25_kb_at_most(app, session: Session) -> None:
    wijk = make_neighbourhood(session)
    words = ["bank", "lamp", "boom", "pad", "drempel", "speeltuin", "buurthuis", "prullenbak", "fietsenrek", "zebrapad"]
    for n in range(500):
        text = f"Graag een {words[n % 10]} bij de {words[n * 7 % 9]} in straat {n * 37 % 251}"
        make_wish(session, wijk, text, point=point_in(dx=20 + n * 7919 % 960, dy=20 + n * 104729 % 960))
    with count_queries() as counter:
        body = points_json(wijk, WishFilter(), "/wensen/REFERENCE")
    assert len(counter) == 2
    assert len(gzip.compress(body.encode(), 6)) <= 25_000


def test_lists_ask_as_much_for_500_wishes_as_for_50(session: Session) -> None:
    wijk = make_neighbourhood(session)
    asked = []
    for number in (50, 450):
        for n in range(number):
            wish = make_wish(session, wijk, f"Wens {n}", point=point_in())
            operations.support_wish(actor=VISITOR, now=NOW, wish=wish, visitor_key="a")
        session.expire_all()
        with count_queries() as counter:
            queries.public_wishes(wijk.id, page=2)
            queries.wish_counts(wijk.id)
            queries.similar_wishes("Een lange wens over 7 bomen", wijk.id)
            waiting.waiting_wishes(None, TODAY)
            waiting.desk_wishes(None, TODAY)
            waiting.desk_counts(None, TODAY)
            map_points(wijk.id)
        asked.append(len(counter))
    assert asked[0] == asked[1]


def test_what_waits_is_due_in_order_and_only_in_my_areas(session: Session) -> None:
    district = make_city_district(session)
    mine = make_neighbourhood(session, district=district)
    other = make_neighbourhood(session, "Rustenoord", column=1)
    long_ago = NOW - timedelta(days=50)
    late = make_wish(session, mine, now=long_ago)
    unread = make_wish(session, mine, placed=False)
    waits = make_wish(session, mine)
    make_refused_wish(session, mine)
    make_wish(session, other, placed=False)
    rows = waiting.waiting_wishes({mine.area_id}, TODAY)
    assert [row.number for row in rows] == [late.number, unread.number, waits.number]
    assert [row.what for row in rows] == [ToDo.ANSWER, ToDo.READ, ToDo.ANSWER]
    assert [row.days_late for row in rows] == [8, 0, 0]
    assert rows[1].due_on == date(2026, 11, 21)
    assert waiting.waiting_wishes({district.area_id}, TODAY) == rows
    assert len(waiting.waiting_wishes(None, TODAY)) == 4
    assert waiting.waiting_wishes(set(), TODAY) == []
    counts = waiting.desk_counts({mine.area_id}, TODAY)
    assert (counts.to_read, counts.to_answer, counts.late, counts.waiting) == (1, 2, 1, 3)


@pytest.mark.parametrize(("days", "late"), [(0, False), (5, False), (6, True)])
def test_a_wish_is_read_within_five_days(session: Session, days: int, late: bool) -> None:
    wijk = make_neighbourhood(session)
    make_wish(session, wijk, placed=False)
    day = TODAY + timedelta(days=days)
    assert waiting.waiting_wishes(None, day)[0].is_late is late
    assert waiting.desk_counts(None, day).late == int(late)
    assert waiting.desk_wishes(None, day, show="late").total == int(late)


def test_the_desk_list_filters_and_finds(session: Session) -> None:
    wijk, other = make_neighbourhood(session), make_neighbourhood(session, "Rustenoord", column=1)
    make_wish(session, wijk, "Een bank", placed=False)
    make_refused_wish(session, wijk, text="Een drempel")
    make_wish(session, other, "Een boom")

    def numbers(**options: object) -> list[int]:
        return [row.number for row in waiting.desk_wishes(None, TODAY, **options).rows]  # type: ignore[arg-type]

    assert numbers() == [1, 3]
    assert numbers(show="read") == [1]
    assert numbers(show="answer") == [3]
    assert numbers(show="all") == [3, 2, 1]
    assert numbers(show="all", words="drempel") == [2]
    assert numbers(show="all", neighbourhood_id=other.id) == [3]


def test_counts_per_neighbourhood_are_of_public_wishes(session: Session) -> None:
    wijk, other = make_neighbourhood(session), make_neighbourhood(session, "Rustenoord", column=1)
    make_wish(session, wijk)
    make_wish(session, wijk, placed=False)
    assert queries.counts_per_neighbourhood() == {wijk.id: 1}
    assert other.id not in queries.counts_per_neighbourhood()


def test_similar_wishes_are_public_ones_of_this_neighbourhood(session: Session) -> None:
    wijk, other = make_neighbourhood(session), make_neighbourhood(session, "Rustenoord", column=1)
    lamps = make_wish(session, wijk, "Lampen langs het hoofdpad in het Molenpark")
    make_wish(session, wijk, "Lampen langs het pad in het Molenpark", placed=False)
    make_wish(session, other, "Lampen langs het fietspad in het Molenpark")
    make_wish(session, wijk, "Een keer per maand samen eten")
    found = queries.similar_wishes("Meer lampen in het Molenpark graag", wijk.id)
    assert [row.id for row in found] == [lamps.id]
    assert queries.similar_wishes("Meer lampen in het Molenpark graag", wijk.id, but=lamps.id) == []


def test_whereabouts_are_the_neighbourhood_or_the_nearest_one(session: Session) -> None:
    wijk = make_neighbourhood(session)
    assert whereabouts(point_in()).inside
    assert whereabouts(point_in(dx=1020)).inside
    near = whereabouts(point_in(dx=3000))
    assert (near.neighbourhood, near.inside) == (wijk, False)
    assert whereabouts(point_in(dx=30_000)).neighbourhood is None


@pytest.mark.parametrize("words", ["Molenkade 17", "17", "1442 AB", "1442AB", "AB", "b,"])
def test_searching_does_not_tell_the_house_number_or_postcode_that_is_not_shown(session: Session, words: str) -> None:
    neighbourhood = make_neighbourhood(session)
    make_wish(session, neighbourhood, place_text="Molenkade 17 b, 1442 AB Markerstad")
    assert queries.public_wishes(neighbourhood.id, WishFilter(words=words)).total == 0
    assert search(words).wishes == []


def test_searching_finds_a_street_and_staff_find_the_whole_address(session: Session) -> None:
    neighbourhood = make_neighbourhood(session)
    wish = make_wish(session, neighbourhood, place_text="Molenkade 17 b, 1442 AB Markerstad")
    assert queries.public_wishes(neighbourhood.id, WishFilter(words="molenkade")).total == 1
    assert search("molenkade").wishes == [wish]
    assert waiting.desk_wishes(None, TODAY, words="Molenkade 17").total == 1


def test_of_a_text_that_is_far_too_long_only_the_beginning_is_compared(session: Session) -> None:
    neighbourhood = make_neighbourhood(session)
    make_wish(session, neighbourhood)
    filling = " ".join(f"woord{number}" for number in range(50_000))
    assert queries.similar_wishes(f"lampen in het park {filling}", neighbourhood.id)
    assert not queries.similar_wishes(f"{filling} lampen in het park", neighbourhood.id)


@pytest.mark.parametrize("words", ["cafe", "CAFÉ", "Cafe\u0301 eenrichting", "ÉÉNRICHTING", "istanbul"])
def test_case_and_accents_make_no_difference_in_the_list(session: Session, words: str) -> None:
    wijk = make_neighbourhood(session)
    make_wish(session, wijk, "Bij het café moet éénrichtingsverkeer komen, vindt İstanbul Kebab.")
    make_wish(session, wijk, "Een bank bij de vijver.")
    assert queries.public_wishes(wijk.id, WishFilter(words=words)).total == 1
