"""What people type about wishes: the three steps of giving one, and what staff fill in."""

from collections.abc import Sequence
from enum import Enum
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, Field, HiddenField, StringField, TextAreaField
from wtforms.validators import DataRequired, Email, Length, Optional, StopValidation, ValidationError

from geo.crs import lat_lon
from geo.models import as_shape
from wijkagenda.neighbourhoods.models import Neighbourhood, Place
from wijkagenda.web.choices import RadioField, SelectField
from wijkagenda.web.forms import Form, SubmissionKeyField
from wijkagenda.wishes.models import (
    TEXT_LIMIT,
    TITLE_LIMIT,
    Channel,
    GivenAs,
    PlaceChoice,
    RefusalGround,
    Theme,
)
from wijkagenda.wishes.wording import is_visible

LAST_STEP = 3
STEP_FIELDS = {
    1: ("text", "theme"),
    2: ("place_choice", "place_id", "place_text"),
    3: ("given_as", "wants_to_do_it", "email"),
}
GIVEN_AS_CHOICES = [
    (GivenAs.RESIDENT.value, _l("Voor mijzelf, als bewoner")),
    (GivenAs.ORGANISATION.value, _l("Voor een club of organisatie")),
    (GivenAs.ENTREPRENEUR.value, _l("Voor een winkel of bedrijf")),
]


class OneOf:
    """Exactly one member of an enum must be chosen; the field's data stays the value as sent."""

    def __init__(self, enum: type[Enum], message: Any) -> None:
        self.values = {member.value for member in enum}
        self.message = message

    def __call__(self, _form: Form, field: Field) -> None:
        if field.data not in self.values:
            raise StopValidation(self.message)


class NotTooLong:
    """At most `limit` characters; the message says how many are too many."""

    def __init__(self, limit: int) -> None:
        self.limit = limit

    def __call__(self, _form: Form, field: Field) -> None:
        over = len(field.data or "") - self.limit
        if over > 0:
            raise ValidationError(_l("Uw tekst is %(over)s letters te lang. Maak de tekst korter.", over=over))


class SomethingToRead:
    """A letter, a digit, a sign or a picture; white space alone says nothing."""

    def __init__(self, message: Any) -> None:
        self.message = message

    def __call__(self, _form: Form, field: Field) -> None:
        if not is_visible(field.data or ""):
            raise StopValidation(self.message)


class MailAddress(Email):
    """Says what to do: most mistakes are a missing @."""

    def __call__(self, form: Form, field: Field) -> None:
        if "@" not in (field.data or ""):
            raise ValidationError(_l("Uw mailadres mist een @. Bijvoorbeeld: naam@post.example"))
        super().__call__(form, field)


def labels(enum: type[Enum]) -> list[tuple[str, Any]]:
    """(value, words) of every member, for a choice field."""
    return [(member.value, _l(member.label)) for member in enum]  # type: ignore[attr-defined]


def text_field() -> TextAreaField:
    return TextAreaField(
        _l("Wat moet er beter?"),
        validators=[
            SomethingToRead(_l("Schrijf wat er beter moet. Een paar woorden is genoeg.")),
            NotTooLong(TEXT_LIMIT),
        ],
    )


def theme_field() -> SelectField:
    return SelectField(
        _l("Over welk onderwerp gaat het?"),
        choices=[("", _l("Kies een onderwerp")), *labels(Theme)],
        validate_choice=False,
        validators=[OneOf(Theme, _l("Kies over welk onderwerp uw wens gaat."))],
    )


def email_field(label: Any) -> StringField:
    return StringField(
        label,
        validators=[
            Optional(),
            Length(max=254, message=_l("Dit mailadres is te lang.")),
            MailAddress(_l("Dit mailadres klopt niet. Bijvoorbeeld: naam@post.example")),
        ],
    )


def _place_option(place: Place) -> tuple[str, str, dict[str, float]]:
    """With its coordinates, so that the pin on the map can go there."""
    lat, lon = lat_lon(as_shape(place.point))
    return str(place.id), place.name, {"data-lat": lat, "data-lon": lon}


class PlaceForm(Form):
    """Where a wish is about. `lat` and `lon` are filled by the map, in WGS84."""

    place_choice = RadioField(
        _l("Waar gaat het over?"),
        choices=labels(PlaceChoice),
        default=PlaceChoice.POINT.value,
        validate_choice=False,
        validators=[OneOf(PlaceChoice, _l("Kies waar uw wens over gaat."))],
    )
    lat = HiddenField()
    lon = HiddenField()
    place_id = SelectField(_l("Kies uit de lijst"), validate_choice=False)
    place_text = StringField(
        _l("Plek of adres"), validators=[Length(max=200, message=_l("Dit is te lang. Gebruik hooguit 200 letters."))]
    )

    def offer_places(self, places: Sequence[Place]) -> None:
        """Which named places can be chosen."""
        self.place_id.choices = [("", _l("Kies een plek"), {}), *(_place_option(place) for place in places)]


