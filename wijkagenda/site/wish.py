"""The page of one wish: its journey in words, for its template (templates/site/wish.html)."""

from datetime import date, timedelta
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup, escape

from geo.geojson import collection, dumps, point_feature
from geo.maps import MAP_TEXTS, MapKind, map_container, map_script_version
from geo.models import as_shape
from wijkagenda.dutch_days import day_of
from wijkagenda.feedback.journey import REACT_WITHIN, Journey, Step, StepKind, StepState
from wijkagenda.neighbourhoods.models import Neighbourhood
from wijkagenda.plan.models import Action
from wijkagenda.priorities.models import FeasibilityCheck
from wijkagenda.site.neighbourhood import credit
from wijkagenda.site.now import month_of_quarter
from wijkagenda.voting.result.queries import Shown, deciding_ballots, what_shows
from wijkagenda.web.i18n import euro, label, long_date, translate
from wijkagenda.web.i18n import number as in_words
from wijkagenda.wishes.models import Answer, Channel, PlaceChoice, Wish, WishState
from wijkagenda.wishes.wording import public_place

ICONS = {
    StepKind.RECEIVED: "mail",
    StepKind.READ: "search",
    StepKind.PLACED: "check",
    StepKind.CHECKED: "chat",
    StepKind.ANSWER: "chat",
    StepKind.BUNDLED: "bundle",
    StepKind.VOTED: "ballot",
    StepKind.ADOPTED: "document",
    StepKind.LEFT_OUT: "minus",
    StepKind.CARRIED_OUT: "hammer",
    StepKind.DONE: "check",
    StepKind.STOPPED: "cross",
    StepKind.REFUSED: "cross",
    StepKind.REFERRED: "forward",
    StepKind.REMOVED: "cross",
    StepKind.RECONSIDERED: "eye",
    StepKind.REACT: "clock",
}


def page_context(journey: Journey, today: date, *, supporters: int = 0, own: bool = False) -> dict[str, Any]:
    """Everything the page shows. `own`: for the giver herself, also of a wish that is not public."""
    wish = journey.facts.wish
    here = wish.neighbourhood
    public = wish.is_public
    return {
        "wijk": {
            "name": here.name,
            "url": url_for("home.neighbourhood", slug=here.slug),
            "wishes_url": url_for("wishes.wishes", slug=here.slug),
        },
        "wish": {
            "title": wish.title,
            "number": wish.reference,
            "text": wish.text,
            "language": wish.language,
            "given_as": label(wish.given_as),
            "channel": label(wish.channel),
            "place": place_of(wish),
            "myself": _("De indiener wil dit zelf doen.") if wish.wants_to_do_it else "",
        },
        "stand": stand(journey),
        "refusal": _refusal(journey.refusal, wish) if journey.refusal else None,
        "disagree": _disagree(journey.refusal, wish, today) if journey.refusal else None,
        "steps": [_step(step, journey) for step in journey.steps],
        "map": _map(wish) if public and wish.public_point is not None else Markup(""),
        "map_credit": credit(here),
        "map_script": url_for("wishes.map_code", kind="wishes", version=map_script_version(MapKind.WISHES)),
        "follow_url": url_for("feedback.follow_wish", reference=wish.reference) if public and not own else None,
        "support": {
            "url": url_for("wishes.support", reference=wish.reference),
            "text": ngettext("%(num)d mens steunt deze wens.", "%(num)d mensen steunen deze wens.", supporters)
            if supporters
            else _("Laat zien dat u dit ook belangrijk vindt."),
        }
        if wish.state in {WishState.PLACED, WishState.BUNDLED} and not own
        else None,
    }


def place_of(wish: Wish) -> str:
    """The place as the public may know it: a street or a square, never a front door."""
    if wish.place_choice is PlaceChoice.POINT:
        return public_place(wish.place_text) or _("op de kaart")
    return public_place(wish.place_text) or label(wish.place_choice)


def _map(wish: Wish) -> Markup:
    return map_container(
        MapKind.WISHES,
        label=_("Plek van deze wens op de kaart"),
        areas_url=url_for("wishes.areas", slug=wish.neighbourhood.slug),
        points_url=url_for("home.wish_point", reference=wish.reference),
        texts={key: translate(text) for key, text in MAP_TEXTS.items()},
        fallback=Markup("<p>{}</p>").format(
            _("De kaart kan nu niet worden getoond. De plek staat hierboven in woorden.")
        ),
    )


