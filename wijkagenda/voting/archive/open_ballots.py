"""When the ballots of a round are made public, and the file they are in. docs/open-ballots.md explains the rule."""

from wijkagenda.dutch_days import day_of
from wijkagenda.voting.counting import Outcome, Profile
from wijkagenda.voting.counting.pabulib import Election, read
from wijkagenda.voting.counting.pabulib_writing import write
from wijkagenda.voting.models import BallotType, VotingRound
from wijkagenda.voting.profiles import terms_of

REMARK = (
    "Stembiljetten van een stemming in de wijkagenda. Telregel: {rule}. SHA-256 van het reglement: {regulation}. "
    "Alleen geldige stembiljetten die beslissen staan hierin. De volgorde is die van nummers die na de telling zijn geloot."
)


class WrongFile(RuntimeError):
    """The file that was made does not read as what was counted; it must not be published."""


def alike(profile: Profile) -> int:
    """How many ballots are exactly the same as at least one other."""
    return sum(times for times in profile.times if times > 1)


def may_be_shown(profile: Profile, *, least: int) -> bool:
    """The rule of the regulation: so many ballots or more, and at least half of them the same as another one.

    A ballot that nobody else cast can give away who cast it: somebody may have asked for just that one, as proof.
    """
    return profile.ballots >= least and 2 * alike(profile) >= profile.ballots


def file_of(voting_round: VotingRound, profile: Profile, outcome: Outcome, municipality: str) -> tuple[bytes, Election]:
    """The .pb file of a round, and what it reads as. Raises WrongFile when it would not read as the same profile and terms."""
    neighbourhood = voting_round.round.neighbourhood
    terms = terms_of(voting_round)
    meta = {
        "description": f"{voting_round.title} ({neighbourhood.name})",
        "country": "Netherlands",
        "unit": municipality,
        "subunit": neighbourhood.name,
        "instance": f"{day_of(voting_round.closes_at).year}, {voting_round.title}",
        "language": "nl",
    }
    if voting_round.budget is not None:
        meta["currency"] = voting_round.currency
    if voting_round.ballot_type is BallotType.POINTS:
        meta["max_sum_points"] = str(voting_round.points)
    else:
        meta["max_length"] = str(voting_round.max_choices)
    content = write(
        profile,
        terms,
        meta=meta,
        begins=day_of(voting_round.opens_at),
        ends=day_of(voting_round.closes_at),
        outcome=outcome,
        remark=REMARK.format(rule=voting_round.rule.value, regulation=voting_round.regulation_hash),
    )
    again = read(content)
    if _counted(again.profile) != _counted(profile) or again.terms != terms or again.selected is None:
        raise WrongFile
    return content, again


def _counted(profile: Profile) -> tuple[object, ...]:
    """All of a profile that a count looks at: not the titles, which a file writes on one line."""
    options = tuple((option.id, option.cost, option.theme) for option in profile.options)
    ballots = (profile.patterns, profile.times, profile.points)
    return (profile.type, options, ballots, profile.lot, profile.lot_seed)