class WishForm(PlaceForm):
    """All three steps. `step` is the one that was shown; fields of other steps travel along hidden."""

    submission_key = SubmissionKeyField()
    step = HiddenField(default="1")
    send_to = HiddenField()
    seen = HiddenField()
    text = text_field()
    theme = theme_field()
    given_as = RadioField(
        _l("Voor wie doet u deze wens?"),
        choices=GIVEN_AS_CHOICES,
        validate_choice=False,
        validators=[OneOf(GivenAs, _l("Kies voor wie u de wens doet."))],
    )
    wants_to_do_it = BooleanField(_l("Ik wil dit zelf doen, of meehelpen"))
    email = email_field(_l("Uw mailadres"))

    @property
    def shown_step(self) -> int:
        return int(self.step.data) if self.step.data in {"1", "2", "3"} else 1

    def wrong_step(self, up_to: int) -> int | None:
        """The first step up to this one with something wrong; errors of later steps are forgotten."""
        self.validate()
        for step in range(up_to + 1, LAST_STEP + 1):
            for name in STEP_FIELDS[step]:
                self._fields[name].errors = []
        return self.step_with_errors()

    def step_with_errors(self) -> int | None:
        for step, names in STEP_FIELDS.items():
            if any(self._fields[name].errors for name in names):
                return step
        return LAST_STEP if self.error_list else None

    def travelling(self, step: int) -> list[tuple[str, str]]:
        """(name, value) of everything that belongs to other steps than the one shown."""
        return [
            (name, _sent(self._fields[name]))
            for other, names in STEP_FIELDS.items()
            if other != step
            for name in names
            if _sent(self._fields[name])
        ]


def _sent(field: Field) -> str:
    if isinstance(field, BooleanField):
        return "y" if field.data else ""
    return field.data or ""


class EnterForm(PlaceForm):
    """Staff write down what somebody gave on paper or said."""

    submission_key = SubmissionKeyField()
    neighbourhood = SelectField(_l("Wijk"), validate_choice=False)
    channel = RadioField(
        _l("Hoe kwam de wens binnen?"),
        choices=[(value, words) for value, words in labels(Channel) if value != Channel.WEBSITE.value],
        validate_choice=False,
        validators=[OneOf(Channel, _l("Kies hoe de wens binnenkwam."))],
    )
    received_on = DateField(_l("Op welke dag?"), validators=[Optional()])
    text = text_field()
    theme = theme_field()
    given_as = RadioField(
        _l("Van wie is de wens?"),
        choices=labels(GivenAs),
        default=GivenAs.RESIDENT.value,
        validate_choice=False,
        validators=[OneOf(GivenAs, _l("Kies van wie de wens is."))],
    )
    wants_to_do_it = BooleanField(_l("De indiener wil dit zelf doen, of meehelpen"))
    email = email_field(_l("Mailadres van de indiener"))
    postal_address = TextAreaField(
        _l("Postadres van de indiener"),
        validators=[Length(max=300, message=_l("Dit is te lang. Gebruik hooguit 300 letters."))],
    )

    def offer(self, neighbourhoods: Sequence[Neighbourhood]) -> None:
        self.neighbourhood.choices = [("", _l("Kies een wijk")), *((n.slug, n.name) for n in neighbourhoods)]


class PlaceWishForm(Form):
    """Make a wish public, under a clear title."""

    title = StringField(
        _l("Titel op de website"),
        validators=[
            DataRequired(_l("Geef de wens een titel.")),
            Length(max=TITLE_LIMIT, message=_l("Deze titel is te lang. Gebruik hooguit 120 letters.")),
        ],
    )


def explanation_field(label: Any) -> TextAreaField:
    return TextAreaField(
        label,
        validators=[
            DataRequired(_l("Schrijf een uitleg van minstens 10 letters. De indiener leest die.")),
            Length(min=10, message=_l("Schrijf een uitleg van minstens 10 letters. De indiener leest die.")),
            NotTooLong(2000),
        ],
    )


class ReasonForm(Form):
    """A ground and a text: what every no needs."""

    ground = SelectField(
        _l("De reden"),
        choices=[("", _l("Kies de reden")), *labels(RefusalGround)],
        validate_choice=False,
        validators=[OneOf(RefusalGround, _l("Kies de reden."))],
    )
    text = explanation_field(_l("Uitleg voor de indiener"))


class RefuseForm(ReasonForm):
    what_we_do = TextAreaField(_l("Wat doen wij wel?"), validators=[NotTooLong(2000)])


class ReferForm(Form):
    referred_to = StringField(
        _l("Aan wie geeft u de wens door?"),
        validators=[
            DataRequired(_l("Aan wie geeft u de wens door? Vul een naam in.")),
            Length(max=200, message=_l("Dit is te lang. Gebruik hooguit 200 letters.")),
        ],
    )
    text = explanation_field(_l("Uitleg voor de indiener"))


class MoveForm(Form):
    neighbourhood = SelectField(
        _l("Naar welke wijk?"), validate_choice=False, validators=[DataRequired(_l("Kies een wijk."))]
    )

    def offer(self, neighbourhoods: Sequence[Neighbourhood]) -> None:
        self.neighbourhood.choices = [("", _l("Kies een wijk")), *((n.slug, n.name) for n in neighbourhoods)]