def point_json(wish: Wish) -> str:
    """The rounded point of one public wish as GeoJSON; empty where it has none."""
    if wish.public_point is None:
        return dumps(collection([]))
    properties = {
        "name": wish.title,
        "number": "",
        "href": url_for("home.wish", reference=wish.reference),
        **({"refused": True} if wish.state is WishState.REFUSED else {}),
    }
    return dumps(collection([point_feature(as_shape(wish.public_point), properties)]))


# --- how it stands, in one sentence ------------------------------------------------------------------


def stand(journey: Journey) -> dict[str, str]:
    """The line under the title."""
    step = journey.stand
    strong, text = _stand_words(step, journey)
    look = {StepState.NO: "no"}.get(step.state, "mist" if step.kind in {StepKind.READ, StepKind.ANSWER} else "")
    return {"strong": strong, "text": text, "icon": ICONS[step.kind], "look": look}


def _stand_words(step: Step, journey: Journey) -> tuple[str, str]:
    facts = journey.facts
    day = long_date(step.on) if step.on else ""
    if step.kind is StepKind.READ:
        return _("Deze wens is binnen."), _("Het gebiedsteam leest de wens uiterlijk %(day)s.", day=day)
    if step.kind is StepKind.ANSWER:
        return _("Deze wens wacht op een antwoord."), _("Het antwoord komt uiterlijk %(day)s.", day=day)
    if step.kind is StepKind.VOTED:
        return _("Deze wens doet mee aan de stemming."), _point_of(journey)
    if step.kind is StepKind.ADOPTED and step.state is StepState.NOW:
        return _("Er is gestemd over deze wens."), _("De gemeente stelt nu de wijkagenda vast.")
    if step.kind is StepKind.CARRIED_OUT:
        return _("Deze wens wordt nu uitgevoerd."), _progress(journey)
    if step.kind is StepKind.DONE:
        return _("Deze wens is uitgevoerd."), _("Klaar op %(day)s.", day=day) if day else ""
    if step.kind is StepKind.STOPPED:
        return _("De acties bij deze wens zijn gestopt."), _stopped_because(facts.actions)
    if step.kind is StepKind.LEFT_OUT:
        return _("Deze wens staat niet in de wijkagenda."), _("Het punt kwam niet op de agenda.")
    if step.kind is StepKind.REFERRED and step.answer:
        return _("Deze wens is doorgegeven."), _("Aan: %(receiver)s.", receiver=step.answer.referred_to)
    if step.kind is StepKind.REFUSED:
        instead = step.answer is not None and bool(step.answer.what_we_do)
        why = _("Wij leggen uit waarom, en wat wij wel doen.") if instead else _("Wij leggen uit waarom.")
        return _("Ons antwoord is nee."), why
    if step.kind is StepKind.REMOVED:
        return _("Deze wens staat niet op de website."), _("Wij leggen uit waarom.")
    return _("Deze wens is binnen."), ""


def _point_of(journey: Journey) -> str:
    bundled = journey.facts.bundled
    return _("In het punt ‘%(title)s’.", title=bundled.priority.title) if bundled else ""


def _progress(journey: Journey) -> str:
    going_on = journey.open_actions
    if not going_on:
        return _("Wij maken een plan.")
    standing = next((action.standing for action in going_on if action.standing), "")
    last = max(going_on, key=lambda action: (action.due_year, action.due_quarter))
    ready = _("Klaar: %(month)s.", month=month_of_quarter(last.due_year, last.due_quarter))
    return f"{standing.rstrip('.')}. {ready}" if standing else ready


def _stopped_because(actions: list[Action]) -> str:
    return next((action.reason for action in actions if action.reason), "")


# --- the steps ---------------------------------------------------------------------------------------


def _step(step: Step, journey: Journey) -> dict[str, Any]:
    title, text = _words(step, journey)
    return {
        "title": title,
        "state": step.state.value,
        "icon": ICONS[step.kind],
        "date": _when(step, journey),
        "text": text,
        **_link(step, journey),
    }


