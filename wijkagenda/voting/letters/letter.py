"""What stands on one letter, also on the page at a desk that stands for one. Nothing here is stored."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from markupsafe import Markup

from wijkagenda.config import Settings
from wijkagenda.voting.codes import grouped
from wijkagenda.voting.letters.addresses import Address

QUIET_ZONE = 4


class NotDrawn(RuntimeError):
    """A part of a run was not drawn. What stood on it is in no message: it has codes."""


@dataclass(frozen=True)
class Letter:
    """One letter: `code` and `serial` as printed, the address its QR leads to, and to whom it goes.

    The code stands behind '#' in that address: a browser keeps that part to itself.
    """

    code: str
    serial: str
    link: str
    to: Address | None = None

    @property
    def qr(self) -> Markup:
        """The QR as SVG, with its quiet zone."""
        # Imported here: a web process draws one only for who stands at the desk.
        import segno  # noqa: PLC0415

        drawn = segno.make(self.link, error="m", micro=False).svg_inline(
            border=QUIET_ZONE, omitsize=True, dark="#16231e"
        )
        return Markup(drawn)  # noqa: S704  (drawn by segno)


def printed_serial(voting_round_id: int, serial: int) -> str:
    """As it stands on the letter: round and number, '0036-01842'."""
    return f"{voting_round_id:04d}-{serial:05d}"


def address_of_vote(settings: Settings) -> str:
    """Where one types the code, as people read it: 'wijkagenda.markerstad.example/stem'."""
    parts = urlsplit(settings.public_url)
    return f"{parts.netloc}{parts.path}/stem"


def make_letter(settings: Settings, voting_round_id: int, serial: int, code: str, to: Address | None = None) -> Letter:
    """A letter for this code."""
    link = f"{settings.public_url}/stem#code={code}"
    return Letter(grouped(code), printed_serial(voting_round_id, serial), link, to)
