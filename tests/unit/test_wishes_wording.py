"""What people typed: titles, what is shown of a place, what can be stored."""

import pytest

from wijkagenda.errors import Invalid
from wijkagenda.wishes.models import TITLE_LIMIT
from wijkagenda.wishes.wording import checked_line, is_visible, public_place, storable, title_from


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Meer bomen.", "Meer bomen"),
        ("Meer bomen! En bankjes.", "Meer bomen!"),
        ("Waarom geen bank? Er is plek.", "Waarom geen bank?"),
        ("meer bomen\nen bankjes", "Meer bomen"),
        ("\n\n  ...  \nhallo daar", "Hallo daar"),
        ("3.5 meter breed pad", "3.5 meter breed pad"),
        ("🌳", "🌳"),
        ("...", "..."),
        ("ßtraat", "ßtraat"),
    ],
)
def test_the_first_sentence_is_the_title(text: str, title: str) -> None:
    assert title_from(text) == title


@pytest.mark.parametrize("text", ["woord " * 100, "x" * 999, "a" * 100 + " " + "b" * 100])
def test_a_long_sentence_is_cut_and_says_so(text: str) -> None:
    title = title_from(text)
    assert len(title) <= TITLE_LIMIT
    assert title.endswith("…")


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Wiekstraat 80", "Wiekstraat"),
        ("Wiekstraat 80-a, Markerstad", "Wiekstraat, Markerstad"),
        ("Wiekstraat 80 hs", "Wiekstraat hs"),
        ("1234 AB 12", ""),
        ("1234ab, Molenlaan 5", "Molenlaan"),
        ("Molenpark, hoofdpad", "Molenpark, hoofdpad"),
        ("Plein 1940-1945", "Plein 1940-1945"),
        ("2e Dwarsstraat", "2e Dwarsstraat"),
        ("", ""),
    ],
)
def test_the_public_sees_the_street_and_not_the_front_door(typed: str, shown: str) -> None:
    assert public_place(typed) == shown


def test_only_what_cannot_be_stored_is_left_out() -> None:
    assert storable("a\x00b\x1bc\ud800d\r\ne\rf\tg") == "abcd\ne\nf\tg"


@pytest.mark.parametrize("text", ["", " ", "\u200b", "\u202e\u2066", "\n\t"])
def test_white_space_is_nothing_to_read(text: str) -> None:
    assert not is_visible(text)


def test_a_line_cannot_hold_a_second_one() -> None:
    assert checked_line("a@post.example\r\nBcc: b@post.example", field="email", limit=254) == (
        "a@post.example Bcc: b@post.example"
    )
    with pytest.raises(Invalid):
        checked_line("x" * 255, field="email", limit=254)
