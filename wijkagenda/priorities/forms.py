"""What staff type about priorities: bundling wishes, words, feasibility, dropping."""

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from wijkagenda.priorities.models import Feasibility
from wijkagenda.priorities.queries import PriorityLine
from wijkagenda.web.choices import RadioField, SelectField, SelectMultipleField
from wijkagenda.web.forms import EuroField, Form
from wijkagenda.web.i18n import label
from wijkagenda.wishes.models import TITLE_LIMIT, Theme, Wish

NEW = "nieuw"
TEXT_LIMIT = 2000


class PriorityForm(Form):
    """The words of a point."""

    title = StringField(_l("Titel"), validators=[DataRequired(_l("Geef het punt een titel.")), Length(max=TITLE_LIMIT)])
    summary = TextAreaField(
        _l("Wat moet er gebeuren?"),
        validators=[DataRequired(_l("Schrijf in een of twee zinnen wat er moet gebeuren.")), Length(max=TEXT_LIMIT)],
    )
    theme = SelectField(_l("Onderwerp"), coerce=Theme)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.theme.choices = [(theme.value, label(theme)) for theme in Theme]


class BundleForm(Form):
    """Ticked wishes, the point they go to (or a new one), and what their givers read."""

    wishes = SelectMultipleField(
        _l("Welke wensen?"), coerce=int, validators=[DataRequired(_l("Kies eerst een of meer wensen."))]
    )
    priority = SelectField(_l("Bij welk punt?"), validators=[DataRequired(_l("Kies een punt."))])
    title = StringField(_l("Titel van het nieuwe punt"), validators=[Length(max=TITLE_LIMIT)])
    explanation = TextAreaField(
        _l("Uitleg voor de indieners"),
        validators=[DataRequired(_l("Schrijf waarom de wensen bij dit punt horen.")), Length(max=TEXT_LIMIT)],
    )

    def offer(self, wishes: Iterable[Wish], lines: Iterable[PriorityLine]) -> None:
        """What can be ticked and chosen."""
        self.wishes.choices = [(wish.id, wish.title) for wish in wishes]
        self.priority.choices = [("", _("Kies een punt"))]
        self.priority.choices += [
            (
                str(line.priority.id),
                _(
                    "%(number)s. %(title)s (%(count)s wensen)",
                    number=line.priority.number,
                    title=line.priority.title,
                    count=line.wish_count,
                ),
            )
            for line in lines
        ]
        self.priority.choices += [(NEW, _("Een nieuw punt"))]


class FeasibilityForm(Form):
    """What the specialists say."""

    outcome = RadioField(
        _l("Kan het?"), coerce=Feasibility, validators=[DataRequired(_l("Kies of het kan."))], default=None
    )
    reason = TextAreaField(
        _l("Waarom?"),
        validators=[DataRequired(_l("Schrijf de reden op. Iedereen kan die lezen.")), Length(max=TEXT_LIMIT)],
    )
    team_name = StringField(
        _l("Wie heeft dit bekeken?"),
        validators=[DataRequired(_l("Schrijf op wie dit heeft bekeken.")), Length(max=200)],
    )
    cost_estimate = EuroField(_l("Geschatte kosten in euro's"), validators=[Optional()])

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.outcome.choices = [(outcome.value, label(outcome).capitalize()) for outcome in Feasibility]


class DropForm(Form):
    """Why a point lapses."""

    reason = TextAreaField(
        _l("Waarom vervalt dit punt?"),
        validators=[
            DataRequired(_l("Schrijf op waarom dit punt vervalt. Iedereen kan dat lezen.")),
            Length(max=TEXT_LIMIT),
        ],
    )
