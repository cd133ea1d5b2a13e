"""The SHA-256 of a file that is public, and how anybody sees it on a computer of their own."""

import hashlib

COMMANDS = (
    ("Windows", "certutil -hashfile {} SHA256"),
    ("macOS", "shasum -a 256 {}"),
    ("Linux", "sha256sum {}"),
)


def sha256_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def commands_for(name: str) -> list[tuple[str, str]]:
    """Per kind of computer what to type to see the SHA-256 of a file with this name."""
    return [(system, command.format(name)) for system, command in COMMANDS]