def _words(step: Step, journey: Journey) -> tuple[str, Any]:
    facts = journey.facts
    if step.kind is StepKind.RECEIVED:
        if facts.wish.channel is Channel.WEBSITE:
            return _("Binnengekomen"), ""
        return _("Binnengekomen %(channel)s", channel=label(facts.wish.channel)), ""
    if step.kind is StepKind.CHECKED and step.check:
        return _("Bekeken: %(outcome)s", outcome=label(step.check.outcome)), _checked(step.check)
    if step.kind is StepKind.BUNDLED and facts.bundled:
        return _bundled_title(facts.others), _bundled_text(journey, step.answer)
    if step.kind is StepKind.VOTED:
        return _voted(step, journey), ""
    if step.kind is StepKind.ADOPTED:
        if step.state is StepState.NOW:
            return _("de wijkagenda wordt vastgesteld"), ""
        return _("Vastgesteld in de wijkagenda"), _by(facts.agenda.adopted_by) if facts.agenda else ""
    if step.kind is StepKind.CARRIED_OUT:
        return _("het wordt uitgevoerd"), _actions(journey)
    if step.kind is StepKind.REFERRED and step.answer:
        return _("Doorgegeven aan %(receiver)s", receiver=step.answer.referred_to), step.answer.text
    if step.kind is StepKind.ANSWER:
        later = step.state is StepState.LATER
        return (_("Antwoord") if later else _("wij zoeken uit of het kan")), ""
    return {
        StepKind.READ: _("het gebiedsteam leest de wens"),
        StepKind.PLACED: _("Geplaatst"),
        StepKind.RECONSIDERED: _("Wij kijken opnieuw"),
        StepKind.LEFT_OUT: _("Niet in de wijkagenda"),
        StepKind.DONE: _("Klaar"),
        StepKind.STOPPED: _("Gestopt"),
        StepKind.REFUSED: _("Antwoord: nee, met uitleg"),
        StepKind.REMOVED: _("Niet geplaatst, met uitleg"),
        StepKind.REACT: _("U kunt reageren"),
    }[step.kind], _stopped_because(facts.actions) if step.kind is StepKind.STOPPED else ""


def _checked(check: FeasibilityCheck) -> str:
    if check.cost_estimate is None:
        return check.reason
    return f"{check.reason} " + _("Geschatte kosten: %(euros)s.", euros=euro(check.cost_estimate))


def _bundled_title(others: int) -> str:
    if others == 0:
        return _("Een punt voor de wijkagenda")
    return ngettext("Samengevoegd met %(num)d andere wens", "Samengevoegd met %(num)d andere wensen", others)


def _bundled_text(journey: Journey, answer: Answer | None) -> Markup:
    bundled = journey.facts.bundled
    assert bundled is not None  # noqa: S101  (asked for bundled wishes only)
    priority = bundled.priority
    title = Markup("{}").format(priority.title)
    if priority.proposed_at is not None:
        title = Markup('<a href="{}">{}</a>').format(
            url_for(
                "priorities.point",
                slug=journey.facts.wish.neighbourhood.slug,
                number=priority.number,
                periode=priority.round.start_year,
            ),
            priority.title,
        )
    told = escape(_("In het punt %(title)s. De wens blijft ook los staan.")) % {"title": title}
    return Markup("{} {}").format(answer.text, told) if answer else told


def _voted(step: Step, journey: Journey) -> str:
    line = journey.facts.line
    if line is None:
        return _("er wordt gestemd over dit punt") if _is_open(journey) else _("dit punt wacht op de stemming")
    shown = what_shows(deciding_ballots(line.tally))
    if shown is Shown.NOTHING:
        return _("Niemand stemde")
    if shown is Shown.TOO_FEW:
        return _("Te weinig mensen stemden")
    if shown is Shown.ORDER:
        return _("Plaats %(rank)s van %(total)s in de stemming", rank=line.rank, total=journey.facts.options)
    votes = ngettext("%(votes)s stem", "%(votes)s stemmen", line.votes, votes=in_words(line.votes))
    return _("%(votes)s: plaats %(rank)s van %(total)s", votes=votes, rank=line.rank, total=journey.facts.options)


def _is_open(journey: Journey) -> bool:
    vote = journey.facts.voting_round
    return vote is not None and vote.state.value == "open"


def _by(who: str) -> str:
    return _("Door %(who)s.", who=who) if who else ""


