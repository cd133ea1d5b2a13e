"""What visitors and staff type about surveys and meetings."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import BooleanField, DateField, IntegerField, StringField, TextAreaField, TimeField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from surveys.errors import Problem
from wijkagenda.consultations.answering import html_id
from wijkagenda.consultations.models import Meeting
from wijkagenda.dutch_days import AMSTERDAM, local
from wijkagenda.neighbourhoods.models import Neighbourhood
from wijkagenda.web.choices import RadioField, SelectField, SelectMultipleField
from wijkagenda.web.forms import Form
from wijkagenda.web.i18n import translate


def moment(day: date, at: time) -> datetime:
    """A day and a time on the clock in Amsterdam."""
    return datetime.combine(day, at, AMSTERDAM)


class StepForm(Form):
    """One page of a questionnaire: only the token, and the problems to show; the answers are carried raw."""

    def __init__(self, problems: Sequence[Problem] = (), **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.problems = problems

    @property
    def error_list(self) -> list[tuple[str, str]]:
        return [(_place_of(problem), translate(problem.text, dict(problem.values))) for problem in self.problems]


def _place_of(problem: Problem) -> str:
    """The id of the question a problem belongs to; a row of a table has none of its own."""
    return html_id(".".join(problem.field.split(".")[:2]))


class DaysForm(Form):
    """First and last day of a survey."""

    opens_on = DateField(_l("Eerste dag"), validators=[InputRequired(_l("Kies de eerste dag."))])
    closes_on = DateField(_l("Laatste dag"), validators=[InputRequired(_l("Kies de laatste dag."))])

    @property
    def opens_at(self) -> datetime:
        return moment(self.opens_on.data, time(0))

    @property
    def closes_at(self) -> datetime:
        """The last second of the last day: what is shown is then the last day itself."""
        return moment(self.closes_on.data, time(23, 59, 59))


class SurveyForm(DaysForm):
    """A new survey: where, when, for whom, and with which questions."""

    neighbourhoods = SelectMultipleField(
        _l("Voor welke wijken?"), coerce=int, validators=[DataRequired(_l("Kies ten minste één wijk."))]
    )
    access = RadioField(
        _l("Wie mag meedoen?"),
        choices=[("open", _l("Iedereen mag meedoen")), ("code", _l("Alleen wie een code heeft"))],
        default="open",
    )
    source = RadioField(
        _l("Welke vragen?"),
        choices=[("standard", _l("De standaardvragenlijst")), ("file", _l("Eigen vragen, uit een bestand"))],
        default="standard",
    )
    definition = FileField(_l("Bestand met vragen (JSON)"))

    def offer(self, neighbourhoods: Sequence[Neighbourhood]) -> None:
        """Which neighbourhoods can be chosen."""
        self.neighbourhoods.choices = [(n.id, n.name) for n in neighbourhoods]


class CloseForm(Form):
    sure = BooleanField(
        _l("Ja, ik wil de vragenlijst sluiten"),
        validators=[DataRequired(_l("Zet een vinkje als u de vragenlijst wilt sluiten."))],
    )


class CodesForm(Form):
    count = IntegerField(_l("Hoeveel codes?"), validators=[InputRequired(_l("Vul een aantal in."))])


class MeetingForm(Form):
    """A meeting. Times are those on the clock in Amsterdam."""

    neighbourhood = SelectField(_l("Wijk"), coerce=int)
    title = StringField(
        _l("Naam van de bijeenkomst"),
        validators=[DataRequired(_l("Vul een naam in.")), Length(max=120, message=_l("Maak de naam korter."))],
    )
    text = TextAreaField(
        _l("Waar gaat het over?"),
        validators=[Length(max=2000, message=_l("Maak de tekst korter dan 2000 letters."))],
    )
    place = StringField(
        _l("Waar?"),
        validators=[DataRequired(_l("Vul in waar het is.")), Length(max=200, message=_l("Maak de plaats korter."))],
    )
    day = DateField(_l("Dag"), validators=[InputRequired(_l("Kies de dag."))])
    starts = TimeField(_l("Van"), validators=[InputRequired(_l("Vul in hoe laat het begint."))])
    ends = TimeField(_l("Tot"), validators=[InputRequired(_l("Vul in hoe laat het klaar is."))])
    other_way = TextAreaField(
        _l("Hoe kan iemand meedoen die niet kan komen?"),
        validators=[Length(max=1000, message=_l("Maak de tekst korter dan 1000 letters."))],
    )
    report = TextAreaField(
        _l("Verslag"),
        validators=[Optional(), Length(max=10_000, message=_l("Maak het verslag korter dan 10.000 letters."))],
    )

    def offer(self, neighbourhoods: Sequence[Neighbourhood]) -> None:
        self.neighbourhood.choices = [(n.id, n.name) for n in neighbourhoods]

    def show(self, meeting: Meeting) -> None:
        """Fill in what there is."""
        start, end = local(meeting.starts_at), local(meeting.ends_at)
        self.neighbourhood.data = meeting.neighbourhood_id
        self.day.data, self.starts.data, self.ends.data = start.date(), start.time(), end.time()

    @property
    def values(self) -> dict[str, Any]:
        """What plan_meeting and change_meeting take."""
        return {
            "title": self.title.data,
            "text": self.text.data or "",
            "place": self.place.data,
            "starts_at": moment(self.day.data, self.starts.data),
            "ends_at": moment(self.day.data, self.ends.data),
            "other_way": self.other_way.data or "",
        }


class CancelForm(Form):
    other_way = TextAreaField(
        _l("Hoe kunnen mensen nu meedoen?"),
        validators=[
            DataRequired(_l("Schrijf op hoe mensen nu kunnen meedoen.")),
            Length(max=1000, message=_l("Maak de tekst korter dan 1000 letters.")),
        ],
    )
