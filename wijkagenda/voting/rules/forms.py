"""The form with the rules of a vote: what staff type becomes a regulation, and problems go back to their field."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, IntegerField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, StopValidation

from wijkagenda.dutch_days import AMSTERDAM, local
from wijkagenda.errors import DomainError, Several
from wijkagenda.priorities.queries import PriorityLine
from wijkagenda.voting.models import COMPLAINT_TERM, BallotType, DecidingRule, VotingRound
from wijkagenda.voting.rules.operations import Rules
from wijkagenda.voting.rules.presets import Preset
from wijkagenda.voting.rules.regulation import MONEY_RULES, Choice, Regulation
from wijkagenda.web.choices import RadioField, SelectMultipleField
from wijkagenda.web.forms import EuroField, Form
from wijkagenda.wishes.models import Theme

MOST_MONEY = 1_000_000_000
RESULT_AFTER = timedelta(days=14)
NO_BUSINESSES, ADVISE, DECIDE = "none", "advise", "decide"
FROM_1_TO_50 = _l("Kies een getal van 1 tot 50.")
USUAL_CHOICES, MOST_CHOICES = 3, 50
SHOWN_FROM = 100
POINT_RULES = frozenset({DecidingRule.MOST_POINTS, DecidingRule.EQUAL_SHARES_POINTS})
TICK_RULES = frozenset(DecidingRule) - MONEY_RULES - POINT_RULES


def _only_with_ticks(form: "RulesForm", field: IntegerField) -> None:
    """How many one may tick is no question where people divide points."""
    if form.ballot_type.data == BallotType.POINTS.value:
        field.errors = []
        raise StopValidation


class RulesForm(Form):
    """The rules of a vote, without its points; `rules_form` adds a field for the cost of each."""

    title = StringField(
        _l("Naam van de stemming"),
        validators=[
            InputRequired(_l("Geef de stemming een naam.")),
            Length(max=120, message=_l("De naam is te lang: hoogstens 120 letters.")),
        ],
    )
    priority_ids = SelectMultipleField(_l("Over welke punten?"), coerce=int)
    reference_on = DateField(_l("Peildatum"), validators=[InputRequired(_l("Kies de peildatum."))])
    youngest = IntegerField(
        _l("Vanaf welke leeftijd?"),
        default=12,
        validators=[
            InputRequired(_l("Vul een getal in.")),
            NumberRange(min=1, max=99, message=_l("Kies een leeftijd van 1 tot 99 jaar.")),
        ],
    )
    businesses = RadioField(
        _l("Winkels, bedrijven en clubs"),
        default=ADVISE,
        choices=[
            (NO_BUSINESSES, _l("Stemmen niet mee")),
            (ADVISE, _l("Geven advies: wij tellen hun stemmen apart")),
            (DECIDE, _l("Beslissen mee: hun stemmen tellen even zwaar")),
        ],
    )
    opens_on = DateField(_l("Eerste dag"), validators=[InputRequired(_l("Kies de eerste dag."))])
    closes_on = DateField(_l("Laatste dag"), validators=[InputRequired(_l("Kies de laatste dag."))])
    result_on = DateField(_l("Dag van de uitslag"), validators=[InputRequired(_l("Kies de dag van de uitslag."))])
    complaints_until = DateField(_l("Tot wanneer kan iemand iets melden?"), validators=[Optional()])
    paper_place = StringField(
        _l("Waar kan iemand op papier stemmen?"),
        validators=[Length(max=110, message=_l("De tekst is te lang: hoogstens 110 letters."))],
    )
    ballot_type = RadioField(
        _l("Wat doet een stemmer op het stembiljet?"),
        default=BallotType.APPROVAL.value,
        choices=[(kind.value, _l(kind.label)) for kind in BallotType],
    )
    max_choices = IntegerField(
        _l("Hoeveel punten mag iemand kiezen?"),
        default=USUAL_CHOICES,
        validators=[
            _only_with_ticks,
            InputRequired(_l("Vul een getal in.")),
            NumberRange(min=1, max=MOST_CHOICES, message=FROM_1_TO_50),
        ],
    )
    points = IntegerField(
        _l("Hoeveel punten verdeelt iemand?"),
        validators=[Optional(), NumberRange(min=0, max=100, message=_l("Kies een getal van 1 tot 100."))],
    )
    rule = RadioField(
        _l("Wat wint er?"),
        default=DecidingRule.MOST_VOTES.value,
        choices=[(rule.value, _l(rule.label)) for rule in DecidingRule],
    )
    seats = IntegerField(
        _l("Hoeveel punten winnen er?"),
        validators=[Optional(), NumberRange(min=1, max=50, message=FROM_1_TO_50)],
    )
    budget = EuroField(
        _l("Hoeveel geld is er te verdelen?"),
        validators=[Optional(), NumberRange(min=1, max=MOST_MONEY, message=_l("Kies een bedrag vanaf 1 euro."))],
    )
    ballots_shown_from = IntegerField(
        _l("Vanaf hoeveel stembiljetten laten wij ze zien?"),
        default=SHOWN_FROM,
        validators=[
            InputRequired(_l("Vul een getal in.")),
            NumberRange(
                min=SHOWN_FROM,
                max=1_000_000,
                message=_l("Laat stembiljetten pas zien vanaf 100. Anders kan iemand raden wie wat koos."),
            ),
        ],
    )

    lines: Sequence[PriorityLine] = ()
    currency = "EUR"

    # --- what stands in it when it opens ---

    def begin(self, preset: Preset, *, title: str, today: date, days: tuple[date, date] | None = None) -> None:
        """Begin a new vote with what goes well together; `days`: those of the phase, where it is not over."""
        fits = preset.at_most(len(self.lines))
        self.title.data = title
        self.reference_on.data = today
        if days is not None and days[1] > today:
            self.opens_on.data, self.closes_on.data = days
            self.result_on.data = days[1] + RESULT_AFTER
        self.priority_ids.data = [line.priority.id for line in self.lines]
        self.ballot_type.data = fits.ballot_type.value
        self.rule.data = fits.rule.value
        self.max_choices.data = fits.max_choices
        self.points.data = fits.points or None
        self.seats.data = fits.seats
        self._show_reserves(dict(fits.reserves))

    def show(self, voting_round: VotingRound) -> None:
        """Show a draft as it stands."""
        for name in (
            "title",
            "reference_on",
            "youngest",
            "result_on",
            "complaints_until",
            "paper_place",
            "max_choices",
        ):
            self[name].data = getattr(voting_round, name)
        for name in ("seats", "budget", "ballots_shown_from"):
            self[name].data = getattr(voting_round, name)
        self.points.data = voting_round.points or None
        self.ballot_type.data = voting_round.ballot_type.value
        self.rule.data = voting_round.rule.value
        self.opens_on.data = local(voting_round.opens_at).date()
        self.closes_on.data = local(voting_round.closes_at).date()
        decide = DECIDE if voting_round.businesses_decide else ADVISE
        self.businesses.data = decide if voting_round.with_businesses else NO_BUSINESSES
        self.priority_ids.data = [option.priority_id for option in voting_round.options]
        self._show_reserves({reserve.theme: reserve.at_least for reserve in voting_round.reserves})
        for option in voting_round.options:
            if option.cost is not None and f"cost_{option.priority_id}" in self:
                self[f"cost_{option.priority_id}"].data = option.cost
        self.currency = voting_round.currency

    def _show_reserves(self, reserves: dict[Theme, int]) -> None:
        for theme in Theme:
            self[f"reserve_{theme.value}"].data = reserves.get(theme)

    # --- how it stands on the page: what does not belong to the kind of vote is folded ---

    @property
    def with_points(self) -> bool:
        """People divide points on the ballot paper."""
        return self.ballot_type.data == BallotType.POINTS.value

    @property
    def with_money(self) -> bool:
        """The rule that is chosen divides money."""
        return _is_of(self.rule.data, MONEY_RULES)

    @property
    def rules_that_fit(self) -> list[Any]:
        """The rules for this kind of vote, and the one that is chosen."""
        family = MONEY_RULES if self.with_money else POINT_RULES if self.with_points else TICK_RULES
        return [each for each in self.rule if each.checked or _is_of(each.data, family)]

    @property
    def other_rules(self) -> list[Any]:
        fitting = {each.data for each in self.rules_that_fit}
        return [each for each in self.rule if each.data not in fitting]

    @property
    def unfolded(self) -> set[str]:
        """Names of the folds that hold something of this vote, or an error."""
        usual_end = self.result_on.data and self.result_on.data + COMPLAINT_TERM
        other_end = self.complaints_until.data not in (None, usual_end)
        holds = {
            "ticks": self.max_choices.errors,
            "points": self.points.data or self.points.errors,
            "rules": self.rule.errors,
            "places": self.seats.errors or self._any(self.reserve_fields),
            "reserves": self._any(self.reserve_fields),
            "money": self.budget.data or self.budget.errors or any(field.errors for field in self.cost_fields),
            "later": other_end
            or self.complaints_until.errors
            or self.ballots_shown_from.errors
            or self.ballots_shown_from.data != SHOWN_FROM,
        }
        return {name for name, held in holds.items() if held}

    @staticmethod
    def _any(fields: list[Any]) -> bool:
        return any(field.data or field.errors for field in fields)

    # --- what was typed ---

    @property
    def reserve_fields(self) -> list[Any]:
        return [self[f"reserve_{theme.value}"] for theme in Theme]

    @property
    def cost_fields(self) -> list[Any]:
        return [self[f"cost_{line.priority.id}"] for line in self.lines]

    @property
    def opens_at(self) -> datetime:
        """The first second of the first day."""
        return datetime.combine(self.opens_on.data, time(0), AMSTERDAM)

    @property
    def closes_at(self) -> datetime:
        """The last second of the last day: what is shown is then the last day itself."""
        return datetime.combine(self.closes_on.data, time(23, 59, 59), AMSTERDAM)

    @property
    def costs(self) -> dict[int, int | None]:
        """Per id of a priority what was typed as its cost."""
        return {line.priority.id: self[f"cost_{line.priority.id}"].data for line in self.lines}

    @property
    def rules(self) -> Rules:
        """For `prepare_round` and `edit_round`. Fields of the kind of vote that was not chosen do not count."""
        kind, rule = BallotType(self.ballot_type.data), DecidingRule(self.rule.data)
        money = rule in MONEY_RULES
        return {
            "title": self.title.data or "",
            "opens_at": self.opens_at,
            "closes_at": self.closes_at,
            "result_on": self.result_on.data,
            "max_choices": self._choices(kind),
            "paper_place": self.paper_place.data or "",
            "ballot_type": kind,
            "rule": rule,
            "points": (self.points.data or 0) if kind is BallotType.POINTS else 0,
            "seats": None if money else self.seats.data,
            "budget": self.budget.data,
            "currency": self.currency,
            "reserves": {
                theme: self[f"reserve_{theme.value}"].data for theme in Theme if self[f"reserve_{theme.value}"].data
            },
            "reference_on": self.reference_on.data,
            "youngest": self.youngest.data or 0,
            "with_businesses": self.businesses.data != NO_BUSINESSES,
            "businesses_decide": self.businesses.data == DECIDE,
            "ballots_shown_from": self.ballots_shown_from.data or 0,
            "complaints_until": self.complaints_until.data or self.result_on.data + COMPLAINT_TERM,
        }

    def _choices(self, kind: BallotType) -> int:
        typed = self.max_choices.data or 0
        return typed if kind is BallotType.APPROVAL or 1 <= typed <= MOST_CHOICES else USUAL_CHOICES

    def regulation(self, neighbourhood: str) -> Regulation:
        """What was typed as a regulation, to ask it what cannot work before anything is written."""
        rules, costs = self.rules, self.costs
        chosen = set(self.priority_ids.data or [])
        return Regulation(
            title=rules["title"],
            neighbourhood=neighbourhood,
            choices=tuple(
                Choice(
                    line.priority.number,
                    line.priority.title,
                    line.priority.summary,
                    line.priority.theme,
                    costs[line.priority.id] if rules["rule"] in MONEY_RULES else None,
                )
                for line in self.lines
                if line.priority.id in chosen
            ),
            ballot_type=rules["ballot_type"],
            max_choices=rules["max_choices"],
            points=rules["points"],
            rule=rules["rule"],
            seats=rules["seats"],
            budget=rules["budget"],
            currency=rules["currency"],
            reserves=tuple(rules["reserves"].items()),
            reference_on=rules["reference_on"],
            youngest=rules["youngest"],
            with_businesses=rules["with_businesses"],
            businesses_decide=rules["businesses_decide"],
            opens_at=rules["opens_at"],
            closes_at=rules["closes_at"],
            result_on=rules["result_on"],
            complaints_until=rules["complaints_until"],
            ballots_shown_from=rules["ballots_shown_from"],
        )

    def add_error(self, error: DomainError) -> None:
        """At the field that staff see: a day for a moment, the place of a theme, the cost of one point."""
        if not isinstance(error, Several):
            error.field = self._seen(error)
        super().add_error(error)

    def _seen(self, error: DomainError) -> str | None:
        if error.field == "reserves":
            theme = error.params.get("label")
            return f"reserve_{(theme if isinstance(theme, Theme) else Theme.PEOPLE).value}"
        if error.field == "costs":
            found = [line for line in self.lines if line.priority.number == error.params.get("number")]
            return f"cost_{found[0].priority.id}" if found else "priority_ids"
        return {"opens_at": "opens_on", "closes_at": "closes_on", "businesses_decide": "businesses"}.get(
            error.field or "", error.field
        )


def _is_of(rule: str | None, family: Collection[DecidingRule]) -> bool:
    """Whether a rule, by the value a form has of it, is for this kind of vote."""
    return rule in {each.value for each in family}


def rules_form(lines: Sequence[PriorityLine], **options: Any) -> RulesForm:
    """The form for these points: each has a cost, proposed by its newest check, and each theme a number of places."""
    whole = NumberRange(min=1, max=MOST_MONEY, message=_l("Kies een bedrag vanaf 1 euro."))
    places = NumberRange(min=0, max=50, message=_l("Kies een getal van 0 tot 50."))
    fields: dict[str, Any] = {
        f"cost_{line.priority.id}": EuroField(
            line.priority.title,
            default=(line.check.cost_estimate or None) if line.check else None,
            validators=[Optional(), whole],
        )
        for line in lines
    }
    for theme in Theme:
        fields[f"reserve_{theme.value}"] = IntegerField(_l(theme.label), validators=[Optional(), places])
    form: RulesForm = type("RulesFormOfRound", (RulesForm,), fields)(**options)
    form.lines = lines
    form.priority_ids.choices = [(line.priority.id, line.priority.title) for line in lines]
    return form
