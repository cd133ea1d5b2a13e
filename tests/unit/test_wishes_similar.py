"""Which wishes look like a text."""

import time

import pytest

from wijkagenda.wishes.similar import Candidate, rank_similar, significant_words

LAMPS = Candidate(1, "Lampen langs het hoofdpad in het Molenpark", "Het is er donker. Kunnen er lampen komen?")
NARROW = Candidate(2, "Het park is eng in het donker", "Ik durf er niet door.")
EATING = Candidate(3, "Een keer per maand samen eten", "In het wijkcentrum, met de buren.")
BINS = Candidate(4, "Meer prullenbakken bij de tramhalte", "Er ligt elke ochtend rommel.")
WISHES = [LAMPS, NARROW, EATING, BINS]


def test_shared_words_make_wishes_alike_whatever_their_endings() -> None:
    assert rank_similar("Het is donker in het Molenpark. Graag een lamp bij het grote pad.", WISHES) == [1, 2]


def test_a_word_is_found_inside_a_longer_one() -> None:
    assert rank_similar("In het park is het donker", WISHES) == [2, 1]


def test_one_uncommon_word_in_a_title_is_enough() -> None:
    assert rank_similar("Prullenbak erbij", WISHES) == [4]


@pytest.mark.parametrize("text", ["", "   ", "ik wil graag dat het beter wordt", "1 2 3", "🌳", "مصابيح"])
def test_a_text_that_says_nothing_looks_like_nothing(text: str) -> None:
    assert rank_similar(text, WISHES) == []


def test_wishes_with_the_same_title_are_named_once() -> None:
    again = Candidate(9, "lampen langs het hoofdpad in het molenpark!", "Graag lampen.")
    assert rank_similar("Lampen langs het pad", [*WISHES, again]) in ([9], [1], [9, 2], [1, 2])


def test_accents_and_capitals_do_not_matter() -> None:
    assert significant_words("CAFÉ") == significant_words("café")
    assert significant_words("bomen") == significant_words("boom")


def test_six_hundred_long_wishes_are_compared_in_a_moment() -> None:
    many = [Candidate(n, f"Wens {n} over straat{n}", " ".join(f"woord{n + k}" for k in range(120))) for n in range(600)]
    start = time.perf_counter()
    rank_similar(" ".join(f"woord{n}" for n in range(150)), many)
    assert time.perf_counter() - start < 5
