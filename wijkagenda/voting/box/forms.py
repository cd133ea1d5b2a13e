"""What key holders type. A passphrase or a recovery code never comes back on the page, on an error neither."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, IntegerField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange

from wijkagenda.voting.box.sealing import LONGEST_PASSPHRASE
from wijkagenda.voting.models import Electorate
from wijkagenda.voting.rehearsal.operations import MOST_TEST_CODES
from wijkagenda.web.choices import SelectField
from wijkagenda.web.forms import Form

LONGEST_REASON = 300
ANEW = _l("Ik weet het: de sleutel wordt opnieuw gemaakt. Het oude herstelblad werkt dan niet meer.")


class SecretField(StringField):
    """A field that is always empty when the page is shown."""

    def _value(self) -> str:
        return ""


def _secret(label: str, missing: str) -> SecretField:
    return SecretField(
        label,
        validators=[
            InputRequired(missing),
            Length(max=LONGEST_PASSPHRASE, message=_l("Dit is te lang: hoogstens 300 letters.")),
        ],
    )


class JoinForm(Form):
    """Become a key holder."""

    passphrase = _secret(_l("Uw wachtzin"), _l("Typ een wachtzin."))
    again = _secret(_l("Nog een keer uw wachtzin"), _l("Typ uw wachtzin nog een keer."))
    anew = BooleanField(ANEW)


class MakeForm(Form):
    """Make the key of the round. `instead_of`: the number of the key that stood there when the page was shown."""

    instead_of = HiddenField()
    anew_key = BooleanField(ANEW)


class ProveForm(Form):
    """A trial ballot with one's own passphrase."""

    own_passphrase = _secret(_l("Uw wachtzin van deze stemming"), _l("Typ uw wachtzin."))

    FIELD_OF = {"passphrase": "own_passphrase"}


class RecoveryForm(Form):
    """A trial ballot with the printed sheet."""

    recovery = _secret(_l("De code van het geprinte blad"), _l("Typ de code van het blad."))


class GrantForm(Form):
    """Hand the key on to a newcomer."""

    passphrase = _secret(_l("Uw eigen wachtzin"), _l("Typ uw wachtzin."))


class CountForm(Form):
    """Open the box and count, with one's passphrase."""

    passphrase = _secret(_l("Uw wachtzin van deze stemming"), _l("Typ uw wachtzin."))


class CountBySheetForm(Form):
    """Open the box and count, with the recovery sheet."""

    recovery = _secret(_l("De code van het herstelblad"), _l("Typ de code van het blad."))
    reason = TextAreaField(
        _l("Waarom gebruikt u het herstelblad?"),
        validators=[
            InputRequired(_l("Schrijf op waarom u het herstelblad gebruikt.")),
            Length(max=LONGEST_REASON, message=_l("De tekst is te lang: hoogstens 300 letters.")),
        ],
    )


class SureForm(Form):
    """An act that cannot be undone."""

    sure = BooleanField(
        _l("Ik weet het zeker."), validators=[InputRequired(_l("Zet een vinkje als u het zeker weet."))]
    )


class CloseForm(Form):
    """Close the box. `clock_checked` is asked only when the clock of the server is suspect."""

    sure = BooleanField(
        _l("Ik weet het zeker: de stembus gaat dicht."),
        validators=[InputRequired(_l("Zet een vinkje als u het zeker weet."))],
    )
    clock_checked = BooleanField(_l("Ik vergeleek de tijd met een andere klok. De tijd van de server klopt nu."))


class ExerciseCodesForm(Form):
    """Codes for an exercise."""

    electorate = SelectField(
        _l("Voor wie?"),
        choices=[(electorate.value, _l(electorate.label)) for electorate in Electorate],
        validators=[InputRequired(_l("Kies voor wie de codes zijn."))],
    )
    number = IntegerField(
        _l("Hoeveel oefencodes?"),
        default=5,
        validators=[
            InputRequired(_l("Vul een getal in.")),
            NumberRange(min=1, max=MOST_TEST_CODES, message=_l("Vraag 1 tot 50 oefencodes.")),
        ],
    )
