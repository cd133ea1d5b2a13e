"""Letter codes and receipts: made, read and recognised. Pure; never logs or stores a code.

A letter code is 12 random symbols (60 bits) and a check symbol, in groups of four:
`K7QM 3XWD 8NPT R`. A receipt is 11 random symbols and a check symbol: `KM4T 9QXP 22HD`.

The symbols are Crockford's base 32. The check symbol is one of the same 32: symbols are elements of
GF(32), each place weighs a different power of a primitive element, so one wrong symbol and any two
symbols that changed places are always noticed (a Reed-Solomon code of distance two).
"""

import hashlib
import hmac
import secrets
import unicodedata
from collections.abc import Callable, Sequence
from functools import partial

from wijkagenda.config import Settings
from wijkagenda.errors import N_, Invalid

SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
VALUES = {symbol: value for value, symbol in enumerate(SYMBOLS)}
LOOK_ALIKE = str.maketrans("OIL", "011")
CODE_LENGTH = 13
RECEIPT_LENGTH = 12
LONGEST_TYPED = 64

RoundKeys = Callable[[int], bytes]
"""Gives the key of a voting round by its id."""


def new_code() -> str:
    """A fresh letter code, 13 symbols."""
    return fresh(CODE_LENGTH)


def new_receipt() -> str:
    """A fresh receipt, 12 symbols."""
    return fresh(RECEIPT_LENGTH)


def fresh(length: int) -> str:
    """So many symbols: random ones, and a check symbol."""
    values = [secrets.randbelow(32) for _ in range(length - 1)]
    return "".join(SYMBOLS[value] for value in [*values, check_value(values)])


def check_value(values: Sequence[int]) -> int:
    """The check symbol's value: with it, the weighted sum over GF(32) is zero."""
    total = 0
    for value in values:
        total = _double(total ^ value)
    return total


def _double(value: int) -> int:
    """Times x in GF(32) = GF(2)[x] / (x^5 + x^2 + 1), where x is primitive."""
    value <<= 1
    return value ^ 0b100101 if value & 0b100000 else value


def grouped(code: str) -> str:
    """In groups of four, as printed: 'K7QM 3XWD 8NPT R'."""
    return " ".join(code[i : i + 4] for i in range(0, len(code), 4))


def normalise(typed: str, *, longest: int = LONGEST_TYPED) -> str:
    """What was typed without what does not matter: case, spaces, hyphens; O is 0, I and L are 1."""
    text = unicodedata.normalize("NFKC", typed[:longest]).upper()
    return "".join(c for c in text if c.isalnum()).translate(LOOK_ALIKE)


def is_well_typed(text: str, length: int) -> bool:
    """True for a normalised text of that length whose check symbol fits."""
    if len(text) != length or any(symbol not in VALUES for symbol in text):
        return False
    values = [VALUES[symbol] for symbol in text]
    return check_value(values[:-1]) == values[-1]


def read_code(typed: str) -> str:
    """The code somebody typed, normalised; raises Invalid with what to do when it cannot be one."""
    code = normalise(typed)
    if not code:
        raise Invalid(N_("Typ de code uit uw brief."), field="code")
    if len(code) != CODE_LENGTH:
        raise Invalid(
            N_("Een stemcode heeft %(length)s letters en cijfers. U typte er %(typed)s. Kijk het nog eens na."),
            field="code",
            length=CODE_LENGTH,
            typed=len(code),
        )
    if not is_well_typed(code, CODE_LENGTH):
        raise Invalid(N_("Er zit een typfout in de code. Kijk goed naar elke letter en elk cijfer."), field="code")
    return code


def read_receipt(typed: str) -> str:
    """The receipt somebody typed, normalised; raises Invalid when it cannot be one."""
    receipt = normalise(typed)
    if not receipt:
        raise Invalid(N_("Typ de code van uw bewijs."), field="receipt")
    if not is_well_typed(receipt, RECEIPT_LENGTH):
        raise Invalid(
            N_("Er zit een typfout in de code van uw bewijs. Het zijn %(length)s letters en cijfers."),
            field="receipt",
            length=RECEIPT_LENGTH,
        )
    return receipt


def code_hmac(key: bytes, code: str) -> str:
    """What is stored of a code: HMAC-SHA256 under the key of its round, in hex."""
    return hmac.new(key, code.encode(), hashlib.sha256).hexdigest()


def receipt_hash(receipt: str) -> str:
    """What is stored and published of a receipt: SHA-256 of its 12 symbols, in hex. Anyone can make it."""
    return hashlib.sha256(receipt.encode()).hexdigest()


def round_key(settings: Settings, voting_round_id: int) -> bytes:
    """The key of one voting round, never stored: derived from SECRET_KEY, outside the database."""
    return hkdf(settings.secret_key.encode(), salt=b"wijkagenda voting codes", info=f"round {voting_round_id}".encode())


def round_keys(settings: Settings) -> RoundKeys:
    """`round_key` of this installation, to hand to operations."""
    return partial(round_key, settings)


def hkdf(secret: bytes, *, salt: bytes, info: bytes) -> bytes:
    """HKDF-SHA256 (RFC 5869) with one block of output: 32 bytes."""
    extracted = hmac.new(salt, secret, hashlib.sha256).digest()
    return hmac.new(extracted, info + b"\x01", hashlib.sha256).digest()
