"""The page of one wijk, put together for its template (templates/site/neighbourhood.html)."""

from datetime import date, datetime
from typing import Any

from flask import url_for
from flask_babel import format_date, ngettext
from flask_babel import gettext as _
from markupsafe import Markup

from geo.maps import MapKind, map_script_version
from geo.svg import outline_svg_path
from wijkagenda.consultations.models import Meeting, MeetingState
from wijkagenda.dutch_days import local
from wijkagenda.neighbourhoods.models import Neighbourhood, Place, ProfileFigure
from wijkagenda.neighbourhoods.queries import figures_of
from wijkagenda.plan.models import Action
from wijkagenda.progress.models import ProgressUpdate
from wijkagenda.progress.queries import latest_updates
from wijkagenda.rounds.models import AgendaRound, PhaseKind
from wijkagenda.rounds.policy import is_open
from wijkagenda.rounds.queries import phase_on
from wijkagenda.site import queries
from wijkagenda.site.now import Situation, month_of_quarter, now_field, phase_dates
from wijkagenda.web.i18n import clock, euro, label, long_date, number, week_date
from wijkagenda.wishes.maps import wishes_map
from wijkagenda.wishes.models import PlaceChoice, WishState
from wijkagenda.wishes.wording import public_place

OUTLINE = 100
FIGURES_SHOWN = 6
ITEMS_SHOWN = 4


def page_context(slug: str, today: date, now: datetime) -> dict[str, Any]:
    """Everything the page shows, in at most eleven queries."""
    here = queries.neighbourhood_with_boundary(slug)
    agenda_round = queries.round_on(here.id, today)
    agenda = queries.agenda_in_short(here.id)
    wishes = queries.wishes_in_short(here.id)
    places = queries.meeting_places(here.id)
    vote = queries.vote_of(agenda_round) if agenda_round else None
    voting_now = vote is not None and vote.takes_votes(now)
    situation = Situation(
        slug=slug,
        name=here.name,
        today=today,
        now=now,
        agenda_round=agenda_round,
        voting_round=vote,
        # While there is a vote, that is what one can do; the survey would not be shown.
        survey=None if voting_now else queries.open_survey_in(here.id, now),
        standing=agenda.standing if agenda else None,
        adopted=agenda is not None and agenda_round is not None and agenda.agenda.round_id == agenda_round.id,
    )
    listening = is_open(agenda_round, PhaseKind.LISTENING, today)
    return {
        "wijk": _wijk(here),
        "now": now_field(situation),
        "phases": _phases(agenda_round, today),
        "approach": _approach(agenda_round, slug),
        "points_url": url_for("priorities.points", slug=slug)
        if agenda_round is not None and queries.has_public_points(agenda_round)
        else "",
        "agenda": _agenda(agenda, slug),
        "wishes": _wishes(here, wishes),
        "give_url": url_for("wishes.give", slug=slug) if listening else "",
        "meetings": [_meeting(meeting, slug) for meeting in queries.next_meetings(here.id, now)],
        "meetings_url": url_for("consultations.meetings", slug=slug),
        "meetings_text": _("Bekijk hoe u ook mee kunt doen"),
        "places": [_place(place) for place in places],
        "team": _team(here),
        "follow_url": url_for("feedback.follow_neighbourhood", slug=slug),
        "news": [_news(update) for update in latest_updates(here.id, 3)],
        "news_url": url_for("progress.news", slug=slug),
        "figures": _figures(figures_of(here.id)),
        "map_script": url_for("wishes.map_code", kind="wishes", version=map_script_version(MapKind.WISHES)),
    }


def _wijk(here: Neighbourhood) -> dict[str, Any]:
    return {
        "name": here.name,
        "url": url_for("home.neighbourhood", slug=here.slug),
        "district_name": here.city_district.name if here.city_district else "",
        "district_url": url_for("home.neighbourhoods", _anchor=here.city_district.slug) if here.city_district else "",
        "residents": here.residents,
        "outline": outline_svg_path(here.area.polygons, OUTLINE, OUTLINE),
        "outline_box": f"0 0 {OUTLINE} {OUTLINE}",
    }


def _phases(agenda_round: AgendaRound | None, today: date) -> list[dict[str, Any]]:
    if agenda_round is None:
        return []
    present = phase_on(agenda_round, today)
    rows = []
    for phase in agenda_round.phases:
        state = "later"
        if phase.ends_on < today:
            state = "done"
        elif phase is present:
            state = "now"
        rows.append(
            {
                "kind": phase.kind.value,
                "number": phase.kind.number,
                "name": label(phase.kind),
                "state": state,
                "dates": phase_dates(phase, today),
            }
        )
    return rows


def _approach(agenda_round: AgendaRound | None, slug: str) -> dict[str, str] | None:
    approach = agenda_round.approach if agenda_round else None
    if agenda_round is None or approach is None or approach.published_at is None:
        return None
    return {
        "lead": _("Wat u zegt en kiest, bepaalt de wijkagenda %(years)s.", years=agenda_round.period),
        "who": approach.who,
        "what": approach.what,
        "what_we_do": approach.what_we_do_with_it,
        "what_can_change": approach.what_can_change,
        "means": approach.means,
        "url": url_for("rounds.participation", slug=slug),
    }


def _agenda(agenda: queries.AgendaInShort | None, slug: str) -> dict[str, Any] | None:
    if agenda is None:
        return None
    adopted = agenda.agenda.adopted_on
    return {
        "title": _("De wijkagenda van nu"),
        "period": agenda.agenda.round.period,
        "adopted": _("vastgesteld op %(day)s", day=long_date(adopted)) if adopted else "",
        "items_list": [_item(line, slug) for line in agenda.lines[:ITEMS_SHOWN]],
        "url": url_for("plan.agenda", slug=slug),
        "count": len(agenda.lines),
        "actions": agenda.standing.total,
    }


