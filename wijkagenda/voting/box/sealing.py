"""Sealing: key pairs, sealed boxes and passphrases. Pure; all of it is libsodium, by way of PyNaCl.

A ballot is sealed with the public key of its round (an anonymous sealed box: X25519, XSalsa20-Poly1305). The private key
stands nowhere in the clear: it is sealed for every key holder, whose own private key is wrapped under a passphrase
(Argon2id gives a key, XSalsa20-Poly1305 wraps).
"""

import hashlib
import secrets
import unicodedata
from dataclasses import dataclass

from nacl import pwhash
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox
from nacl.secret import SecretBox

from wijkagenda.errors import N_, Invalid

SALT_LENGTH = pwhash.argon2id.SALTBYTES
SHORTEST_PASSPHRASE = 20
FEWEST_SYMBOLS = 8
LONGEST_PASSPHRASE = 300


class CannotOpen(ValueError):
    """This key does not open this, or what was sealed has been changed."""


@dataclass(frozen=True)
class Pair:
    """A key pair, 32 bytes each."""

    private: bytes
    public: bytes


@dataclass(frozen=True)
class Effort:
    """What one try at a passphrase costs: passes over so many bytes of memory."""

    passes: int
    memory: int


STRONG = Effort(passes=4, memory=64 * 1024 * 1024)
"""About a fifth of a second on one core and 64 MB: a thief of the database pays that for every guess."""


def new_pair() -> Pair:
    key = PrivateKey.generate()
    return Pair(bytes(key), bytes(key.public_key))


def new_salt() -> bytes:
    return secrets.token_bytes(SALT_LENGTH)


def key_number(public_key: bytes) -> str:
    """A short name for a key: 'K4F2A-91BC'. It tells the newest recovery sheet from an older one, and one key from another."""
    text = hashlib.sha256(public_key).hexdigest()[:8].upper()
    return f"K{text[:4]}-{text[4:]}"


def seal(public_key: bytes, content: bytes) -> bytes:
    """Seal `content` so that only the private key opens it; 48 bytes longer, and different every time."""
    return SealedBox(PublicKey(public_key)).encrypt(content)


def unseal(private_key: bytes, sealed: bytes) -> bytes:
    """What was sealed for this key; raises CannotOpen."""
    try:
        return SealedBox(PrivateKey(private_key)).decrypt(sealed)
    except (CryptoError, ValueError, TypeError):
        raise CannotOpen("sealed with another key, or changed") from None


def wrap(secret: bytes, passphrase: str, salt: bytes, effort: Effort) -> bytes:
    """A 32-byte secret under a passphrase: 72 bytes."""
    return bytes(SecretBox(_key(passphrase, salt, effort)).encrypt(secret))


def unwrap(wrapped: bytes, passphrase: str, salt: bytes, effort: Effort) -> bytes:
    """The secret again; raises CannotOpen with another passphrase."""
    try:
        return SecretBox(_key(passphrase, salt, effort)).decrypt(wrapped)
    except (CryptoError, ValueError, TypeError):
        raise CannotOpen("another passphrase") from None


def _key(passphrase: str, salt: bytes, effort: Effort) -> bytes:
    return pwhash.argon2id.kdf(
        SecretBox.KEY_SIZE, plain(passphrase).encode(), salt, opslimit=effort.passes, memlimit=effort.memory
    )


def plain(passphrase: str) -> str:
    """A passphrase without what people do differently the second time: capitals, and how many spaces."""
    return " ".join(unicodedata.normalize("NFKC", passphrase[:LONGEST_PASSPHRASE]).casefold().split())


def check_passphrase(passphrase: str, again: str) -> None:
    """Raise Invalid for a passphrase that is too easy to guess, or that was typed differently the second time."""
    text = plain(passphrase)
    if len(text) < SHORTEST_PASSPHRASE or len(set(text)) < FEWEST_SYMBOLS:
        raise Invalid(
            N_("Maak uw wachtzin langer: minstens %(length)s letters, bijvoorbeeld zes gewone woorden na elkaar."),
            field="passphrase",
            length=SHORTEST_PASSPHRASE,
        )
    if text != plain(again):
        raise Invalid(N_("De twee wachtzinnen zijn niet gelijk. Typ ze nog een keer."), field="again")
