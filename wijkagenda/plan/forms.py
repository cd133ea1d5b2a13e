"""What staff type about actions and their steps."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, FieldList, FormField, IntegerField, StringField, TextAreaField
from wtforms import Form as PlainForm
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from wijkagenda.plan.models import Action
from wijkagenda.plan.operations import LINE_LIMIT, TITLE_LIMIT, YEARS_AFTER_ROUND
from wijkagenda.rounds.models import AgendaRound
from wijkagenda.web.choices import SelectField
from wijkagenda.web.forms import EuroField, Form, clean_text

TEXT_LIMIT = 4000
BLANK_ROWS = 3
MOST_PARTNERS = 20


def years_of(agenda_round: AgendaRound) -> list[tuple[int, str]]:
    """The years in which an action of this round can be ready."""
    return [
        (year, str(year)) for year in range(agenda_round.start_year - 1, agenda_round.end_year + YEARS_AFTER_ROUND + 1)
    ]


def quarters() -> list[tuple[int, str]]:
    """The quarters, by the months they hold."""
    return [
        (1, _("1: januari, februari, maart")),
        (2, _("2: april, mei, juni")),
        (3, _("3: juli, augustus, september")),
        (4, _("4: oktober, november, december")),
    ]


class PartnerForm(PlainForm):
    """One partner; an empty row is none."""

    name = StringField(_l("Naam"), validators=[Optional(), Length(max=LINE_LIMIT)], filters=[clean_text])
    role = StringField(_l("Wat doet die?"), validators=[Optional(), Length(max=LINE_LIMIT)], filters=[clean_text])


class ActionForm(Form):
    """An action: what, who, with whom, when, for how much."""

    title = StringField(_l("Titel"), validators=[DataRequired(_l("Geef de actie een titel.")), Length(max=TITLE_LIMIT)])
    text = TextAreaField(
        _l("Wat gaan wij doen?"),
        validators=[DataRequired(_l("Schrijf in een paar zinnen wat wij gaan doen.")), Length(max=TEXT_LIMIT)],
    )
    owner = StringField(
        _l("Wie is de trekker?"),
        validators=[DataRequired(_l("Schrijf op wie de trekker is.")), Length(max=LINE_LIMIT)],
    )
    due_year = SelectField(_l("Klaar in welk jaar?"), coerce=int)
    due_quarter = SelectField(_l("En in welk kwartaal?"), coerce=int)
    budget = EuroField(_l("Afgesproken geld in euro's"), validators=[Optional()])
    counted_total = IntegerField(
        _l("Hoeveel komen er?"),
        validators=[Optional(), NumberRange(min=1, max=100_000, message=_l("Vul een aantal in van 1 of meer."))],
    )
    take_part = TextAreaField(_l("Kunnen bewoners meedoen?"), validators=[Optional(), Length(max=600)])
    partners = FieldList(FormField(PartnerForm), max_entries=MOST_PARTNERS)

    @classmethod
    def over(cls, agenda_round: AgendaRound, action: Action | None = None, *, stored: bool = True) -> "ActionForm":
        """The form for a new action, or filled with what is stored of one, with blank rows for partners."""
        form = cls(formdata=None, obj=action) if action is not None and stored else cls()
        form.due_year.choices = years_of(agenda_round)
        form.due_quarter.choices = quarters()
        if form.due_year.data is None and not form.is_submitted():
            form.due_year.data, form.due_quarter.data = agenda_round.start_year, 4
        if not form.is_submitted() or stored:
            for _row in range(min(BLANK_ROWS, MOST_PARTNERS - len(form.partners))):
                form.partners.append_entry()
        return form

    @property
    def partner_pairs(self) -> list[tuple[str, str]]:
        """The rows that were filled in, wholly or half."""
        rows = [((row.form.name.data or ""), (row.form.role.data or "")) for row in self.partners]
        return [(name, role) for name, role in rows if name or role]


class MilestoneForm(Form):
    """A dated step."""

    title = StringField(
        _l("Welke stap?"), validators=[DataRequired(_l("Geef de stap een titel.")), Length(max=TITLE_LIMIT)]
    )
    starts_on = DateField(_l("Begint op"), validators=[Optional()])
    due_on = DateField(_l("Klaar op"), validators=[InputRequired(_l("Kies de dag waarop de stap klaar is."))])
    note = StringField(_l("Erbij"), validators=[Optional(), Length(max=LINE_LIMIT)])


class DoneForm(Form):
    """When a step was done."""

    done_on = DateField(_l("Klaar op"), validators=[InputRequired(_l("Kies de dag waarop de stap klaar was."))])
