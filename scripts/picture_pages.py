"""Which pages are pictured: every page of the platform, with an example from the demo city for each.

An address is made from the name of its route, so that a renamed route fails here loudly.
`routes_without_a_picture` names pages that this table forgot.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

import sqlalchemy as sa
from flask import Flask

from wijkagenda.agenda.models import Agenda, AgendaItem, AgendaState
from wijkagenda.consultations.models import Meeting, NeighbourhoodSurvey
from wijkagenda.db import db
from wijkagenda.feedback.models import DemoMail, Subscription
from wijkagenda.neighbourhoods.models import CityDistrict, Neighbourhood
from wijkagenda.people.models import Role, StaffMember
from wijkagenda.plan.models import Action, ActionState
from wijkagenda.priorities.models import Priority, PriorityState
from wijkagenda.progress.models import ProgressUpdate, UpdateState
from wijkagenda.rounds.models import AgendaRound, PhaseKind
from wijkagenda.rounds.queries import present_phases
from wijkagenda.voting.archive.models import ArchivedVote
from wijkagenda.voting.box.models import KeyHolder
from wijkagenda.voting.models import VotingRound, VotingState
from wijkagenda.voting.paper.models import PaperBatch, PaperState
from wijkagenda.voting.remarks.models import VotingReport
from wijkagenda.web.access import guard_of
from wijkagenda.wishes.models import Wish, WishGiver, WishState

HOME_DISTRICT = "Zuid"
"""Where the area team and the manager of the pictures work; examples come from here where they can."""
Row = TypeVar("Row")


class NotInTheDemo(Exception):
    """The demo city has no example of this."""


class Examples:
    """One example of everything, looked up when asked for."""

    def __init__(self, today: Any) -> None:
        self.today = today

    def _one(self, query: "sa.Select[tuple[Row]]") -> Row:
        found = db.session.scalar(query.limit(1))
        if found is None:
            raise NotInTheDemo(str(query.column_descriptions[0]["name"]))
        return found

    def _here(self, query: "sa.Select[tuple[Row]]") -> Row:
        """The first row, those of the home stadsdeel first. The query has Neighbourhood in it."""
        home = sa.select(CityDistrict.id).where(CityDistrict.name == HOME_DISTRICT).scalar_subquery()
        return self._one(query.order_by(None).order_by((Neighbourhood.city_district_id == home).desc(), *_ORDER))

    def slug(self, *kinds: PhaseKind | None) -> str:
        """A wijk that is in one of these phases (None: without a round), the first kind first."""
        phases = present_phases(self.today)
        found = [
            (list(kinds).index(kind), neighbourhood.city_district.name != HOME_DISTRICT, neighbourhood.slug)
            for neighbourhood in db.session.scalars(sa.select(Neighbourhood).order_by(Neighbourhood.id))
            for kind in [phases[neighbourhood.id].kind if neighbourhood.id in phases else None]
            if kind in kinds and neighbourhood.city_district is not None
        ]
        if not found:
            raise NotInTheDemo(f"a wijk in {kinds}")
        return min(found)[2]

    def wish(self, *states: WishState) -> Wish:
        return self._here(sa.select(Wish).join(Neighbourhood).where(Wish.state.in_(states)))

    def round(self, kind: PhaseKind = PhaseKind.LISTENING) -> AgendaRound:
        query = sa.select(AgendaRound).join(Neighbourhood).where(Neighbourhood.slug == self.slug(kind))
        return self._one(query.order_by(AgendaRound.start_year.desc()))

    def vote(self, *states: VotingState) -> VotingRound:
        return self._here(
            sa.select(VotingRound).join(AgendaRound).join(Neighbourhood).where(VotingRound.state.in_(states))
        )

    def pile(self, state: PaperState) -> PaperBatch:
        query = sa.select(PaperBatch).join(VotingRound).join(AgendaRound).join(Neighbourhood)
        return self._here(query.where(PaperBatch.state == state))

    def remark(self) -> VotingReport:
        """One of the open vote that waits for its answer."""
        query = sa.select(VotingReport).where(VotingReport.voting_round_id == self.vote(VotingState.OPEN).id)
        return self._one(query.order_by(VotingReport.answered_at.is_not(None), VotingReport.id))

    def key_holder(self, state: VotingState) -> KeyHolder:
        holding = sa.select(KeyHolder).join(VotingRound).join(AgendaRound).join(Neighbourhood)
        return self._here(holding.where(VotingRound.state == state, KeyHolder.staff_member_id.is_not(None)))

    def earlier_vote(self) -> ArchivedVote:
        return self._one(sa.select(ArchivedVote).order_by(ArchivedVote.id))

    def priority(self, *states: PriorityState) -> Priority:
        return self._here(sa.select(Priority).join(AgendaRound).join(Neighbourhood).where(Priority.state.in_(states)))

    def agenda(self, state: AgendaState) -> Agenda:
        return self._here(sa.select(Agenda).join(AgendaRound).join(Neighbourhood).where(Agenda.state == state))

    def item(self, state: AgendaState = AgendaState.ADOPTED) -> AgendaItem:
        return self._here(
            sa.select(AgendaItem).join(Agenda).join(AgendaRound).join(Neighbourhood).where(Agenda.state == state)
        )

    def action(self, *states: ActionState) -> Action:
        query = sa.select(Action).join(AgendaItem).join(Agenda).join(AgendaRound).join(Neighbourhood)
        return self._here(query.where(Action.state.in_(states)))

    def update(self, *states: UpdateState) -> ProgressUpdate:
        query = sa.select(ProgressUpdate).join(Action).join(AgendaItem).join(Agenda).join(AgendaRound)
        return self._here(query.join(Neighbourhood).where(ProgressUpdate.state.in_(states)))

    def survey(self, *, published: bool) -> NeighbourhoodSurvey:
        held = NeighbourhoodSurvey
        moment = datetime.now(UTC)
        is_open = sa.and_(held.opens_at <= moment, held.closes_at > moment)
        wanted = held.results_published_at.is_not(None) if published else is_open
        return self._here(sa.select(held).join(Neighbourhood).where(wanted))

    def meeting(self) -> Meeting:
        return self._here(sa.select(Meeting).join(Neighbourhood))

    def mail(self) -> DemoMail:
        return self._one(sa.select(DemoMail).order_by(DemoMail.id.desc()))

    def subscription(self, *, confirmed: bool) -> Subscription:
        column = Subscription.confirmed_at
        return self._one(sa.select(Subscription).where(column.is_not(None) if confirmed else column.is_(None)))

    def giver(self) -> WishGiver:
        return self._one(sa.select(WishGiver).order_by(WishGiver.confirmed_at.desc(), WishGiver.id))

    def members(self, role: Role) -> list[StaffMember]:
        """Who is pictured as `role`: somebody for the whole municipality, or one per stadsdeel, the home one first."""
        home = self._one(sa.select(CityDistrict).where(CityDistrict.name == HOME_DISTRICT))
        parts = dict.fromkeys(db.session.scalars(sa.select(CityDistrict.area_id)), 1) | {None: 0, home.area_id: 0}
        found: dict[int | None, tuple[int, StaffMember]] = {}
        for member in db.session.scalars(sa.select(StaffMember).where(StaffMember.is_active).order_by(StaffMember.id)):
            for grant in member.grants:
                if grant.role is role and grant.area_id in parts:
                    found.setdefault(grant.area_id, (parts[grant.area_id], member))
        if not found:
            raise NotInTheDemo(f"a {role.value}")
        return [member for _, member in sorted(found.values(), key=lambda pair: (pair[0], pair[1].id))]

    def member(self, role: Role) -> StaffMember:
        return self.members(role)[0]


_ORDER = (Neighbourhood.id,)
Arguments = Callable[[Examples], dict[str, Any]]


@dataclass(frozen=True)
class Page:
    """A page to picture: the name of its file, its route, and what stands in its address."""

    name: str
    endpoint: str
    arguments: Arguments = lambda _examples: {}


P, V = PhaseKind, VotingState
PAGES = (
    # --- residents
    Page("home", "home.index"),
    Page("wijken", "home.neighbourhoods"),
    Page("wijken-die-stemmen", "home.neighbourhoods", lambda e: {"fase": "voting"}),
    Page("zoeken", "home.search"),
    Page("zoeken-lamp", "home.search", lambda e: {"q": "lamp"}),
    Page("zoeken-niets", "home.search", lambda e: {"q": "xyzzy"}),
    Page("zo-werkt-het", "home.how"),
    Page("hulp", "home.help"),
    Page("privacy", "home.privacy"),
    Page("toegankelijkheid", "home.accessibility"),
    Page("zelf-natellen", "home.recount"),
    Page("onze-regels", "home.rules"),
    Page("cijfers", "home.open_data"),
    Page("wijk-luisteren", "home.neighbourhood", lambda e: {"slug": e.slug(P.LISTENING)}),
    Page("wijk-bundelen", "home.neighbourhood", lambda e: {"slug": e.slug(P.BUNDLING)}),
    Page("wijk-stemmen", "home.neighbourhood", lambda e: {"slug": e.slug(P.VOTING)}),
    Page("wijk-vaststellen", "home.neighbourhood", lambda e: {"slug": e.slug(P.ADOPTING)}),
    Page("wijk-uitvoeren", "home.neighbourhood", lambda e: {"slug": e.slug(P.CARRYING_OUT)}),
    Page("wijk-zonder-ronde", "home.neighbourhood", lambda e: {"slug": e.slug(None)}),
    Page("meedoen", "rounds.participation", lambda e: {"slug": e.slug(P.VOTING, P.LISTENING)}),
    Page("wensen", "wishes.wishes", lambda e: {"slug": e.slug(P.VOTING, P.BUNDLING)}),
    Page("wensen-gefilterd", "wishes.wishes", lambda e: {"slug": e.slug(P.VOTING, P.BUNDLING), "thema": "safety"}),
    Page("wensen-niets", "wishes.wishes", lambda e: {"slug": e.slug(P.VOTING), "zoek": "xyzzy"}),
    Page("wens-geplaatst", "home.wish", lambda e: {"reference": e.wish(WishState.PLACED).reference}),
    Page("wens-samengevoegd", "home.wish", lambda e: {"reference": e.wish(WishState.BUNDLED).reference}),
    Page("wens-doorgegeven", "home.wish", lambda e: {"reference": e.wish(WishState.REFERRED).reference}),
    Page("wens-nee", "home.wish", lambda e: {"reference": e.wish(WishState.REFUSED).reference}),
    Page("wens-mijn", "home.my_wish", lambda e: {"token": e.giver().token}),
    Page("wens-bevestig", "wishes.confirm", lambda e: {"token": e.giver().token}),
    Page("wens-geven-1", "wishes.give", lambda e: {"slug": e.slug(P.LISTENING)}),
    Page("wens-geven-dicht", "wishes.give", lambda e: {"slug": e.slug(P.VOTING)}),
    Page("wens-verstuurd", "wishes.sent", lambda e: {"reference": e.wish(WishState.RECEIVED).reference}),
    Page("wens-volgen", "feedback.follow_wish", lambda e: {"reference": e.wish(WishState.PLACED).reference}),
    Page("wijk-volgen", "feedback.follow_neighbourhood", lambda e: {"slug": e.slug(P.VOTING)}),
    Page("volgen-gevraagd", "feedback.asked"),
    Page("volgen-bevestig", "feedback.confirm", lambda e: {"token": e.subscription(confirmed=False).token}),
    Page("volgen-bevestigd", "feedback.confirmed", lambda e: {"token": e.subscription(confirmed=True).token}),
    Page("volgen-stoppen", "feedback.stop", lambda e: {"token": e.subscription(confirmed=True).token}),
    Page("volgen-gestopt", "feedback.stopped"),
    Page("bijeenkomsten", "consultations.meetings", lambda e: {"slug": e.meeting().neighbourhood.slug}),
    Page("vragenlijst", "consultations.survey", lambda e: {"slug": e.survey(published=False).neighbourhood.slug}),
    Page("vragenlijst-vraag", "consultations.begin", lambda e: {"slug": e.survey(published=False).neighbourhood.slug}),
    Page(
        "vragenlijst-bedankt", "consultations.thanks", lambda e: {"slug": e.survey(published=False).neighbourhood.slug}
    ),
    Page(
        "vragenlijst-uitslag", "consultations.result", lambda e: {"slug": e.survey(published=True).neighbourhood.slug}
    ),
    Page("punten", "priorities.points", lambda e: {"slug": e.slug(P.VOTING)}),
    Page(
        "punt",
        "priorities.point",
        lambda e: {
            "slug": (found := e.priority(PriorityState.PROPOSED)).round.neighbourhood.slug,
            "number": found.number,
        },
    ),
    Page("stemmen-code", "voting.enter_code"),
    Page("stemmen-hulp", "voting.help_page"),
    Page("uitslag", "voting_result.result", lambda e: _vote(e, V.PUBLISHED)),
    Page("uitslag-nog-niet", "voting_result.result", lambda e: _vote(e, V.OPEN)),
    Page("stemmen-oefenen", "voting_practice.practise", lambda e: {"voting_round_id": e.vote(V.OPEN).id}),
    Page("stemmen-oefenen-waar", "voting_practice.practice"),
    Page("reglement", "voting_rules.regulation", lambda e: _vote(e, V.OPEN)),
    Page("telblad", "voting_sheet.count_sheet", lambda e: _vote(e, V.PUBLISHED)),
    Page("melding", "voting_remarks.remark", lambda e: _vote(e, V.OPEN)),
    Page("melding-ontvangen", "voting_remarks.received", lambda e: _vote(e, V.OPEN) | {"nummer": e.remark().reference}),
    Page("uitslag-natellen", "voting_recount.recount", lambda e: _vote(e, V.PUBLISHED)),
    Page("stemmingen-archief", "voting_archive.votes"),
    Page("stemming-eerder", "voting_archive.vote", lambda e: {"slug": e.earlier_vote().slug}),
    Page("uitslag-bewijzen", "voting_result.receipts", lambda e: _vote(e, V.PUBLISHED)),
    Page("agenda", "plan.agenda", lambda e: {"slug": e.agenda(AgendaState.ADOPTED).round.neighbourhood.slug}),
    Page("nieuws", "progress.news", lambda e: {"slug": e.slug(P.CARRYING_OUT)}),
    Page("actie-vertraagd", "progress.action", lambda e: {"action_id": e.action(ActionState.DELAYED).id}),
    Page("actie-klaar", "progress.action", lambda e: {"action_id": e.action(ActionState.DONE).id}),
    Page("proef-postvak", "feedback.mailbox"),
    Page("proef-mail", "feedback.mail", lambda e: {"mail_id": e.mail().id}),
    Page("aanmelden", "sign_in.ask"),
    Page("aanmelden-verstuurd", "sign_in.sent"),
    Page("aanmelden-bevestig", "sign_in.confirm", lambda e: {"token": "voorbeeld"}),
    # --- staff
    Page("werklijst", "desk.work_list"),
    Page("overzicht", "desk.overview"),
    Page("bouwstenen", "desk.gallery"),
    Page("werkplek-wensen", "wishes_desk.wishes"),
    Page("werkplek-wens-nieuw", "wishes_desk.wish", lambda e: {"reference": e.wish(WishState.RECEIVED).reference}),
    Page("werkplek-wens", "wishes_desk.wish", lambda e: {"reference": e.wish(WishState.PLACED).reference}),
    Page("werkplek-wens-invoeren", "wishes_desk.new_wish"),
    Page("haalbaarheid", "priorities_desk.wish_check", lambda e: {"reference": e.wish(WishState.PLACED).reference}),
    Page("werkplek-punten", "priorities_desk.priorities"),
    Page("werkplek-bundelen", "priorities_desk.bundling", lambda e: {"slug": e.slug(P.BUNDLING, P.VOTING)}),
    Page("werkplek-punt-nieuw", "priorities_desk.new_priority", lambda e: {"slug": e.slug(P.BUNDLING, P.VOTING)}),
    Page("werkplek-punt", "priorities_desk.priority", lambda e: {"priority_id": e.priority(*PriorityState).id}),
    Page("stemmingen", "voting_desk.rounds"),
    Page("stemmingen-eerder", "voting_archive_desk.archive"),
    Page("stemming-eerder-weg", "voting_archive_desk.sure", lambda e: {"slug": e.earlier_vote().slug}),
    Page("stemming-open", "voting_desk.voting_round", lambda e: {"voting_round_id": e.vote(V.OPEN).id}),
    Page("stemming-brieven", "voting_letters.letters", lambda e: {"voting_round_id": e.vote(V.OPEN).id}),
    Page("stemming-brief-kwijt", "voting_letters.codes", lambda e: {"voting_round_id": e.vote(V.OPEN).id}),
    Page("stemming-brieven-terug", "voting_letters.returned_form", lambda e: {"voting_round_id": e.vote(V.OPEN).id}),
    Page("stemming-balie", "voting_letters.desk_code_form", lambda e: {"voting_round_id": e.vote(V.OPEN).id}),
    Page("stemmen-op-papier", "voting_paper_desk.piles", lambda e: {"voting_round_id": e.vote(V.OPEN).id}),
    Page("stapel", "voting_paper_desk.pile", lambda e: _pile(e)),
    Page("stapel-biljet", "voting_paper_desk.sheet", lambda e: _pile(e) | {"sheet": 2}),
    Page("stemcomputer", "voting_kiosk_desk.kiosk"),
    Page("meldingen", "voting_remarks_desk.remarks", lambda e: {"voting_round_id": e.vote(V.OPEN).id}),
    Page(
        "werkplek-melding",
        "voting_remarks_desk.remark",
        lambda e: {"voting_round_id": e.vote(V.OPEN).id, "remark_id": e.remark().id},
    ),
    Page("werkplek-telblad", "voting_sheet_desk.count_sheet", lambda e: {"voting_round_id": e.vote(V.PUBLISHED).id}),
    Page("stemming-klaar", "voting_desk.voting_round", lambda e: {"voting_round_id": e.vote(V.PUBLISHED).id}),
    Page("stemming-sleutels-maken", "voting_box_desk.show_keys", lambda e: {"voting_round_id": e.vote(V.DRAFT).id}),
    Page("stemming-sleutels", "voting_box_desk.show_keys", lambda e: {"voting_round_id": e.vote(V.OPEN).id}),
    Page("stemming-klaarzetten", "voting_acts.opening", lambda e: {"voting_round_id": e.vote(V.DRAFT).id}),
    Page("stemming-sluiten", "voting_acts.closing", lambda e: {"voting_round_id": e.vote(V.OPEN).id}),
    Page("stemming-tellen", "voting_acts.counting", lambda e: {"voting_round_id": e.vote(V.PUBLISHED).id}),
    Page("stemming-bekendmaken", "voting_acts.publishing", lambda e: {"voting_round_id": e.vote(V.PUBLISHED).id}),
    Page("stemming-oefenen", "voting_rehearsal_desk.rehearsal", lambda e: {"voting_round_id": e.vote(V.DRAFT).id}),
    Page("oefencodes", "voting_rehearsal_desk.test_codes", lambda e: {"voting_round_id": e.vote(V.DRAFT).id}),
    Page("oefening-opruimen", "voting_rehearsal_desk.removing", lambda e: {"voting_round_id": e.vote(V.DRAFT).id}),
    Page("sleutelhouder-weghalen", "voting_box_desk.leave_form", lambda e: _holder(e)),
    Page("sleutel-doorgeven", "voting_box_desk.grant_form", lambda e: _holder(e)),
    Page("stemming-bewerken", "voting_rules_desk.edit_form", lambda e: {"voting_round_id": e.vote(V.DRAFT).id}),
    Page("stemming-opzet", "voting_rules_desk.begin", lambda e: {"agenda_round_id": e.round(P.BUNDLING).id}),
    Page("stemming-reglement", "voting_rules_desk.preview", lambda e: {"voting_round_id": e.vote(V.DRAFT).id}),
    Page("stemming-nieuw", "voting_rules_desk.new_round", lambda e: {"agenda_round_id": e.round(P.BUNDLING).id}),
    Page("agendas", "agenda_desk.agendas"),
    Page("werkplek-agenda", "agenda_desk.agenda", lambda e: {"slug": e.slug(P.ADOPTING, P.CARRYING_OUT)}),
    Page("agenda-vaststellen", "agenda_desk.adoption", lambda e: {"slug": e.slug(P.ADOPTING)}),
    Page("agenda-cijfer", "agenda_desk.evidence", lambda e: {"item_id": e.item(AgendaState.DRAFT).id}),
    Page("acties", "plan_desk.actions"),
    Page("acties-wijk", "plan_desk.plan", lambda e: {"slug": e.slug(P.CARRYING_OUT)}),
    Page("werkplek-actie", "plan_desk.action", lambda e: {"action_id": e.action(*ActionState).id}),
    Page("actie-nieuw", "plan_desk.new_action", lambda e: {"item_id": e.item().id}),
    Page("werkplek-nieuws", "progress_desk.updates"),
    Page("nieuws-nieuw", "progress_desk.new_update", lambda e: {"action_id": e.action(ActionState.ON_SCHEDULE).id}),
    Page("nieuws-goedkeuren", "progress_desk.update", lambda e: {"update_id": e.update(UpdateState.SUBMITTED).id}),
    Page("nieuws-bewerken", "progress_desk.edit", lambda e: {"update_id": e.update(UpdateState.DRAFT).id}),
    Page("vragenlijsten", "consultations_desk.surveys"),
    Page("werkplek-vragenlijst", "consultations_desk.survey", lambda e: _survey(e)),
    Page("vragenlijst-nieuw", "consultations_desk.new_survey"),
    Page("werkplek-vragenlijst-uitslag", "consultations_desk.result", lambda e: _survey(e)),
    Page("open-antwoorden", "consultations_desk.read_open_answers", lambda e: _survey(e)),
    Page("werkplek-bijeenkomsten", "consultations_desk.meetings.meetings"),
    Page("werkplek-bijeenkomst", "consultations_desk.meetings.meeting", lambda e: {"meeting_id": e.meeting().id}),
    Page("bijeenkomst-nieuw", "consultations_desk.meetings.new_meeting"),
    Page("werkplek-wijken", "neighbourhoods_desk.neighbourhoods"),
    Page("werkplek-wijk", "neighbourhoods_desk.neighbourhood", lambda e: {"slug": e.slug(P.VOTING)}),
    Page("werkplek-plekken", "neighbourhoods_desk.places", lambda e: {"slug": e.slug(P.VOTING)}),
    Page("werkplek-cijfers", "neighbourhoods_desk.figures", lambda e: {"slug": e.slug(P.VOTING)}),
    Page("werkplek-ronde", "rounds_desk.rounds", lambda e: {"slug": e.slug(P.VOTING)}),
    Page("ronde-nieuw", "rounds_desk.new_round", lambda e: {"slug": e.slug(P.VOTING)}),
    Page("ronde-fasen", "rounds_desk.phases", lambda e: {"round_id": e.round(P.VOTING).id}),
    Page("ronde-aanpak", "rounds_desk.approach", lambda e: {"round_id": e.round(P.VOTING).id}),
    Page("berichten", "feedback_desk.outbox"),
    Page("medewerkers", "staff_desk.staff"),
    Page("medewerker", "staff_desk.member", lambda e: {"staff_id": e.member(Role.AREA_TEAM).id}),
    Page("logboek", "staff_desk.audit"),
)
NOT_A_PAGE = {
    "static": "files",
    "health.health": "for machines",
    "voting_kiosk.begin_again": "leads back to the code",
    "voting.begin_again": "leads back to the code",
    "voting_practice.practise_again": "leads back to the practice ballot",
    "voting.receipt": "pictured by the scene that votes",
}


def _vote(examples: Examples, state: VotingState) -> dict[str, Any]:
    found = examples.vote(state)
    return {"slug": found.round.neighbourhood.slug, "voting_round_id": found.id}


def _pile(examples: Examples) -> dict[str, Any]:
    found = examples.pile(PaperState.FULL)
    return {"voting_round_id": found.voting_round_id, "number": found.number}


def _holder(examples: Examples) -> dict[str, Any]:
    found = examples.key_holder(V.OPEN)
    return {"voting_round_id": found.voting_round_id, "holder_id": found.id}


def _survey(examples: Examples) -> dict[str, Any]:
    return {"survey_id": examples.survey(published=True).survey_id}


def routes_without_a_picture(app: Flask) -> list[str]:
    """Pages that stand in no row above: an endpoint per line."""
    pictured = {page.endpoint for page in PAGES} | set(NOT_A_PAGE)
    return sorted(
        f"{rule.endpoint} {rule.rule}"
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and rule.endpoint not in pictured
        # A name with a dot is a file: .csv, .geojson, .js.
        if "." not in rule.rule.rsplit("/", 1)[-1]
    )


def roles_of(app: Flask, endpoint: str) -> list[Role] | None:
    """Who is let in: None for everyone, else the roles (all of them for any staff)."""
    guard = guard_of(app, endpoint)
    if guard is None or guard.everyone:
        return None
    return [role for role in Role if not guard.roles or role in guard.roles]
