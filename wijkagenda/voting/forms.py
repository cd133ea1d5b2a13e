"""What voters and voting officers type."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, IntegerField, StringField
from wtforms.validators import InputRequired, Length, NumberRange

from wijkagenda.voting.codes import LONGEST_TYPED
from wijkagenda.voting.letters.operations import MOST_LETTERS
from wijkagenda.voting.models import Electorate
from wijkagenda.web.choices import SelectField, SelectMultipleField
from wijkagenda.web.forms import Form

NO_OPTION = -1


def option_number(value: object) -> int:
    """An option id as a browser sends it; what is no number becomes an option nobody has."""
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else NO_OPTION


class CodeForm(Form):
    """Step 1: the code from the letter."""

    code = StringField(_l("Uw stemcode"))


class BallotForm(Form):
    """Steps 2 and 3. The code travels in a hidden field, never in an address; `order` keeps the cards in place."""

    code = HiddenField()
    order = HiddenField()
    choices = SelectMultipleField(coerce=option_number, choices=(), validate_choice=False)

    def ordered(self, option_ids: Iterable[int]) -> list[int] | None:
        """The order the cards had before, or None when they were not shown yet."""
        given = [option_number(part) for part in (self.order.data or "")[:2000].split(",")]
        return given if sorted(given) == sorted(option_ids) else None


class SendForm(Form):
    """The last step: what was checked, and the slip of the check page."""

    code = HiddenField()
    order = HiddenField()
    slip = HiddenField()
    choices = SelectMultipleField(coerce=option_number, choices=(), validate_choice=False)


class ReceiptForm(Form):
    """Find a receipt in the list."""

    receipt = StringField(_l("De code van uw bewijs"), validators=[Length(max=LONGEST_TYPED)])


class LettersForm(Form):
    """A run of letters."""

    electorate = SelectField(
        _l("Voor wie?"),
        choices=[(electorate.value, _l(electorate.label)) for electorate in Electorate],
        validators=[InputRequired(_l("Kies voor wie de brieven zijn."))],
    )
    size = IntegerField(
        _l("Hoeveel brieven?"),
        validators=[
            InputRequired(_l("Vul een getal in.")),
            NumberRange(min=1, max=MOST_LETTERS, message=_l("Vraag 1 tot 50.000 brieven tegelijk.")),
        ],
    )


class VoidForm(Form):
    """A letter that got lost."""

    serial = StringField(
        _l("Volgnummer van de brief"),
        validators=[
            InputRequired(_l("Vul het volgnummer in.")),
            Length(max=20, message=_l("Dit volgnummer bestaat niet.")),
        ],
    )

    def number(self, voting_round_id: int) -> int:
        """The serial inside '0036-01842' of this round, or just 1842; 0, which nobody has, for anything else."""
        before, mark, serial = (self.serial.data or "").replace(" ", "").rpartition("-")
        if mark and option_number(before) != voting_round_id:
            return 0
        return max(0, option_number(serial))


class SureForm(Form):
    """An act that cannot be undone."""

    sure = BooleanField(
        _l("Ik weet het zeker."), validators=[InputRequired(_l("Zet een vinkje als u het zeker weet."))]
    )
