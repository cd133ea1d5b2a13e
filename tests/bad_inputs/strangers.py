"""Staff of stadsdeel Haven, and things that are not theirs."""

import re
from datetime import datetime

import sqlalchemy as sa

from wijkagenda.agenda.models import AgendaItem, SurveyEvidence
from wijkagenda.consultations.models import Meeting, NeighbourhoodSurvey
from wijkagenda.db import db
from wijkagenda.neighbourhoods.models import CityDistrict, Neighbourhood, Place, ProfileFigure
from wijkagenda.people.actors import SYSTEM
from wijkagenda.people.models import Role
from wijkagenda.people.operations import add_staff_member, grant_role
from wijkagenda.plan.models import Action, Milestone
from wijkagenda.priorities.models import BundledWish, Priority
from wijkagenda.progress.models import ProgressUpdate
from wijkagenda.rounds.models import AgendaRound
from wijkagenda.voting.box.models import KeyHolder
from wijkagenda.voting.models import CodeBatch, VotingRound
from wijkagenda.voting.paper.models import PaperBatch
from wijkagenda.voting.remarks.models import VotingReport
from wijkagenda.wishes.models import Wish

STRANGERS = {
    Role.AREA_TEAM: "Team van Haven",
    Role.CITY_DISTRICT_MANAGER: "Manager van Haven",
    Role.VOTING_OFFICER: "Stembureau van Haven",
    Role.RESEARCHER: "Onderzoeker van Haven",
    Role.ADMINISTRATOR: "Beheerder van Haven",
}
NOT_THEIRS = ("molenwijk", "leienburg")


def hire_strangers(now: datetime) -> None:
    """One per role, for stadsdeel Haven alone. In a unit of work."""
    haven = db.session.scalars(sa.select(CityDistrict).where(CityDistrict.slug == "haven")).one()
    for role, name in STRANGERS.items():
        member = add_staff_member(actor=SYSTEM, now=now, email=f"{role.value}@haven.example", name=name)
        grant_role(actor=SYSTEM, now=now, member=member, role=role, area_id=haven.area_id)


def things_of_others(path: str) -> str:
    """A route with arguments that exist in Zuid or Oost."""
    found = re.sub(r"<any\('?([\w-]+).*?>", r"\1", path)
    for name in re.findall(r"<(?:\w+:)?(\w+)>", found):
        found = re.sub(rf"<(?:\w+:)?{name}>", str(_thing(name)), found, count=1)
    return found


def _thing(name: str) -> object:
    """One in Molenwijk, else one in Leienburg."""
    for slug in NOT_THEIRS:
        here = sa.select(Neighbourhood.id).where(Neighbourhood.slug == slug).scalar_subquery()
        rounds = sa.select(AgendaRound.id).where(AgendaRound.neighbourhood_id == here)
        newest = rounds.order_by(AgendaRound.id.desc()).limit(1).scalar_subquery()
        in_agenda = AgendaItem.agenda.has(round_id=newest)
        ways = {
            "slug": sa.select(Neighbourhood.slug).where(Neighbourhood.id == here),
            "reference": sa.select(sa.literal("W-") + sa.cast(Wish.number, sa.String)).where(
                Wish.neighbourhood_id == here
            ),
            "wish_id": sa.select(BundledWish.wish_id).join(Priority).where(Priority.round_id == newest),
            "priority_id": sa.select(Priority.id).where(Priority.round_id == newest),
            "round_id": sa.select(newest),
            "agenda_round_id": sa.select(newest),
            "voting_round_id": sa.select(VotingRound.id).where(VotingRound.round_id == newest),
            "batch_id": sa.select(CodeBatch.id).join(VotingRound).where(VotingRound.round_id == newest),
            "holder_id": sa.select(KeyHolder.id).join(VotingRound).where(VotingRound.round_id == newest),
            "number": sa.select(PaperBatch.number).join(VotingRound).where(VotingRound.round_id == newest),
            "sheet": sa.select(sa.literal(1)),
            "remark_id": sa.select(VotingReport.id).join(VotingRound).where(VotingRound.round_id == newest),
            "survey_id": sa.select(NeighbourhoodSurvey.survey_id).where(NeighbourhoodSurvey.neighbourhood_id == here),
            "meeting_id": sa.select(Meeting.id).where(Meeting.neighbourhood_id == here),
            "place_id": sa.select(Place.id).where(Place.neighbourhood_id == here),
            "figure_id": sa.select(ProfileFigure.id).where(ProfileFigure.neighbourhood_id == here),
            "item_id": sa.select(AgendaItem.id).where(in_agenda),
            "evidence_id": sa.select(SurveyEvidence.id).where(SurveyEvidence.item.has(in_agenda)),
            "action_id": sa.select(Action.id).where(Action.item.has(in_agenda)),
            "milestone_id": sa.select(Milestone.id).where(Milestone.action.has(Action.item.has(in_agenda))),
            "update_id": sa.select(ProgressUpdate.id).where(ProgressUpdate.action.has(Action.item.has(in_agenda))),
            "staff_id": sa.select(sa.literal(1)),
            "grant_id": sa.select(sa.literal(1)),
            "message_id": sa.select(sa.literal(1)),
        }
        value = db.session.scalars(ways[name].limit(1)).first()
        if value is not None:
            return value
    raise AssertionError(f"no {name} in {NOT_THEIRS}")
