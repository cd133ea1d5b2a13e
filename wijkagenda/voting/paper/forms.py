"""What voting officers type about paper ballots."""

import re
from collections.abc import Iterable, Sequence

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FieldList, IntegerField, StringField, TextAreaField
from wtforms.validators import InputRequired, NumberRange, Optional, ValidationError

from wijkagenda.errors import N_, Invalid
from wijkagenda.voting.letters.operations import MOST_BALLOTS
from wijkagenda.voting.letters.serials import NOBODYS, serial_number
from wijkagenda.voting.models import Electorate, VotingOption, VotingRound
from wijkagenda.voting.paper.entering import NOTHING_READ
from wijkagenda.voting.paper.models import PaperBatch
from wijkagenda.voting.paper.operations import MOST_SHEETS
from wijkagenda.voting.rules.regulation import MOST_OPTIONS
from wijkagenda.web.choices import SelectField
from wijkagenda.web.forms import Form, SubmissionKeyField

LONGEST_READ = 300


class PileForm(Form):
    """Begin a pile."""

    electorate = SelectField(_l("Van wie zijn de biljetten?"), choices=())

    def offer(self, voting_round: VotingRound) -> None:
        offered = Electorate if voting_round.with_businesses else (Electorate.RESIDENTS,)
        self.electorate.choices = [(electorate.value, _l(electorate.label)) for electorate in offered]


class BallotsForm(Form):
    """Paper ballots with a fresh code on each stub."""

    submission_key = SubmissionKeyField()
    group = SelectField(_l("Voor wie zijn de biljetten?"), choices=())
    size = IntegerField(
        _l("Hoeveel stembiljetten?"),
        validators=[
            InputRequired(_l("Vul in hoeveel stembiljetten u wilt: 1 tot 1.000.")),
            NumberRange(min=1, max=MOST_BALLOTS, message=_l("Vul in hoeveel stembiljetten u wilt: 1 tot 1.000.")),
        ],
    )

    def offer(self, voting_round: VotingRound) -> None:
        offered = Electorate if voting_round.with_businesses else (Electorate.RESIDENTS,)
        self.group.choices = [(electorate.value, _l(electorate.label)) for electorate in offered]


def _must_be_serial(form: "LeftOverForm", field: StringField) -> None:
    if serial_number(field.data or "", form.voting_round_id) == NOBODYS:
        raise ValidationError(_l("Dit is geen volgnummer van deze stemming. Neem het over van de strook."))


class LeftOverForm(Form):
    """Printed ballots with a code that are left over: from one serial to another."""

    first = StringField(
        _l("Eerste volgnummer"), validators=[InputRequired(_l("Vul het eerste volgnummer in.")), _must_be_serial]
    )
    last = StringField(
        _l("Laatste volgnummer"), validators=[InputRequired(_l("Vul het laatste volgnummer in.")), _must_be_serial]
    )
    reason = StringField(_l("Waarom?"))

    voting_round_id = 0

    def serials(self) -> tuple[int, int]:
        """The two numbers that were typed."""
        first, last = (serial_number(field.data or "", self.voting_round_id) for field in (self.first, self.last))
        return first, last


class StubForm(Form):
    """The code of a stub, typed or scanned."""

    code = StringField(_l("Code op de strook"))


class FillForm(Form):
    """A pile that was counted by hand."""

    sheets = IntegerField(
        _l("Hoeveel biljetten telt u?"),
        validators=[
            InputRequired(_l("Vul in hoeveel biljetten u heeft geteld.")),
            NumberRange(min=0, max=MOST_SHEETS, message=_l("Vul in hoeveel biljetten u heeft geteld.")),
        ],
    )
    because = TextAreaField(_l("Wat heeft u gedaan, en waarom?"))


class MergeForm(Form):
    """Put a small pile on another."""

    into = SelectField(_l("Bij welke stapel?"), coerce=int, choices=())

    def offer(self, batches: Iterable[PaperBatch]) -> None:
        self.into.choices = [(batch.number, _l("Stapel %(number)s", number=batch.number)) for batch in batches]


class SheetForm(Form):
    """What one person reads on one sheet. Made for the keyboard: numbers, Enter, the next sheet."""

    read = StringField(_l("Welke nummers zijn aangekruist?"))
    points = FieldList(
        IntegerField(validators=[Optional(), NumberRange(min=0, max=100, message=_l("Vul punten in van 0 tot 100."))]),
        max_entries=MOST_OPTIONS,
    )
    blank = BooleanField(_l("Ongeldig of leeg"))
    reason = TextAreaField(_l("Waarom kijkt u nog een keer?"))

    def fit(self, options: Sequence[VotingOption]) -> None:
        """As many fields for points as there are options."""
        while len(self.points) < len(options):
            self.points.append_entry()

    @property
    def is_blank(self) -> bool:
        """Ticked, or 0 as number: then the hand stays on the keys."""
        return bool(self.blank.data) or (self.read.data or "").strip() == "0"

    def crosses(self, options: Sequence[VotingOption]) -> list[int]:
        """The option ids of the numbers that were typed; the first option on the paper is number 1."""
        parts = [part for part in re.split(r"[\s,;.+/]+", (self.read.data or "")[:LONGEST_READ]) if part]
        if self.is_blank:
            if [part for part in parts if part != "0"]:
                raise Invalid(N_("Typ nummers, of zet een vinkje bij ‘ongeldig of leeg’. Niet allebei."), field="read")
            return []
        chosen: list[int] = []
        for part in parts:
            number = int(part) if part.isascii() and part.isdigit() and len(part) <= 4 else 0
            if not 1 <= number <= len(options):
                raise Invalid(
                    N_("Typ nummers van 1 tot %(last)s, met een spatie ertussen."), field="read", last=len(options)
                )
            if options[number - 1].id in chosen:
                raise Invalid(N_("U typte nummer %(number)s twee keer."), field="read", number=number)
            chosen.append(options[number - 1].id)
        return chosen

    def given_points(self, options: Sequence[VotingOption]) -> dict[int, int]:
        """Per option id the points that were typed."""
        fields = list(self.points)[: len(options)]
        given = {option.id: field.data or 0 for option, field in zip(options, fields, strict=False)}
        if self.is_blank and any(given.values()):
            raise Invalid(N_("Typ punten, of zet een vinkje bij ‘ongeldig of leeg’. Niet allebei."), field="read")
        if not self.is_blank and not any(given.values()):
            raise Invalid(NOTHING_READ, field="read")
        return given


class BoxForm(Form):
    """An act that cannot be undone."""

    sure = BooleanField(
        _l("Ik weet het zeker."), validators=[InputRequired(_l("Zet een vinkje als u het zeker weet."))]
    )
