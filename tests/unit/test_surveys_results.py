"""Figures: what is counted, and what is never shown."""

import random

from hypothesis import given
from hypothesis import strategies as st

from surveys.definition import build_survey
from surveys.figures import MINIMUM_N, Counted, mean_of, percent, shown_segments
from surveys.question_types import DONT_KNOW, handler_of
from tests.factories.surveys import survey_definition

QUESTIONS = {question.key: question for question in build_survey(survey_definition()).questions}


def figure(key, counted):
    question = QUESTIONS[key]
    return handler_of(question).figures(question, {"": counted}, "nl")[0]


def test_percentages_are_of_those_who_answered_and_round_halves_up():
    assert [percent(1, 8), percent(1, 3), percent(2, 3), percent(0, 5), percent(5, 5)] == [13, 33, 67, 0, 100]
    assert percent(0, 0) == 0


def test_nothing_is_shown_under_ten_answers():
    few = figure("kinderen", Counted(MINIMUM_N - 1, choices=(("ja", 5), ("nee", 4))))
    assert (few.too_few, few.n, few.bars, few.mean) == (True, 0, (), None)
    enough = figure("kinderen", Counted(MINIMUM_N, choices=(("ja", 6), ("nee", 4))))
    assert [(bar.label, bar.count, bar.percent) for bar in enough.bars] == [("Ja", 6, 60), ("Nee", 4, 40)]


def test_multiple_choice_counts_options_never_combinations():
    shown = figure("plekken", Counted(20, choices=(("park", 15), ("plein", 12), ("nergens", 2))))
    assert [(bar.key, bar.count, bar.percent) for bar in shown.bars] == [
        ("park", 15, 75),
        ("plein", 12, 60),
        ("winkel", 0, 0),
        ("nergens", 2, 10),
    ]


def test_a_scale_shows_every_point_and_keeps_dont_know_out_of_the_mean():
    shown = figure("cijfer", Counted(15, choices=((DONT_KNOW, 3),), numbers=((6.0, 6), (8.0, 6))))
    assert [bar.count for bar in shown.bars] == [0, 0, 0, 0, 0, 6, 0, 6, 0, 0, 3]
    assert (shown.mean, shown.mean_n, shown.n) == (7.0, 12, 15)
    assert shown.bars[-1].msgid == "Weet ik niet"


def test_no_mean_when_too_few_gave_a_figure():
    shown = figure("cijfer", Counted(12, choices=((DONT_KNOW, 3),), numbers=((6.0, 9),)))
    assert (shown.mean, shown.mean_n) == (None, 0)
    assert mean_of([(4.0, 5), (6.0, 5)]) == (5.0, 10)


def test_numbers_are_shown_in_classes_cut_from_the_question():
    shown = figure("aantal", Counted(12, numbers=((1.0, 5), (2.0, 4), (4.0, 2), (15.0, 1))))
    labels = [bar.label or bar.msgid % dict(bar.values) for bar in shown.bars]
    assert labels == ["1 tot en met 3", "4 tot en met 6", "7 tot en met 9", "10 tot en met 12", "13 tot en met 15"]
    assert [bar.count for bar in shown.bars] == [9, 2, 0, 0, 1]


def test_open_answers_give_a_count_and_nothing_else():
    shown = figure("waarom", Counted(30))
    assert (shown.n, shown.bars, shown.mean) == (30, (), None)


def test_a_matrix_has_a_figure_per_row_with_its_own_n():
    question = QUESTIONS["tevreden"]
    licht, groen = handler_of(question).figures(
        question, {"licht": Counted(10, (("wel", 10),)), "groen": Counted(9, (("wel", 9),))}, "nl"
    )
    assert (licht.title, licht.n, licht.bars[0].percent) == ("Verlichting op straat", 10, 100)
    assert (groen.too_few, groen.n, groen.bars) == (True, 0, ())


@given(st.integers(1, 200), st.integers(-50, 50), st.integers(1, 60), st.data())
def test_every_number_falls_in_exactly_one_class(n, low, span, data):
    definition = survey_definition()
    definition["sections"][1]["questions"][1]["number"] = {"min": low, "max": low + span}
    question = build_survey(definition).questions[4]
    value = data.draw(st.integers(low, low + span))
    shown = handler_of(question).figures(question, {"": Counted(n + 9, numbers=((float(value), n + 9),))}, "nl")[0]
    assert sum(bar.count for bar in shown.bars) == n + 9
    assert len(shown.bars) <= 5


segments = st.dictionaries(st.text("abcdefghij", min_size=1, max_size=3), st.integers(0, 40), max_size=8)


@given(segments)
def test_what_is_hidden_cannot_be_found_by_subtracting(counts):
    shown = shown_segments(counts)
    assert all(counts[segment] >= MINIMUM_N for segment in shown)
    hidden = sum(n for segment, n in counts.items() if segment not in shown)
    assert hidden == 0 or hidden >= MINIMUM_N or not shown


@given(segments)
def test_which_segments_are_shown_does_not_depend_on_their_order(counts):
    items = list(counts.items())
    random.Random(1).shuffle(items)
    assert shown_segments(dict(items)) == shown_segments(counts)


def test_large_segments_are_all_shown():
    assert shown_segments({"a": 10, "b": 30, "c": 0}) == {"a", "b"}
    assert shown_segments({"a": 10, "b": 30, "c": 3}) == {"b"}
    assert shown_segments({"a": 20, "b": 9, "c": 3}) == {"a"}
