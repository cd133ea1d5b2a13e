"""Codes for a survey that counts each of them once: 12 random symbols and a check symbol.

Crockford base32: no I, L, O or U, so that a code on paper reads one way only.
"""

from __future__ import annotations

import hmac
import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SYMBOLS = 12
_LOOKALIKES = str.maketrans({"I": "1", "L": "1", "O": "0"})


def make_code() -> str:
    """A new code in groups of four, the last group with the check symbol: 60 random bits."""
    symbols = "".join(secrets.choice(ALPHABET) for _ in range(SYMBOLS))
    return grouped(symbols + check_symbol(symbols))


def normalise_code(typed: str) -> str:
    """What was typed as bare symbols: capitals, without spaces and dashes, look-alikes read kindly."""
    symbols = (symbol for symbol in typed.upper() if symbol.isascii() and symbol.isalnum())
    return "".join(symbols)[:64].translate(_LOOKALIKES)


def is_well_formed(typed: str) -> bool:
    """Whether it can be a code at all; a typing error shows here, before any look-up."""
    code = normalise_code(typed)
    return (
        len(code) == SYMBOLS + 1 and all(symbol in ALPHABET for symbol in code) and check_symbol(code[:-1]) == code[-1]
    )


def code_hash(code: str, *, survey_id: int, secret: bytes) -> bytes:
    """Keyed hash of a code as typed; the same code in another survey hashes differently."""
    message = f"survey-code:{survey_id}:{normalise_code(code)}".encode()
    return hmac.digest(secret, message, "sha256")


def check_symbol(symbols: str) -> str:
    """Finds every wrong symbol and every swap of two neighbours, but for 0 and Z, which
    count the same modulo 31. It only helps whoever types; it is no part of the secret.
    """
    total = 0
    for symbol in symbols:
        total = (total * 2 + ALPHABET.index(symbol)) % 31
    return ALPHABET[total]


def grouped(code: str) -> str:
    return "-".join((code[:4], code[4:8], code[8:])) if len(code) == SYMBOLS + 1 else code
