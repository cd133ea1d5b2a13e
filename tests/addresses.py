"""An address of Markerstad for every page: each GET route, with arguments that exist there.

A route whose arguments are not told here fails whoever asks for all addresses: so no page is forgotten.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from flask import Flask, url_for
from werkzeug.routing import Rule

from surveys.models import Survey
from wijkagenda.agenda.models import AgendaItem
from wijkagenda.consultations.models import Meeting, NeighbourhoodSurvey
from wijkagenda.db import db
from wijkagenda.feedback.models import DemoMail, Subscription
from wijkagenda.feedback.operations import follow
from wijkagenda.neighbourhoods.models import Neighbourhood
from wijkagenda.neighbourhoods.queries import neighbourhood_by_slug
from wijkagenda.people.models import Role, StaffMember
from wijkagenda.plan.models import Action, ActionState
from wijkagenda.priorities.models import Priority
from wijkagenda.progress.models import ProgressUpdate, UpdateState
from wijkagenda.rounds.models import AgendaRound
from wijkagenda.voting.archive.models import ArchivedVote
from wijkagenda.voting.box.models import KeyHolder
from wijkagenda.voting.models import VotingRound, VotingState
from wijkagenda.voting.paper.models import PaperBatch, PaperState
from wijkagenda.voting.remarks.models import VotingReport
from wijkagenda.web.access import guard_of
from wijkagenda.wishes.models import Wish, WishGiver, WishState

Arguments = dict[str, object]

VOTING, LISTENING, BUNDLING = "molenwijk", "rustenoord", "morgenhof"
ADOPTING, CARRYING_OUT, NOTHING_YET = "laakoever", "leienburg", "het-zuiderpark"
ASKING = "ijpenveld"
"""Neighbourhoods of Markerstad, by the phase they are in; `ASKING` has an open survey."""
EVERY_PHASE = (VOTING, LISTENING, BUNDLING, ADOPTING, CARRYING_OUT, NOTHING_YET)

WHO = {
    Role.CITY_DISTRICT_MANAGER: "Ines Vermeer",
    Role.AREA_TEAM: "Noor Bakker",
    Role.VOTING_OFFICER: "Ruud Prins",
    Role.RESEARCHER: "Hugo Kok",
    Role.ADMINISTRATOR: "Tess Blom",
}
"""One member of staff per role; manager and team work in stadsdeel Zuid."""
HAVEN, OOST = "Daan Mulder", "Sanne Vos"
"""The managers of the other two stadsdelen."""
SLUGS = {
    "home.neighbourhood": EVERY_PHASE,
    "wishes.give": (LISTENING, VOTING),
    "wishes.wishes": (VOTING, NOTHING_YET),
    "plan.agenda": (CARRYING_OUT, ADOPTING, NOTHING_YET),
    "progress.news": (CARRYING_OUT, NOTHING_YET),
    "priorities.points": (VOTING, BUNDLING, NOTHING_YET),
    "rounds.participation": (VOTING, NOTHING_YET),
    "consultations.survey": (ASKING, CARRYING_OUT, NOTHING_YET),
    "consultations.begin": (ASKING,),
    "consultations.result": (CARRYING_OUT, ASKING),
    "consultations.meetings": (VOTING, CARRYING_OUT),
    "rounds_desk.new_round": (NOTHING_YET,),
    "rounds_desk.rounds": (VOTING, NOTHING_YET),
    "priorities_desk.bundling": (BUNDLING, VOTING),
    "priorities_desk.new_priority": (BUNDLING,),
    "agenda_desk.agenda": (CARRYING_OUT, ADOPTING, VOTING),
    "agenda_desk.adoption": (ADOPTING,),
    "plan_desk.plan": (CARRYING_OUT,),
}
MANAGERS = {CARRYING_OUT: OOST, ADOPTING: HAVEN}


@dataclass(frozen=True)
class Address:
    """A page. `who` is the name of somebody who may see it, None for everyone."""

    endpoint: str
    path: str
    who: str | None = None


def furnish(now: datetime) -> None:
    """Add what Markerstad has none of: somebody who follows. In a unit of work."""
    follow(now=now, email="volger@post.example", language="nl", neighbourhood=neighbourhood_by_slug(VOTING))


def every_address(app: Flask) -> list[Address]:
    """All pages of residents and staff; call inside an application context on Markerstad."""
    with app.test_request_context():
        return sorted(_addresses(app), key=lambda one: (one.who or "", one.path))


def _addresses(app: Flask) -> Iterator[Address]:
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint in {"static"}:
            continue
        guard = guard_of(app, rule.endpoint)
        assert guard is not None
        for arguments in arguments_of(rule):
            somebody = arguments.pop("who", MANAGERS.get(str(arguments.get("slug"))) or _one_of(guard.roles))
            who = None if guard.everyone else str(somebody)
            yield Address(rule.endpoint, url_for(rule.endpoint, **arguments), who)  # type: ignore[arg-type]


def _one_of(roles: Iterable[Role]) -> str:
    """Somebody whom the guard lets in; for a page of all staff, the manager."""
    return next((WHO[role] for role in WHO if role in roles), WHO[Role.CITY_DISTRICT_MANAGER])


def arguments_of(rule: Rule) -> list[Arguments]:
    """Existing arguments for a route; a few that look different where that matters. "who" is not for the address."""
    if not rule.arguments:
        return [{}]
    own = BY_ENDPOINT.get(rule.endpoint)
    if own is not None:
        return own()
    if rule.arguments == {"slug"}:
        return [{"slug": slug} for slug in SLUGS.get(rule.endpoint, (VOTING,))]
    if rule.arguments == {"reference"}:
        return _wishes()
    raise AssertionError(f"tests/addresses.py does not know arguments for {rule.endpoint}: {rule.rule}")


def _ids(name: str, model: type, *where: sa.ColumnElement[bool], most: int = 1) -> list[Arguments]:
    found = db.session.scalars(sa.select(model.id).where(*where).order_by(model.id).limit(most)).all()  # type: ignore[attr-defined]
    assert found, f"Markerstad has no {model.__name__} like that"
    return [{name: one} for one in found]


def _in(slug: str) -> sa.ScalarSelect[int]:
    return sa.select(Neighbourhood.id).where(Neighbourhood.slug == slug).scalar_subquery()


def _round_in(slug: str) -> sa.ScalarSelect[int]:
    query = sa.select(AgendaRound.id).where(AgendaRound.neighbourhood_id == _in(slug))
    return query.order_by(AgendaRound.id.desc()).limit(1).scalar_subquery()


def _wishes(*states: WishState) -> list[Arguments]:
    """A wish of Molenwijk (else of anywhere) in each public state."""
    found = []
    for state in states or (WishState.PLACED, WishState.BUNDLED, WishState.REFERRED, WishState.REFUSED):
        query = sa.select(Wish).join(Wish.neighbourhood).where(Wish.state == state)
        wish = db.session.scalars(query.order_by(Neighbourhood.slug != VOTING, Wish.number)).first()
        assert wish is not None, f"Markerstad has no wish that is {state.value}"
        found.append({"reference": wish.reference})
    return found


def _wishes_on_the_desk() -> list[Arguments]:
    """In each state, in neighbourhoods of stadsdeel Zuid."""
    found = []
    for state in WishState:
        query = sa.select(Wish).join(Wish.neighbourhood).where(Wish.state == state)
        ours = query.where(Neighbourhood.slug.in_((VOTING, LISTENING, BUNDLING)))
        wish = db.session.scalars(ours.order_by(Wish.number)).first()
        if wish is not None:
            found.append({"reference": wish.reference})
    return found


def _piles() -> list[Arguments]:
    """A pile that is typed over, and one in the box."""
    found = [
        db.session.scalars(sa.select(PaperBatch).where(PaperBatch.state == state).order_by(PaperBatch.id)).first()
        for state in (PaperState.FULL, PaperState.IN_BOX)
    ]
    return [{"voting_round_id": batch.voting_round_id, "number": batch.number} for batch in found if batch]


def _holders() -> list[Arguments]:
    """A key holder of a vote that is open."""
    holder = db.session.scalars(
        sa.select(KeyHolder)
        .join(VotingRound)
        .where(VotingRound.state == VotingState.OPEN, KeyHolder.staff_member_id.is_not(None))
        .order_by(KeyHolder.id)
    ).first()
    assert holder is not None, "Markerstad has no key holder of an open vote"
    return [{"voting_round_id": holder.voting_round_id, "holder_id": holder.id}]


def _sheets() -> list[Arguments]:
    return [_piles()[0] | {"sheet": 2}]


def _remarks() -> list[Arguments]:
    """One that has its answer, and one that waits."""
    (vote,) = _voting_rounds(VotingState.OPEN)
    query = sa.select(VotingReport).filter_by(**vote).order_by(VotingReport.id)
    return [vote | {"remark_id": remark.id} for remark in db.session.scalars(query)]


def _received() -> list[Arguments]:
    (vote,) = _voting_rounds(VotingState.OPEN, slug=True)
    query = sa.select(VotingReport.reference).where(VotingReport.voting_round_id == vote["voting_round_id"])
    return [vote | {"nummer": db.session.scalars(query.order_by(VotingReport.id)).first()}]


def _voting_rounds(*states: VotingState, slug: bool = False) -> list[Arguments]:
    found: list[Arguments] = []
    for state in states:
        voting_round = db.session.scalars(
            sa.select(VotingRound).where(VotingRound.state == state).order_by(VotingRound.id)
        ).first()
        assert voting_round is not None, f"Markerstad has no vote that is {state.value}"
        found.append(
            {"voting_round_id": voting_round.id} | ({"slug": voting_round.round.neighbourhood.slug} if slug else {})
        )
    return found


def _results() -> list[Arguments]:
    """One published vote of every rule, and one that is open."""
    published = db.session.scalars(
        sa.select(VotingRound).where(VotingRound.state == VotingState.PUBLISHED).order_by(VotingRound.id)
    ).all()
    by_rule = {voting_round.rule: voting_round for voting_round in published}
    assert len(by_rule) > 1, "Markerstad has results of one kind only"
    return [
        *({"voting_round_id": one.id, "slug": one.round.neighbourhood.slug} for one in by_rule.values()),
        *_voting_rounds(VotingState.OPEN, slug=True),
    ]


def _earlier_votes() -> list[Arguments]:
    return [{"slug": slug} for slug in db.session.scalars(sa.select(ArchivedVote.slug).order_by(ArchivedVote.id))]


def _points() -> list[Arguments]:
    query = sa.select(Priority.number).where(Priority.round_id == _round_in(VOTING)).order_by(Priority.number)
    return [{"slug": VOTING, "number": number} for number in db.session.scalars(query.limit(1))]


def _rounds(name: str, slug: str) -> list[Arguments]:
    return [{name: db.session.scalar(sa.select(_round_in(slug)))}]


def _item_in(slug: str) -> sa.ColumnElement[bool]:
    return AgendaItem.agenda.has(round_id=_round_in(slug))


def _is_draft(found: Arguments) -> bool:
    update = db.session.get(ProgressUpdate, found["update_id"])
    return update is not None and update.state is UpdateState.DRAFT


def _action_in(slug: str) -> sa.ColumnElement[bool]:
    return Action.item.has(AgendaItem.agenda.has(round_id=_round_in(slug)))


def _tokens(model: type, **more: object) -> list[Arguments]:
    token = db.session.scalars(sa.select(model.token).order_by(model.id)).first()  # type: ignore[attr-defined]
    assert token is not None, f"Markerstad has no {model.__name__}"
    return [{"token": token, **more}]


def _surveys(**more: object) -> list[Arguments]:
    """Two of them, in the eyes of whoever may see all."""
    return [found | more | {"who": WHO[Role.RESEARCHER]} for found in _ids("survey_id", Survey, most=2)]


def _published_survey() -> list[Arguments]:
    """None without a number: the address of the newest result has none."""
    held = db.session.scalars(
        sa.select(NeighbourhoodSurvey).where(NeighbourhoodSurvey.neighbourhood_id == _in(CARRYING_OUT))
    ).one()
    return [{"slug": CARRYING_OUT, "survey_id": held.survey_id}, {"slug": CARRYING_OUT}, {"slug": ASKING}]


def _on_the_desk_of_oost(name: str, model: type, *where: sa.ColumnElement[bool]) -> list[Arguments]:
    return [found | {"who": OOST} for found in _ids(name, model, *where)]


def _updates() -> list[Arguments]:
    """With the manager, still a draft, and published; whoever made it in whatever neighbourhood."""
    found: list[Arguments] = []
    for state in UpdateState:
        update = db.session.scalars(
            sa.select(ProgressUpdate).where(ProgressUpdate.state == state).order_by(ProgressUpdate.id.desc())
        ).first()
        assert update is not None, f"Markerstad has no update that is {state.value}"
        found.append({"update_id": update.id, "who": _manager_of(update.action.item.agenda.round)})
    return found


def _manager_of(agenda_round: AgendaRound) -> str:
    district = agenda_round.neighbourhood.city_district
    return {"Haven": HAVEN, "Oost": OOST}.get(district.name if district else "", WHO[Role.CITY_DISTRICT_MANAGER])


def _actions() -> list[Arguments]:
    return [
        arguments
        for state in (ActionState.ON_SCHEDULE, ActionState.DELAYED, ActionState.DONE, ActionState.NOT_BEGUN)
        for arguments in _ids("action_id", Action, Action.state == state)
    ]


BY_ENDPOINT: dict[str, Callable[[], list[Arguments]]] = {
    "progress.action": _actions,
    "voting_result.result": _results,
    "voting_recount.recount": lambda: _voting_rounds(VotingState.PUBLISHED, slug=True),
    "voting_recount.ballots_file": lambda: _voting_rounds(VotingState.PUBLISHED, slug=True)[:1],
    "voting_archive.vote": _earlier_votes,
    "voting_archive.ballots_file": _earlier_votes,
    "voting_archive_desk.sure": _earlier_votes,
    "voting_result.receipts": lambda: _voting_rounds(VotingState.PUBLISHED, slug=True),
    "priorities.point": _points,
    "home.my_wish": lambda: _tokens(WishGiver),
    "wishes.confirm": lambda: _tokens(WishGiver),
    "feedback.confirm": lambda: _tokens(Subscription),
    "feedback.confirmed": lambda: _tokens(Subscription),
    "feedback.stop": lambda: _tokens(Subscription),
    "feedback.mail": lambda: _ids("mail_id", DemoMail),
    "sign_in.confirm": lambda: [{"token": "een-link-uit-de-mail"}],
    "wishes_desk.wish": _wishes_on_the_desk,
    "priorities_desk.wish_check": lambda: _wishes(WishState.PLACED),
    "priorities_desk.priority": lambda: _ids("priority_id", Priority, Priority.round_id == _round_in(VOTING)),
    "rounds_desk.approach": lambda: _rounds("round_id", VOTING),
    "rounds_desk.phases": lambda: _rounds("round_id", VOTING),
    "staff_desk.member": lambda: _ids("staff_id", StaffMember),
    "consultations.result": _published_survey,
    "consultations_desk.survey": _surveys,
    "consultations_desk.read_open_answers": lambda: _surveys()[:1],
    "consultations_desk.result": lambda: _surveys()[:1],
    "consultations_desk.download_questions": _surveys,
    "consultations_desk.download_answers": lambda: _surveys(what="antwoorden")[:1],
    "agenda_desk.evidence": lambda: _on_the_desk_of_oost("item_id", AgendaItem, _item_in(CARRYING_OUT)),
    "plan_desk.new_action": lambda: _on_the_desk_of_oost("item_id", AgendaItem, _item_in(CARRYING_OUT)),
    "plan_desk.action": lambda: _on_the_desk_of_oost("action_id", Action, _action_in(CARRYING_OUT)),
    "progress_desk.update": _updates,
    "progress_desk.edit": lambda: [found | {"who": "Fleur Jansen"} for found in _updates() if _is_draft(found)],
    "home.map_code": lambda: [{"version": "1"}],
    "wishes.map_code": lambda: [{"version": "1", "kind": "wishes"}],
    "voting_result.receipts_file": lambda: _voting_rounds(VotingState.PUBLISHED, slug=True),
    "voting_result.totals": lambda: _voting_rounds(VotingState.PUBLISHED, slug=True),
    "voting_desk.voting_round": lambda: _voting_rounds(VotingState.OPEN, VotingState.PUBLISHED, VotingState.DRAFT),
    "voting_rules_desk.edit_form": lambda: _voting_rounds(VotingState.DRAFT),
    "voting_box_desk.show_keys": lambda: _voting_rounds(VotingState.DRAFT, VotingState.OPEN, VotingState.PUBLISHED),
    "voting_acts.opening": lambda: _voting_rounds(VotingState.DRAFT, VotingState.OPEN),
    "voting_acts.closing": lambda: _voting_rounds(VotingState.OPEN, VotingState.PUBLISHED),
    "voting_acts.counting": lambda: _voting_rounds(VotingState.OPEN, VotingState.PUBLISHED),
    "voting_acts.publishing": lambda: _voting_rounds(VotingState.OPEN, VotingState.PUBLISHED),
    "voting_rehearsal_desk.rehearsal": lambda: _voting_rounds(VotingState.DRAFT),
    "voting_rehearsal_desk.test_codes": lambda: _voting_rounds(VotingState.DRAFT),
    "voting_rehearsal_desk.removing": lambda: _voting_rounds(VotingState.DRAFT),
    "voting_letters.letters": lambda: _voting_rounds(VotingState.OPEN, VotingState.PUBLISHED),
    "voting_letters.codes": lambda: _voting_rounds(VotingState.OPEN, VotingState.PUBLISHED),
    "voting_letters.returned_form": lambda: _voting_rounds(VotingState.OPEN),
    "voting_letters.desk_code_form": lambda: _voting_rounds(VotingState.OPEN),
    "voting_box_desk.leave_form": lambda: _holders(),
    "voting_box_desk.grant_form": lambda: _holders(),
    "voting_rules_desk.new_round": lambda: _rounds("agenda_round_id", "schildershof"),
    "voting_rules_desk.begin": lambda: _rounds("agenda_round_id", "schildershof"),
    "voting_rules_desk.preview": lambda: _voting_rounds(VotingState.DRAFT, VotingState.OPEN),
    "voting_rules.regulation": lambda: _voting_rounds(VotingState.OPEN, slug=True),
    "voting_practice.practise": lambda: _voting_rounds(VotingState.OPEN),
    "voting_practice.practise_again": lambda: _voting_rounds(VotingState.OPEN),
    "voting_sheet.count_sheet": lambda: _voting_rounds(VotingState.PUBLISHED, slug=True),
    "voting_sheet_desk.count_sheet": lambda: _voting_rounds(VotingState.PUBLISHED),
    "voting_remarks.remark": lambda: _voting_rounds(VotingState.OPEN, VotingState.PUBLISHED, slug=True),
    "voting_remarks.received": lambda: _received(),
    "voting_remarks_desk.remarks": lambda: _voting_rounds(VotingState.OPEN),
    "voting_remarks_desk.remark": lambda: _remarks(),
    "voting_paper_desk.piles": lambda: _voting_rounds(VotingState.OPEN, VotingState.PUBLISHED),
    "voting_paper_desk.ballot_paper": list,
    "voting_paper_desk.pile": lambda: _piles(),
    "voting_paper_desk.sheet": lambda: _sheets(),
    "voting_rules.regulation_file": lambda: _voting_rounds(VotingState.OPEN, slug=True),
    "consultations_desk.meetings.meeting": lambda: _ids("meeting_id", Meeting, Meeting.neighbourhood_id == _in(VOTING)),
}
