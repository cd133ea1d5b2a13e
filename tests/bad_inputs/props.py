"""What the table of bad inputs names with an @: codes, wishes and people that exist in Markerstad."""

from datetime import UTC, datetime

import sqlalchemy as sa

from surveys import operations as engine
from tests.factories.consultations import make_survey
from tests.factories.surveys import filled_form
from tests.live import SECRET_KEY
from wijkagenda.agenda.models import Agenda, AgendaItem
from wijkagenda.config import Settings
from wijkagenda.db import db
from wijkagenda.neighbourhoods.models import Neighbourhood
from wijkagenda.neighbourhoods.queries import neighbourhood_by_slug
from wijkagenda.people.actors import actor_of
from wijkagenda.people.models import StaffMember
from wijkagenda.people.queries import all_staff
from wijkagenda.plan.models import Action
from wijkagenda.rounds.models import AgendaRound
from wijkagenda.voting.archive.models import BallotFile
from wijkagenda.voting.archive.queries import archived_votes
from wijkagenda.voting.box.casting import cast_ballot
from wijkagenda.voting.codes import SYMBOLS, grouped, new_code, new_receipt, round_keys
from wijkagenda.voting.letters.operations import make_codes
from wijkagenda.voting.letters.serials import void_code
from wijkagenda.voting.models import BallotType, CodeBatch, Electorate, VotingRound, VotingState
from wijkagenda.voting.paper.models import PaperState
from wijkagenda.voting.paper.operations import open_batch
from wijkagenda.voting.paper.queries import batches_of
from wijkagenda.voting.remarks.queries import remarks_of
from wijkagenda.wishes.models import Wish, WishState

Props = dict[str, str]
SURVEY_WIJK = "sluiskwartier"
"""A neighbourhood without a survey of its own in the demo; here it gets one that asks for a code."""


def staff_named(name: str) -> StaffMember:
    return next(member for member in all_staff() if member.name == name)


def make_props(settings: Settings) -> Props:
    """Make the codes and look up the rest. Inside a unit of work."""
    now = datetime.now(UTC)
    return _voting(settings, now) | _paper(now) | _survey(now) | _wishes() | _plan()


def _voting(settings: Settings, now: datetime) -> Props:
    keys, officer = round_keys(settings), actor_of(staff_named("Ruud Prins"))
    running = _round(VotingState.OPEN)
    over = _round(VotingState.PUBLISHED)
    (_, good), (_, used), (serial, voided) = make_codes(batch=_batch(running), number=3, key=keys(running.id))
    (_, late), *_rest = make_codes(batch=_batch(over), number=1, key=keys(over.id))
    option = running.options[0].id
    receipt = new_receipt()
    cast_ballot(keys=keys, code=used, choices=[option], receipt=receipt, now=now)
    void_code(actor=officer, now=now, voting_round=running, serial=serial)
    last = SYMBOLS[(SYMBOLS.index(good[-1]) + 1) % len(SYMBOLS)]
    return {
        "@code": grouped(good),
        "@used": grouped(used),
        "@voided": grouped(voided),
        "@late": grouped(late),
        "@typo": grouped(good[:-1] + last),
        "@unknown": grouped(new_code()),
        "@serial": str(serial),
        "@desk_vote": f"/werkplek/stemmingen/{running.id}",
        "@draft_vote": f"/werkplek/stemmingen/{_round(VotingState.DRAFT).id}",
        "@over_vote": f"/werkplek/stemmingen/{over.id}",
        "@option": str(option),
        "@practice": f"/stem/oefenen/{running.id}",
        "@foreign_option": str(over.options[0].id),
        "@receipt": grouped(receipt),
        "@over": f"/wijken/{over.round.neighbourhood.slug}/stemming/{over.id}",
        "@over_id": str(over.id),
        "@recount": _open_ballots() + "/natellen",
        "@archived": f"/stemmingen/archief/{archived_votes()[0].slug}",
        "@archived_desk": f"/werkplek/stemmingen/archief/{archived_votes()[0].slug}",
        "@running": f"/wijken/{running.round.neighbourhood.slug}/stemming/{running.id}",
    }


