"""What voting officers type about letters and codes."""

import re
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import BooleanField, IntegerField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, ValidationError

from wijkagenda.voting.letters.addresses import LARGEST_FILE, LONGEST_LINE, Window
from wijkagenda.voting.letters.operations import MOST_LETTERS
from wijkagenda.voting.letters.serials import NOBODYS, serial_number
from wijkagenda.voting.models import Electorate
from wijkagenda.web.choices import SelectField
from wijkagenda.web.forms import Form, SubmissionKeyField

LONGEST_SERIAL = 20
LONGEST_LIST = 40_000


def _electorate() -> Any:
    return SelectField(
        _l("Voor wie?"),
        choices=[(electorate.value, _l(electorate.label)) for electorate in Electorate],
        validators=[InputRequired(_l("Kies voor wie het is."))],
    )


def _window() -> Any:
    return SelectField(
        _l("Waar zit het venster van de envelop?"),
        choices=[(window.value, _l(window.label)) for window in Window],
        default=Window.LEFT.value,
    )


class LettersForm(Form):
    """A run of letters: to the addresses of a file, or so many with only a number."""

    submission_key = SubmissionKeyField()
    electorate = _electorate()
    addresses = FileField(_l("Bestand met adressen (CSV)"))
    window = _window()
    doubles = BooleanField(_l("Het klopt als dezelfde naam en hetzelfde adres er vaker in staan."))
    size = IntegerField(_l("Of zonder adressen: hoeveel brieven?"))

    def validate_size(self, field: IntegerField) -> None:
        if self.addresses.data:
            field.errors = []
            return
        if field.data is None:
            if not any((raw or "").strip() for raw in field.raw_data or []):
                field.errors = []
                raise ValidationError(_l("Kies een bestand met adressen, of vul een getal in."))
        elif not 1 <= field.data <= MOST_LETTERS:
            raise ValidationError(_l("Vraag 1 tot 50.000 brieven tegelijk."))

    @property
    def content(self) -> bytes | None:
        """What is in the chosen file; None when none was chosen. One byte too many tells that it is too large."""
        return self.addresses.data.read(LARGEST_FILE + 1) if self.addresses.data else None


class SerialForm(Form):
    """A letter that got lost, by its serial."""

    submission_key = SubmissionKeyField()
    serial = StringField(
        _l("Volgnummer van de brief"),
        validators=[
            InputRequired(_l("Vul het volgnummer in.")),
            Length(max=LONGEST_SERIAL, message=_l("Dit volgnummer bestaat niet.")),
        ],
    )
    name = StringField(_l("Naam"), validators=[Length(max=LONGEST_LINE, message=_l("De naam is te lang."))])
    line = StringField(
        _l("Straat en huisnummer"), validators=[Length(max=LONGEST_LINE, message=_l("Dit adres is te lang."))]
    )
    postcode = StringField(_l("Postcode"), validators=[Length(max=10, message=_l("Dit is geen postcode."))])
    place = StringField(_l("Plaats"), validators=[Length(max=LONGEST_LINE, message=_l("De plaats is te lang."))])
    window = _window()

    def number(self, voting_round_id: int) -> int:
        """The serial of this round that was typed."""
        return serial_number(self.serial.data or "", voting_round_id)


class ReturnedForm(Form):
    """Letters that came back by post: serials, typed or pasted, separated by anything."""

    serials = TextAreaField(
        _l("Volgnummers"),
        validators=[
            InputRequired(_l("Typ minstens 1 volgnummer.")),
            Length(max=LONGEST_LIST, message=_l("De lijst is te lang. Doe het in twee keer.")),
        ],
    )

    def numbers(self, voting_round_id: int) -> tuple[list[int], list[str]]:
        """The serials, and what is no serial of this round, as it was typed."""
        typed = [part for part in re.split(r"[\s,;]+", self.serials.data or "") if part]
        read = [(part, serial_number(part, voting_round_id)) for part in typed]
        return [number for _part, number in read if number != NOBODYS], [
            part for part, number in read if number == NOBODYS
        ]


class DeskCodeForm(Form):
    """One code at the desk for somebody without a letter."""

    submission_key = SubmissionKeyField()
    electorate = _electorate()
    looked = BooleanField(
        _l("Ik heb op de lijst met volgnummers gekeken: deze persoon heeft nog geen brief."),
        validators=[InputRequired(_l("Kijk eerst op de lijst met volgnummers. Zet dan een vinkje."))],
    )
