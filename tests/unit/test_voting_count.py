"""The count: plain, the same each time, and never losing a ballot in silence."""

import itertools
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wijkagenda.voting.count import SpoiledBallot, count_most_votes, draw_lots

OPTIONS = [11, 12, 13, 14, 15]
ballot = st.lists(st.sampled_from(OPTIONS), min_size=1, max_size=3, unique=True)
boxes = st.lists(ballot, max_size=40)
lots = st.permutations(OPTIONS)


def test_most_votes_comes_first() -> None:
    count = count_most_votes([[12], [12, 13], [13, 12], [11]], [11, 12, 13], max_choices=3)
    assert [(line.option_id, line.votes, line.rank) for line in count.lines] == [(12, 3, 1), (13, 2, 2), (11, 1, 3)]
    assert count.resident_ballots == 4


def test_the_lot_decides_between_equal_numbers_and_says_so() -> None:
    count = count_most_votes([[11], [12], [13], [13]], [12, 11, 13], max_choices=3)
    assert [(line.option_id, line.tied) for line in count.lines] == [(13, False), (12, True), (11, True)]


def test_businesses_change_nothing_in_the_order() -> None:
    count = count_most_votes([[11], [11], [12]], [11, 12], businesses=[[12]] * 10, max_choices=3, smallest_shown=10)
    assert [(line.option_id, line.votes, line.business_votes) for line in count.lines] == [(11, 2, 0), (12, 1, 10)]


def test_votes_of_fewer_than_ten_businesses_are_not_kept_apart() -> None:
    count = count_most_votes([[11]], [11, 12], businesses=[[12]] * 9, max_choices=3, smallest_shown=10)
    assert [line.business_votes for line in count.lines] == [None, None]
    assert count.business_ballots == 9


def test_an_empty_box_still_has_a_result() -> None:
    count = count_most_votes([], [12, 11], max_choices=3)
    assert [(line.option_id, line.votes, line.tied) for line in count.lines] == [(12, 0, True), (11, 0, True)]


@pytest.mark.parametrize("spoiled", [[99], [11, 11], [], [11, 12, 13, 14]])
def test_a_spoiled_ballot_stops_the_count(spoiled: list[int]) -> None:
    with pytest.raises(SpoiledBallot):
        count_most_votes([[11], spoiled], OPTIONS, max_choices=3)
    with pytest.raises(SpoiledBallot):
        count_most_votes([[11]], OPTIONS, businesses=[spoiled], max_choices=3)


@given(boxes, lots)
def test_every_vote_is_counted_once(box: list[list[int]], lot: list[int]) -> None:
    count = count_most_votes(box, lot, max_choices=3)
    assert sum(line.votes for line in count.lines) == sum(len(choices) for choices in box)
    assert all(line.votes == sum(line.option_id in choices for choices in box) for line in count.lines)
    assert sorted(line.option_id for line in count.lines) == OPTIONS
    assert [line.rank for line in count.lines] == [1, 2, 3, 4, 5]


@given(boxes, lots, st.randoms(use_true_random=False))
def test_the_order_of_ballots_and_of_ticks_does_not_matter(box: list[list[int]], lot: list[int], chance) -> None:
    shuffled = [chance.sample(choices, len(choices)) for choices in box]
    chance.shuffle(shuffled)
    assert count_most_votes(box, lot, max_choices=3) == count_most_votes(shuffled, lot, max_choices=3)


@given(boxes, lots)
def test_fewer_votes_never_stand_above_more_and_ties_follow_the_lot(box: list[list[int]], lot: list[int]) -> None:
    lines = count_most_votes(box, lot, max_choices=3).lines
    for above, below in itertools.pairwise(lines):
        assert (above.votes, -lot.index(above.option_id)) > (below.votes, -lot.index(below.option_id))
    for line in lines:
        assert line.tied == (sum(other.votes == line.votes for other in lines) > 1)


@given(boxes, lots, st.sampled_from(OPTIONS))
def test_one_more_vote_never_harms(box: list[list[int]], lot: list[int], option: int) -> None:
    before = {line.option_id: line.rank for line in count_most_votes(box, lot, max_choices=3).lines}
    after = {line.option_id: line.rank for line in count_most_votes([*box, [option]], lot, max_choices=3).lines}
    assert after[option] <= before[option]


@given(boxes, boxes, lots)
def test_businesses_never_decide(box: list[list[int]], businesses: list[list[int]], lot: list[int]) -> None:
    alone = count_most_votes(box, lot, max_choices=3)
    together = count_most_votes(box, lot, businesses=businesses, max_choices=3, smallest_shown=10)
    assert [(a.option_id, a.votes, a.tied) for a in alone.lines] == [
        (t.option_id, t.votes, t.tied) for t in together.lines
    ]


def test_the_lot_can_be_drawn_again_by_anyone() -> None:
    seed = "5f0c8a3f6be1d27c0a94f7f3f9a1c2de"
    assert draw_lots(seed, [1, 2, 3, 4, 5]) == draw_lots(seed, [5, 3, 1, 2, 4])
    assert sorted(draw_lots(seed, [1, 2, 3])) == [1, 2, 3]


def test_every_place_in_the_lot_is_as_likely() -> None:
    first = [draw_lots(f"seed {n}", [1, 2, 3, 4])[0] for n in range(4000)]
    for name in (1, 2, 3, 4):
        assert abs(Fraction(first.count(name), 4000) - Fraction(1, 4)) < Fraction(1, 20)