def _open_ballots() -> str:
    """The page of a vote by points whose ballots everybody may count again."""
    kept = sa.select(BallotFile.voting_round_id).where(BallotFile.voting_round_id.is_not(None))
    found = sa.select(VotingRound).where(VotingRound.id.in_(kept), VotingRound.ballot_type == BallotType.POINTS)
    voting_round = db.session.scalars(found).first()
    assert voting_round is not None
    return f"/wijken/{voting_round.round.neighbourhood.slug}/stemming/{voting_round.id}"


def _paper(now: datetime) -> Props:
    """A pile that takes stubs, beside the one of the demo that is full; and a melding that waits."""
    running, officer = _round(VotingState.OPEN), actor_of(staff_named("Ruud Prins"))
    taking = open_batch(actor=officer, now=now, voting_round=running, electorate=Electorate.BUSINESSES)
    full = next(batch for batch in batches_of(running.id) if batch.state is PaperState.FULL)
    remark = remarks_of(running.id)[0]
    desk = f"/werkplek/stemmingen/{running.id}"
    return {
        "@paper": f"{desk}/papier",
        "@pile": f"{desk}/papier/{taking.number}",
        "@full_pile": f"{desk}/papier/{full.number}",
        "@remark": f"{desk}/meldingen/{remark.id}",
    }


def _round(state: VotingState) -> VotingRound:
    query = sa.select(VotingRound).where(VotingRound.state == state).order_by(VotingRound.id)
    return db.session.scalars(query.join(VotingRound.round).join(AgendaRound.neighbourhood)).first()  # type: ignore[return-value]


def _batch(voting_round: VotingRound) -> CodeBatch:
    query = sa.select(CodeBatch).where(
        CodeBatch.voting_round_id == voting_round.id, CodeBatch.electorate == Electorate.RESIDENTS
    )
    return db.session.scalars(query.order_by(CodeBatch.id)).first()  # type: ignore[return-value]


def _survey(now: datetime) -> Props:
    session, neighbourhood = db.session(), neighbourhood_by_slug(SURVEY_WIJK)
    secret = SECRET_KEY.encode()
    survey = make_survey(session, neighbourhood, now=now, access="code")
    good, used = engine.issue_codes(session, survey, count=2, secret=secret)
    engine.submit_response(
        session, survey, raw=filled_form(), submission_key="props", segment=str(neighbourhood.id), code=used,
        secret=secret,
    )  # fmt: skip
    return {"@survey": str(survey.id), "@survey_code": good, "@survey_used": used}


def _wishes() -> Props:
    def of(slug: str, state: WishState) -> str:
        query = sa.select(Wish).join(Neighbourhood, Wish.neighbourhood_id == Neighbourhood.id)
        found = db.session.scalars(
            query.where(Neighbourhood.slug == slug, Wish.state == state).order_by(Wish.number)
        ).first()
        assert found is not None, (slug, state)
        return found.reference

    return {
        "@received": of("rustenoord", WishState.RECEIVED),
        "@placed": of("rustenoord", WishState.PLACED),
        "@bundled": of("molenwijk", WishState.BUNDLED),
        "@refused": of("molenwijk", WishState.REFUSED),
        "@elsewhere": of("sluiskwartier", WishState.RECEIVED),
    }


def _plan() -> Props:
    """An agenda item of Leienburg with an action, whose team is Fleur Jansen and whose manager Sanne Vos."""
    query = (
        sa.select(Action).join(Action.item).join(AgendaItem.agenda).join(Agenda.round).join(AgendaRound.neighbourhood)
    )
    action = db.session.scalars(query.where(Neighbourhood.slug == "leienburg").order_by(Action.id)).first()
    assert action is not None
    return {"@action": str(action.id), "@item": str(action.item_id)}