def _actions(journey: Journey) -> Any:
    going_on = journey.open_actions
    if not going_on:
        return _("Wij maken een plan. De acties komen hier te staan.")
    return Markup(" ").join(
        Markup("{} {}.").format(
            escape(_("Actie %(title)s:"))
            % {
                "title": Markup('<a href="{}">{}</a>').format(
                    url_for("progress.action", action_id=action.id), action.title
                )
            },
            ". ".join(part.rstrip(".") for part in (label(action.state).lower(), action.standing) if part),
        )
        for action in going_on
    )


def _when(step: Step, journey: Journey) -> str:
    day = long_date(step.on) if step.on else ""
    if step.kind is StepKind.CARRIED_OUT:
        return _("Laatste nieuws: %(day)s", day=day) if day else ""
    if step.kind is StepKind.DONE and step.state is StepState.LATER and step.on:
        return _("Verwacht in %(month)s", month=month_of_quarter(step.on.year, (step.on.month + 2) // 3))
    if step.kind is StepKind.REACT:
        return _("Tot en met %(day)s", day=day)
    if step.state in {StepState.LATER, StepState.NOW}:
        return _("Uiterlijk %(day)s", day=day) if day else ""
    if step.kind is StepKind.PLACED:
        return _("%(day)s · gelezen door het gebiedsteam", day=day)
    by = team_words(step.by, journey.facts.wish.neighbourhood)
    return f"{day} · {by}" if day and by else day


def team_words(team: str, here: Neighbourhood) -> str:
    """A team as a name. Where a municipality wrote a sentence about its people, the team stands for them."""
    return _("gebiedsteam %(name)s", name=here.name) if team.endswith(".") else team


def _link(step: Step, journey: Journey) -> dict[str, str]:
    facts = journey.facts
    slug = facts.wish.neighbourhood.slug
    if step.kind is StepKind.VOTED and facts.line is not None and facts.voting_round is not None:
        url = url_for("voting_result.result", slug=slug, voting_round_id=facts.voting_round.id)
        return {"link_text": _("Bekijk de uitslag"), "link_url": url}
    if step.kind is StepKind.ADOPTED and facts.item is not None and step.state is StepState.DONE:
        url = url_for("plan.agenda", slug=slug, _anchor=f"punt-{facts.item.rank}")
        return {"link_text": _("Bekijk de wijkagenda"), "link_url": url}
    if step.kind is StepKind.DONE and step.state is StepState.DONE and facts.actions:
        url = url_for("progress.action", action_id=facts.actions[-1].id)
        return {"link_text": _("Bekijk wat er is gedaan"), "link_url": url}
    return {}


# --- a reasoned no -----------------------------------------------------------------------------------


def _refusal(answer: Answer, wish: Wish) -> dict[str, str]:
    day = day_of(answer.answered_at)
    in_time = day <= wish.answer_due_on
    return {
        "ground": label(answer.ground),
        "text": answer.text,
        "instead": answer.what_we_do,
        "person": team_words(answer.team_name, wish.neighbourhood),
        "meta": _("%(day)s · binnen de termijn", day=long_date(day)) if in_time else long_date(day),
    }


def _disagree(answer: Answer, wish: Wish, today: date) -> dict[str, Any]:
    here: Neighbourhood = wish.neighbourhood
    until = day_of(answer.answered_at) + REACT_WITHIN
    contact = f"mailto:{here.team_email}?subject={wish.reference}" if here.team_email else url_for("home.help")
    return {
        "until": long_date(until + timedelta(days=1)) if until >= today else "",
        "email": here.team_email,
        "visit": here.team_visiting,
        "options": [
            {
                "title": _("Vraag om opnieuw te kijken"),
                "text": _("Mail of bel het gebiedsteam. U krijgt antwoord binnen 4 weken, van iemand anders."),
                "button": _("Opnieuw laten kijken"),
                "url": contact,
                "kind": "primary",
            },
            {
                "title": _("Stel een vraag over het antwoord"),
                "text": _("Het team dat het antwoord gaf, reageert zelf."),
                "button": _("Vraag stellen"),
                "url": contact,
                "kind": "secondary",
            },
            {
                "title": _("Niet goed behandeld?"),
                "text": _("U kunt altijd een klacht indienen. Helpt dat niet, ga dan naar de ombudsman."),
                "button": _("Lees hoe dat gaat"),
                "url": url_for("home.help", _anchor="klacht"),
                "kind": "link",
            },
        ],
    }
