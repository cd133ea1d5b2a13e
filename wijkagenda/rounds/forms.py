"""What staff type about a round: its years, the days of its phases, the participation approach."""

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, IntegerField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from wijkagenda.rounds.models import AgendaRound, ParticipationApproach, PhaseKind
from wijkagenda.rounds.operations import Days
from wijkagenda.web.forms import Form

TEXT_LIMIT = 2000


def _first(phase: Any) -> DateField:
    message = _l("Vul de eerste dag van %(phase)s in.", phase=phase)
    return DateField(_l("Eerste dag van %(phase)s", phase=phase), validators=[InputRequired(message)])


def _last(phase: Any) -> DateField:
    message = _l("Vul de laatste dag van %(phase)s in.", phase=phase)
    return DateField(_l("Laatste dag van %(phase)s", phase=phase), validators=[InputRequired(message)])


class PhasesForm(Form):
    """First and last day of each phase. The names are those in which operations name their errors."""

    listening_first = _first(_l("Luisteren"))
    listening_last = _last(_l("Luisteren"))
    bundling_first = _first(_l("Bundelen"))
    bundling_last = _last(_l("Bundelen"))
    voting_first = _first(_l("Stemmen"))
    voting_last = _last(_l("Stemmen"))
    adopting_first = _first(_l("Vaststellen"))
    adopting_last = _last(_l("Vaststellen"))
    carrying_out_first = _first(_l("Uitvoeren"))
    carrying_out_last = _last(_l("Uitvoeren"))

    def pair(self, kind: PhaseKind) -> tuple[DateField, DateField]:
        """The two fields of a phase."""
        return self._fields[f"{kind.value}_first"], self._fields[f"{kind.value}_last"]

    @property
    def days(self) -> Days:
        """What `start_round` and `plan_phases` take."""
        return {kind: (first.data, last.data) for kind in PhaseKind for first, last in [self.pair(kind)]}


class RoundForm(PhasesForm):
    """A new round."""

    start_year = IntegerField(
        _l("Eerste jaar van de wijkagenda"),
        validators=[
            InputRequired(_l("Vul het eerste jaar in.")),
            NumberRange(min=2000, max=2200, message=_l("Vul een jaar in, zoals 2027.")),
        ],
    )
    end_year = IntegerField(
        _l("Laatste jaar van de wijkagenda"),
        validators=[
            InputRequired(_l("Vul het laatste jaar in.")),
            NumberRange(min=2000, max=2200, message=_l("Vul een jaar in, zoals 2030.")),
        ],
    )


def _text(label: Any) -> TextAreaField:
    return TextAreaField(
        label,
        validators=[
            DataRequired(_l("Vul dit in. Mensen moeten vooraf weten waar zij aan toe zijn.")),
            Length(max=TEXT_LIMIT, message=_l("Maak de tekst korter dan 2000 letters.")),
        ],
    )


class ApproachForm(Form):
    """The participation approach: published before anybody is asked anything."""

    who = _text(_l("Wie kan meedoen?"))
    what = _text(_l("Wat vragen wij?"))
    what_we_do_with_it = _text(_l("Wat doen wij ermee?"))
    what_can_change = _text(_l("Wat kan er nog veranderen?"))
    means = TextAreaField(
        _l("Hoe kan iemand meedoen?"),
        validators=[Length(max=TEXT_LIMIT, message=_l("Maak de tekst korter dan 2000 letters."))],
    )

    @property
    def texts(self) -> dict[str, str]:
        """What `publish_approach` takes."""
        return {
            "who": self.who.data or "",
            "what": self.what.data or "",
            "what_we_do_with_it": self.what_we_do_with_it.data or "",
            "what_can_change": self.what_can_change.data or "",
            "means": self.means.data or "",
        }


def new_round_form(today: date) -> RoundForm:
    """An empty form that proposes the four years after this one."""
    return RoundForm(start_year=today.year + 1, end_year=today.year + 4)


def phases_form_of(agenda_round: AgendaRound) -> PhasesForm:
    """The form with the days that hold now."""
    days: dict[str, date] = {}
    for phase in agenda_round.phases:
        days |= {f"{phase.kind.value}_first": phase.starts_on, f"{phase.kind.value}_last": phase.ends_on}
    return PhasesForm(**days)


def approach_form_of(approach: ParticipationApproach | None) -> ApproachForm:
    """The form with the text that is there."""
    return ApproachForm(obj=approach)