def _item(line: queries.ItemLine, slug: str) -> dict[str, Any]:
    standing = line.standing
    return {
        "rank": line.item.rank,
        "title": line.item.title,
        "url": url_for("plan.agenda", slug=slug, _anchor=f"punt-{line.item.rank}"),
        "wishes": line.wishes,
        "votes": line.votes,
        "survey": {
            "percent": line.survey.percent,
            "n": line.survey.n,
            "day": long_date(line.survey.measured_on),
        }
        if line.survey
        else None,
        "state": standing.state,
        "done": standing.done,
        "total": standing.total,
        "late_reason": _late(line.late) if line.late else "",
    }


def _late(action: Action) -> str:
    return _(
        "Nieuwe datum: %(month)s. %(reason)s",
        month=month_of_quarter(action.due_year, action.due_quarter),
        reason=action.reason,
    )


def _wishes(here: Neighbourhood, wishes: queries.WishesInShort) -> dict[str, Any]:
    list_url = url_for("wishes.wishes", slug=here.slug)
    return {
        "count": wishes.total,
        # Of the wishes that are counted here, of every round: never a day that is still to come.
        "period": _(
            "Gedaan van %(start)s tot en met %(end)s.",
            start=long_date(wishes.first_at),
            end=long_date(wishes.last_at),
        )
        if wishes.first_at and wishes.last_at
        else "",
        "map": wishes_map(here, label=_("Kaart met wensen in %(name)s", name=here.name), list_id="wensenlijst")
        if wishes.total
        else Markup(""),
        "map_credit": credit(here),
        "rows": [_wish(line) for line in wishes.lines],
        "filters": [
            (_("Alle %(n)s", n=number(wishes.total)), list_url, True),
            (
                _("Zonder plek %(n)s", n=number(wishes.without_place)),
                url_for("wishes.wishes", slug=here.slug, plek="zonder"),
                False,
            ),
        ],
        "list_url": list_url,
    }


def _wish(line: queries.WishLine) -> dict[str, Any]:
    on_map = line.place_choice is PlaceChoice.POINT
    return {
        "number": line.position if on_map else None,
        "id": f"wens-{line.position}",
        "title": line.title,
        "url": url_for("home.wish", reference=line.reference),
        "place": public_place(line.place_text) or ("" if on_map else label(line.place_choice)),
        "state_text": label(line.state),
        "refused": line.state is WishState.REFUSED,
    }


def credit(here: Neighbourhood) -> str:
    """Whose boundary it is; the year always."""
    return _("Grens: %(source)s", source=f"CBS {here.area.year}" if "CBS" in here.area.source else here.area.year)


def _meeting(meeting: Meeting, slug: str) -> dict[str, Any]:
    start = local(meeting.starts_at)
    cancelled = meeting.state is MeetingState.CANCELLED
    times = f"{clock(meeting.starts_at)} – {clock(meeting.ends_at)}"
    day = week_date(meeting.starts_at)
    return {
        "day": start.day,
        "month": format_date(start.date(), "MMM").replace(".", ""),
        "title": _("Gaat niet door: %(title)s", title=meeting.title) if cancelled else meeting.title,
        "url": url_for("consultations.meetings", slug=slug),
        "when": _("%(day)s, %(times)s uur", day=day[:1].upper() + day[1:], times=times),
        "where": meeting.other_way if cancelled and meeting.other_way else meeting.place,
    }


def _place(place: Place) -> dict[str, str]:
    return {"name": place.name, "address": place.address, "hours": place.opening_hours}


def _team(here: Neighbourhood) -> dict[str, str]:
    return {
        "names": _team_sentence(here),
        "email": here.team_email,
        "visit": here.team_visiting,
    }


def _team_sentence(here: Neighbourhood) -> str:
    """What the municipality wrote about the team: a whole sentence, or just its name."""
    name = here.team_name[:1].upper() + here.team_name[1:]
    if not name or name.endswith("."):
        return name
    return _("%(team)s werkt in %(name)s.", team=name, name=here.name)


def _news(update: ProgressUpdate) -> dict[str, str]:
    return {
        "date": long_date(update.published_at) if update.published_at else "",
        "about": _("bij punt %(rank)s", rank=update.action.item.rank),
        "title": update.title,
        "url": url_for("progress.action", action_id=update.action_id),
        "text": update.text,
    }


def _figures(figures: list[ProfileFigure]) -> dict[str, Any] | None:
    if not figures:
        return None
    shown = figures[:FIGURES_SHOWN]
    return {
        "rows": [
            (
                figure.label,
                _value(figure.value, figure.unit),
                _value(figure.city_value, figure.unit) if figure.city_value is not None else "–",
            )
            for figure in shown
        ],
        "source": _("Bron: %(sources)s.", sources="; ".join(dict.fromkeys(_source(figure) for figure in shown))),
        "url": "",
    }


def _value(value: Any, unit: str) -> str:
    if unit == "%":
        return f"{number(value)}%"
    if unit in {"€", "euro"}:
        return euro(int(value))
    return f"{number(value)} {unit}".strip()


def _source(figure: ProfileFigure) -> str:
    told = f"{figure.source}, {figure.year}"
    if figure.n:
        told += ", " + ngettext("%(num)d persoon deed mee", "%(num)d mensen deden mee", figure.n)
    return told
