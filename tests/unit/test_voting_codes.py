"""Letter codes: easy to type, typos noticed, nothing stored that could be typed."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import settings_for
from wijkagenda.errors import Invalid
from wijkagenda.voting.codes import (
    CODE_LENGTH,
    RECEIPT_LENGTH,
    SYMBOLS,
    code_hmac,
    grouped,
    hkdf,
    is_well_typed,
    new_code,
    new_receipt,
    normalise,
    read_code,
    read_receipt,
    receipt_hash,
    round_key,
)

codes = st.builds(new_code)


def test_a_code_is_thirteen_symbols_in_groups_of_four() -> None:
    code = new_code()
    assert len(code) == CODE_LENGTH
    assert set(code) <= set(SYMBOLS)
    assert [len(group) for group in grouped(code).split()] == [4, 4, 4, 1]


def test_codes_hold_no_look_alikes() -> None:
    assert not set("OILU") & set(SYMBOLS)


def test_a_thousand_codes_differ() -> None:
    assert len({new_code() for _ in range(1000)}) == 1000


@given(codes)
def test_what_is_printed_can_be_typed(code: str) -> None:
    for typed in (code, grouped(code), code.lower(), "-".join(grouped(code).split()), f"  {grouped(code)}.\t"):
        assert read_code(typed) == code


@given(codes)
def test_letters_that_look_like_digits_are_read_as_digits(code: str) -> None:
    for digit, letter in (("0", "O"), ("0", "o"), ("1", "I"), ("1", "l"), ("1", "L")):
        assert read_code(code.replace(digit, letter)) == code


@given(codes, st.integers(0, CODE_LENGTH - 1), st.integers(1, 31))
def test_one_wrong_symbol_is_always_noticed(code: str, place: int, step: int) -> None:
    other = SYMBOLS[(SYMBOLS.index(code[place]) + step) % 32]
    assert not is_well_typed(code[:place] + other + code[place + 1 :], CODE_LENGTH)


@given(codes, st.integers(0, CODE_LENGTH - 1), st.integers(0, CODE_LENGTH - 1))
def test_two_symbols_that_changed_places_are_always_noticed(code: str, one: int, other: int) -> None:
    swapped = list(code)
    swapped[one], swapped[other] = swapped[other], swapped[one]
    assert is_well_typed("".join(swapped), CODE_LENGTH) == (code[one] == code[other])


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "Typ de code uit uw brief."),
        ("  - ", "Typ de code uit uw brief."),
        ("K7QM 3XWD", "U typte er 8"),
        ("K7QM 3XWD 8NPT RR", "U typte er 14"),
        ("UUUU UUUU UUUU U", "typfout"),
        ("💥💥", "Typ de code uit uw brief."),
        ("K" * 100_000, "U typte er"),
        ("<script>alert(1)</script>", "U typte er"),
    ],
)
def test_what_cannot_be_a_code_says_what_to_do(typed: str, words: str) -> None:
    with pytest.raises(Invalid) as caught:
        read_code(typed)
    assert words in str(caught.value)
    assert caught.value.field == "code"


@given(st.text(max_size=80))
def test_anything_typed_is_read_or_refused_and_never_breaks(typed: str) -> None:
    normal = normalise(typed)
    try:
        assert read_code(typed) == normal
    except Invalid:
        assert not is_well_typed(normal, CODE_LENGTH)


def test_full_width_letters_of_other_keyboards_are_read() -> None:
    code = new_code()
    wide = "".join(chr(ord(c) + 0xFEE0) for c in code)
    assert read_code(wide) == code


def test_a_receipt_is_no_code_and_its_typos_are_noticed() -> None:
    receipt = new_receipt()
    assert len(receipt) == RECEIPT_LENGTH
    assert read_receipt(grouped(receipt).lower()) == receipt
    with pytest.raises(Invalid, match="typfout"):
        read_receipt(receipt[::-1] + "0")


def test_anyone_can_make_the_fingerprint_of_a_receipt() -> None:
    assert receipt_hash("KM4T9QXP22HD") == hashlib.sha256(b"KM4T9QXP22HD").hexdigest()


def test_a_code_is_kept_under_the_key_of_its_round_alone() -> None:
    settings = settings_for("sqlite://")
    code = new_code()
    assert code_hmac(round_key(settings, 1), code) != code_hmac(round_key(settings, 2), code)
    other = settings_for("sqlite://", secret_key="another-secret-another-secret-another")
    assert code_hmac(round_key(settings, 1), code) != code_hmac(round_key(other, 1), code)


def test_the_key_is_derived_as_rfc_5869_says() -> None:
    # Test case 1 of the RFC, its first 32 bytes.
    derived = hkdf(
        bytes.fromhex("0b" * 22),
        salt=bytes.fromhex("000102030405060708090a0b0c"),
        info=bytes.fromhex("f0f1f2f3f4f5f6f7f8f9"),
    )
    assert derived.hex() == "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"
