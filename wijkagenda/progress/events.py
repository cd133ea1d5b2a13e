"""News from progress."""

from dataclasses import dataclass


@dataclass(frozen=True)
class UpdatePublished:
    """A progress update is public; its action changed with it."""

    update_id: int
