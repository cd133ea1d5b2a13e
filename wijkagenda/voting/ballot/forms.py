"""What voters type."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import HiddenField, StringField

from wijkagenda.errors import N_, Invalid
from wijkagenda.web.choices import SelectMultipleField
from wijkagenda.web.forms import Form, clean_text

NO_OPTION = -1
POINTS_FIELD = re.compile(r"punten-([0-9]{1,9})")


def option_number(value: object) -> int:
    """An option id as a browser sends it; what is no number becomes an option nobody has."""
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else NO_OPTION


class CodeForm(Form):
    """Step 1: the code from the letter."""

    code = StringField(_l("Uw stemcode"))


def typed_points(sent: Iterable[tuple[str, str]]) -> dict[int, str]:
    """What was typed per option id on a ballot paper with points, as it was typed; empty on other ballots."""
    found = {}
    for name, value in sent:
        if match := POINTS_FIELD.fullmatch(name):
            found[int(match[1])] = value.strip()[:12]
    return found


def read_points(typed: Mapping[int, str]) -> dict[int, int]:
    """The numbers that were typed, nothing left out; an empty field is 0. Raises Invalid for what is no number."""
    if any(value and not (value.isascii() and value.isdigit() and len(value) <= 3) for value in typed.values()):
        raise Invalid(N_("Vul bij elke keuze een heel getal in, of laat het vak leeg."), field="points")
    return {option: int(value or 0) for option, value in typed.items()}


class BallotForm(Form):
    """Steps 2 and 3. The code travels in a hidden field, never in an address; `order` keeps the cards in place.

    What is typed on a paper with points is read by `typed_points`; the field `points` is where its errors stand.
    """

    code = HiddenField()
    order = HiddenField()
    points = HiddenField()
    choices = SelectMultipleField(coerce=option_number, choices=(), validate_choice=False)

    def ordered(self, option_ids: Iterable[int]) -> list[int] | None:
        """The order the cards had before, or None when they were not shown yet."""
        given = [option_number(part) for part in (self.order.data or "")[:2000].split(",")]
        return given if sorted(given) == sorted(option_ids) else None


@dataclass(frozen=True)
class SentBallot:
    """The last step: what was checked, and the slip of the check page.

    Read without a form of WTForms, for nobody types here and none of its errors is shown: on the last evening making
    one took longer than the database. Its token was checked before, as that of every POST.
    """

    code: str
    slip: str
    choices: list[int]
    points: dict[int, int]

    @classmethod
    def read(cls, sent: MultiDict[str, str]) -> "SentBallot":
        """Raises Invalid for points that are no numbers."""
        return cls(
            clean_text(sent.get("code", "")),
            clean_text(sent.get("slip", "")),
            [option_number(choice) for choice in sent.getlist("choices")],
            read_points(typed_points(sent.items())),
        )
