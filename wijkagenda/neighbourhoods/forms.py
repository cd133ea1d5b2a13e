"""What staff type about a neighbourhood: its team, its places, its figures."""

from decimal import Decimal
from typing import Any

import shapely
from babel.numbers import NumberFormatError, format_decimal, parse_decimal
from flask_babel import lazy_gettext as _l
from wtforms import DecimalField, EmailField, Field, IntegerField, StringField
from wtforms.validators import DataRequired, Email, InputRequired, Length, NumberRange, Optional, ValidationError

from geo.crs import lat_lon, rd_point
from geo.errors import InvalidPoint
from geo.models import as_shape
from wijkagenda.neighbourhoods.models import Neighbourhood, Place, PlaceKind, ProfileFigure
from wijkagenda.web.choices import SelectField
from wijkagenda.web.forms import Form
from wijkagenda.web.i18n import current_language

LARGEST_FIGURE = Decimal("9999999999.99")


class FigureField(DecimalField):
    """A number as people write it in the language of the page: 1.116,5 in Dutch."""

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else format_decimal(self.data, locale=current_language())

    def process_formdata(self, valuelist: list[str]) -> None:
        if not valuelist or not valuelist[0]:
            return
        try:
            self.data = parse_decimal(valuelist[0], locale=current_language(), strict=True)
        except NumberFormatError:
            self.data = None  # type: ignore[assignment]
            raise ValueError(_l("Dit is geen getal. Bijvoorbeeld: 7,5.")) from None


class DegreesField(StringField):
    """A coordinate in degrees; a comma is taken for a point. `degrees` is the number, or None."""

    @property
    def degrees(self) -> float | None:
        try:
            return float((self.data or "").replace(",", "."))
        except ValueError:
            return None

    def pre_validate(self, _form: Any) -> None:
        if self.data and self.degrees is None:
            raise ValidationError(_l("Dit is geen getal. Bijvoorbeeld: 52,55012."))


class TeamForm(Form):
    """Who works in the neighbourhood and how to reach them."""

    team_name = StringField(
        _l("Naam van het team"),
        validators=[
            DataRequired(_l("Vul de naam van het team in.")),
            Length(max=200, message=_l("Maak de naam korter dan 200 letters.")),
        ],
    )
    team_email = EmailField(
        _l("Mailadres van het team"),
        validators=[
            Optional(),
            Length(max=254, message=_l("Dit mailadres is te lang.")),
            Email(_l("Dit mailadres klopt niet. Bijvoorbeeld: naam@post.example")),
        ],
    )
    team_visiting = StringField(
        _l("Waar en wanneer kunnen mensen langskomen?"),
        validators=[Length(max=200, message=_l("Maak de tekst korter dan 200 letters."))],
    )
    residents = IntegerField(
        _l("Aantal bewoners"),
        validators=[
            Optional(),
            NumberRange(min=0, max=2_000_000, message=_l("Vul een aantal in tussen 0 en 2.000.000.")),
        ],
    )


class PlaceForm(Form):
    """A named place. The map fills the coordinates; who has no map types them."""

    name = StringField(
        _l("Naam van de plek"),
        validators=[
            DataRequired(_l("Vul de naam van de plek in.")),
            Length(max=120, message=_l("Maak de naam korter dan 120 letters.")),
        ],
    )
    kind = SelectField(_l("Wat voor plek is het?"), choices=[(kind.value, _l(kind.label)) for kind in PlaceKind])
    address = StringField(
        _l("Adres"), validators=[Length(max=200, message=_l("Maak het adres korter dan 200 letters."))]
    )
    opening_hours = StringField(
        _l("Wanneer open?"), validators=[Length(max=200, message=_l("Maak de tekst korter dan 200 letters."))]
    )
    lat = DegreesField(_l("Breedtegraad"))
    lon = DegreesField(_l("Lengtegraad"))

    def validate_lat(self, field: Field) -> None:
        if not field.errors and not (self.lat.data and self.lon.data):
            raise ValidationError(_l("Zet een speld op de kaart, of vul beide coördinaten in."))
        if self.lat.degrees is not None and self.lon.degrees is not None:
            try:
                self.point  # noqa: B018  reading it is the check
            except InvalidPoint:
                raise ValidationError(_l("Deze coördinaten liggen niet in Nederland.")) from None

    @property
    def point(self) -> shapely.Point:
        """The place in RD New; raises InvalidPoint."""
        return rd_point(self.lat.degrees or 0.0, self.lon.degrees or 0.0)

    @property
    def values(self) -> dict[str, Any]:
        """What `add_place` takes."""
        return {
            "name": self.name.data,
            "kind": PlaceKind(self.kind.data),
            "address": self.address.data or "",
            "opening_hours": self.opening_hours.data or "",
            "point": self.point,
        }


class FigureForm(Form):
    """One figure of the profile."""

    label = StringField(
        _l("Waar gaat het cijfer over?"),
        validators=[
            DataRequired(_l("Vul in waar het cijfer over gaat.")),
            Length(max=120, message=_l("Maak de tekst korter dan 120 letters.")),
        ],
    )
    value = FigureField(
        _l("Cijfer van de wijk"),
        validators=[
            InputRequired(_l("Vul het cijfer van de wijk in.")),
            NumberRange(min=-LARGEST_FIGURE, max=LARGEST_FIGURE, message=_l("Dit getal is te groot.")),
        ],
    )
    city_value = FigureField(
        _l("Cijfer van de hele gemeente"),
        validators=[
            Optional(),
            NumberRange(min=-LARGEST_FIGURE, max=LARGEST_FIGURE, message=_l("Dit getal is te groot.")),
        ],
    )
    unit = StringField(_l("Eenheid"), validators=[Length(max=20, message=_l("Maak de eenheid korter dan 20 letters."))])
    source = StringField(
        _l("Bron"),
        validators=[
            DataRequired(_l("Waar komt dit cijfer vandaan? Vul de bron in.")),
            Length(max=200, message=_l("Maak de bron korter dan 200 letters.")),
        ],
    )
    year = IntegerField(
        _l("Jaar"),
        validators=[
            InputRequired(_l("Vul het jaar in.")),
            NumberRange(min=1900, max=2200, message=_l("Vul een jaar in, zoals 2026.")),
        ],
    )
    n = IntegerField(
        _l("Hoeveel mensen gaven antwoord?"),
        validators=[
            Optional(),
            NumberRange(min=1, max=10_000_000, message=_l("Vul een aantal in van 1 of meer.")),
        ],
    )

    @property
    def values(self) -> dict[str, Any]:
        """What `state_figure` takes."""
        return {
            "label": self.label.data,
            "value": self.value.data,
            "city_value": self.city_value.data,
            "unit": self.unit.data or "",
            "source": self.source.data,
            "year": self.year.data,
            "n": self.n.data,
        }


def team_form_of(neighbourhood: Neighbourhood) -> TeamForm:
    """The form with what is known."""
    return TeamForm(obj=neighbourhood)


def figure_form_of(figure: ProfileFigure | None) -> FigureForm:
    """The form to correct a figure; empty for a new one."""
    return FigureForm(obj=figure)


def shown_point(place: Place) -> str:
    """The place of a place in degrees, as one can type it again."""
    return "{:.5f} {:.5f}".format(*lat_lon(as_shape(place.point)))
