"""Counting again on the site, for rounds and earlier votes alike: the rules to choose from, the count, the answer."""

from dataclasses import dataclass
from functools import cache

from flask import current_app, request
from werkzeug.wrappers import Response

from wijkagenda.errors import N_, Conflict
from wijkagenda.voting.archive.models import BallotFile
from wijkagenda.voting.counting import CannotCount, Outcome, Rule
from wijkagenda.voting.counting.pabulib import UnreadableFile
from wijkagenda.voting.counting.single_file import single_file
from wijkagenda.voting.explaining import Explained, explain
from wijkagenda.voting.fingerprints import sha256_of
from wijkagenda.voting.recount.recounting import Busy, Recount, TookTooLong, recount_apart
from wijkagenda.web.i18n import current_language

SECONDS = 20
"""Processor time that one count on the site gets. 100,000 ballots take about three."""
BUSY = N_("Er tellen nu al anderen na. Probeer het over een minuut nog eens, of tel na op uw eigen computer.")
TOO_LONG = N_("Dit natellen duurt op de site te lang. Tel na op uw eigen computer: hieronder staat hoe.")
CANNOT = N_("De site kan dit bestand met deze telregel niet tellen. Kies een andere telregel, of bel ons.")


@dataclass(frozen=True)
class Again:
    """A count made on the spot. `same`: it gives what was published; None when another rule was asked."""

    rule: str
    recount: Recount
    explained: Explained
    same: bool | None


def count_again(kept: BallotFile, published: Outcome, rule: Rule) -> Again:
    """Count the bytes of a public file, apart and bounded. Raises Conflict when that cannot be, or is too much for now."""
    try:
        recount = recount_apart(kept.content, rule, seconds=SECONDS)
    except Busy:
        raise Conflict(BUSY) from None
    except TookTooLong:
        raise Conflict(TOO_LONG) from None
    except (CannotCount, UnreadableFile):
        raise Conflict(CANNOT) from None
    same = is_same(recount.outcome, published) if rule == published.terms.rule else None
    return Again(rule.value, recount, explain(recount.outcome, recount.other, open_ballots=True), same)


def is_same(outcome: Outcome, published: Outcome) -> bool:
    """The same winners in the same order, for the same reasons, with the same counts."""
    return _told(outcome, published) == _told(published, published)


def _told(outcome: Outcome, published: Outcome) -> tuple[object, ...]:
    """All that a count says, but for titles (a file writes them on one line) and which engine counted.

    Of the figures of a reason those that were published: a newer count may tell more of them.
    """
    known = {line.option: line.reason.figures.keys() for line in published.lines}
    lines = []
    for line in outcome.lines:
        figures = {key: line.reason.figures[key] for key in line.reason.figures if key in known.get(line.option, ())}
        lines.append((line.option, line.cost, line.votes, line.points, line.place, line.reason.code, figures))
    return (outcome.winners, outcome.steps, lines, outcome.ties)


def send_file(kept: BallotFile, name: str, *, for_ever: bool) -> Response:
    """The bytes as they were hashed. `for_ever`: this address will never give others."""
    response: Response
    if request.if_none_match.contains(kept.sha256):
        response = current_app.response_class(status=304)
    else:
        response = current_app.response_class(kept.content, mimetype="text/plain")
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.set_etag(kept.sha256)
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if for_ever else "public, no-cache"
    return response


@cache
def program() -> tuple[bytes, str]:
    """hertellen.pyz and its SHA-256."""
    content = single_file()
    return content, sha256_of(content)


def recount_command(name: str, rule: str = "") -> str:
    """What to type to count a file with hertellen.pyz, in the language of the page; `rule` where the file does not say."""
    return f"python3 hertellen.pyz {name}" + (f" --rule {rule}" if rule else "") + f" --language {current_language()}"
