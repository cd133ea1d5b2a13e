"""What staff type about progress: an update, and why it goes back."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, NumberRange, Optional

from wijkagenda.plan.lifecycle import ALLOWED
from wijkagenda.plan.models import Action, ActionState
from wijkagenda.plan.operations import LINE_LIMIT, TITLE_LIMIT, YEARS_AFTER_ROUND
from wijkagenda.progress.models import ProgressUpdate
from wijkagenda.progress.operations import News
from wijkagenda.web.choices import RadioField, SelectField
from wijkagenda.web.forms import EuroField, Form
from wijkagenda.web.i18n import label

TEXT_LIMIT = 4000
AS_IT_WAS = ""


def _number_or_none(value: Any) -> int | None:
    return None if value in (None, "", "None") else int(value)


class UpdateForm(Form):
    """News about an action, and how it stands now."""

    title = StringField(
        _l("Titel"), validators=[DataRequired(_l("Geef het bericht een titel.")), Length(max=TITLE_LIMIT)]
    )
    text = TextAreaField(
        _l("Wat is er gebeurd?"),
        validators=[DataRequired(_l("Schrijf in een paar zinnen wat er is gebeurd.")), Length(max=TEXT_LIMIT)],
    )
    new_state = RadioField(
        _l("Hoe staat het ermee?"), coerce=ActionState, validators=[DataRequired(_l("Kies hoe het ermee staat."))]
    )
    reason = TextAreaField(_l("Waarom later of gestopt?"), validators=[Optional(), Length(max=TEXT_LIMIT)])
    new_due_year = SelectField(_l("Klaar in welk jaar?"), coerce=_number_or_none, validate_choice=True)
    new_due_quarter = SelectField(_l("En in welk kwartaal?"), coerce=_number_or_none, validate_choice=True)
    standing = StringField(_l("De stand in één zin"), validators=[Optional(), Length(max=LINE_LIMIT)])
    counted_done = IntegerField(
        _l("Hoeveel zijn er klaar?"),
        validators=[Optional(), NumberRange(min=0, max=100_000, message=_l("Vul een aantal in van 0 of meer."))],
    )
    spent = EuroField(_l("Uitgegeven tot nu, in euro's"), validators=[Optional()])

    @classmethod
    def over(cls, action: Action, update: ProgressUpdate | None = None, *, stored: bool = False) -> "UpdateForm":
        """The form for news about this action; `stored` fills it with what stands in the update."""
        form = cls(formdata=None, obj=update) if update is not None and stored else cls()
        agenda_round = action.item.agenda.round
        years = range(agenda_round.start_year - 1, agenda_round.end_year + YEARS_AFTER_ROUND + 1)
        unchanged = (AS_IT_WAS, _("Zoals het was"))
        form.new_state.choices = [
            (state.value, label(state)) for state in ActionState if state in ALLOWED[action.state]
        ]
        form.new_due_year.choices = [unchanged, *((year, str(year)) for year in years)]
        form.new_due_quarter.choices = [
            unchanged,
            (1, _("1: januari, februari, maart")),
            (2, _("2: april, mei, juni")),
            (3, _("3: juli, augustus, september")),
            (4, _("4: oktober, november, december")),
        ]
        if not form.is_submitted() and update is None:
            form.new_state.data = action.state
            form.standing.data = action.standing
            form.counted_done.data = action.counted_done
            if action.state is ActionState.DELAYED:
                form.reason.data = action.reason
                form.new_due_year.data, form.new_due_quarter.data = action.due_year, action.due_quarter
        return form

    def news(self, action: Action) -> News:
        """What was typed. A year without a quarter (or the other way round) is sent on as it is, to be refused."""
        due = (self.new_due_year.data, self.new_due_quarter.data)
        counted = None
        if action.counted_total is not None and self.counted_done.data is not None:
            counted = (self.counted_done.data, action.counted_total)
        return News(
            title=self.title.data or "",
            text=self.text.data or "",
            new_state=self.new_state.data,
            reason=self.reason.data or "",
            standing=self.standing.data or "",
            spent=self.spent.data,
            new_due=None if due == (None, None) else (due[0] or 0, due[1] or 0),
            counted=counted,
        )


class SendBackForm(Form):
    """What must change."""

    text = TextAreaField(
        _l("Wat moet er anders?"),
        validators=[DataRequired(_l("Schrijf op wat er anders moet. De schrijver leest dit.")), Length(max=1000)],
    )
