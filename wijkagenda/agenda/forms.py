"""What staff type about agendas: how many points, an order without a vote, motives, evidence, adoption."""

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, Field, IntegerField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from wijkagenda.agenda.models import Agenda
from wijkagenda.priorities.models import Priority
from wijkagenda.web.choices import RadioField
from wijkagenda.web.forms import Form

TEXT_LIMIT = 2000


class DraftForm(Form):
    """A draft from the vote."""

    size = IntegerField(_l("Hoeveel punten komen op de agenda?"), validators=[InputRequired(_l("Kies een aantal."))])


class RankForm(Form):
    """A draft without a vote: a rank per point, empty for what does not go on the agenda."""

    reason = TextAreaField(
        _l("Waarom is er niet gestemd?"),
        validators=[
            DataRequired(_l("Schrijf op waarom er niet is gestemd. Iedereen kan dat lezen.")),
            Length(max=TEXT_LIMIT),
        ],
    )

    @classmethod
    def over(cls, priorities: Iterable[Priority]) -> "RankForm":
        """The form with one field per point."""
        fields = {f"rank_{p.id}": IntegerField(f"{p.number}. {p.title}", validators=[Optional()]) for p in priorities}
        return type("RankFormOverPoints", (cls,), fields)()

    @property
    def rank_fields(self) -> list[Field]:
        return [field for name, field in self._fields.items() if name.startswith("rank_")]

    def ranks(self, priorities: Iterable[Priority]) -> dict[Priority, int]:
        """The rank per point that has one."""
        given = {p: self._fields[f"rank_{p.id}"].data for p in priorities}
        return {p: rank for p, rank in given.items() if rank is not None}


class WordsForm(Form):
    """Introduction and the motive of every item of a draft."""

    introduction = TextAreaField(_l("Woorden vooraf"), validators=[Optional(), Length(max=TEXT_LIMIT)])

    @classmethod
    def over(cls, agenda: Agenda, *, stored: bool) -> "WordsForm":
        """The form with one motive per item; `stored` fills it with what is in the draft."""
        fields = {
            f"motive_{item.id}": TextAreaField(
                f"{item.rank}. {item.title}",
                validators=[Optional(), Length(min=10, max=TEXT_LIMIT, message=_l("Schrijf een of twee zinnen."))],
            )
            for item in agenda.items
        }
        kind = type("WordsFormOverItems", (cls,), fields)
        if not stored:
            return kind()
        motives = {f"motive_{item.id}": item.motive for item in agenda.items}
        return kind(formdata=None, introduction=agenda.introduction, **motives)

    def motive_of(self, item_id: int) -> Field:
        return self._fields[f"motive_{item_id}"]


class EvidenceForm(Form):
    """One figure of a survey, and what it says."""

    figure = RadioField(_l("Welk cijfer?"), validators=[DataRequired(_l("Kies een cijfer."))])
    statement = StringField(
        _l("Wat zegt dit cijfer?"),
        validators=[DataRequired(_l("Schrijf op wat het cijfer zegt, in een paar woorden.")), Length(max=200)],
    )


class AdoptForm(Form):
    """By whom, when, and with what power."""

    adopted_on = DateField(_l("Datum van het besluit"), validators=[InputRequired(_l("Kies de dag van het besluit."))])
    adopted_by = StringField(
        _l("Wie stelt de agenda vast?"),
        validators=[DataRequired(_l("Schrijf op wie de agenda vaststelt.")), Length(max=200)],
    )
    mandate = StringField(
        _l("Met welk mandaat?"),
        validators=[
            DataRequired(_l("Schrijf op met welk mandaat: welk besluit geeft deze bevoegdheid?")),
            Length(max=300),
        ],
    )


def chosen_share(percent: int, n: int) -> str:
    """'47% van 612 mensen', beside a figure that can be chosen."""
    return _("%(percent)s%% van %(n)s mensen", percent=percent, n=n)
