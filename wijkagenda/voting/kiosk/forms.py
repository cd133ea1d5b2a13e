"""For which votes a computer becomes a kiosk."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from wtforms import StringField

from wijkagenda.voting.models import VotingRound
from wijkagenda.web.choices import SelectMultipleField
from wijkagenda.web.forms import Form


class TypedSoFar(Form):
    """The first step as it stands, for who needs more time."""

    code = StringField(_l("Uw stemcode"))


class KioskForm(Form):
    """All open votes of this officer are ticked to begin with."""

    voting_round_ids = SelectMultipleField(_l("Voor welke stemmingen?"), coerce=int, choices=())

    def offer(self, voting_rounds: Iterable[VotingRound]) -> None:
        self.voting_round_ids.choices = [
            (one.id, f"{one.round.neighbourhood.name}: {one.title}") for one in voting_rounds
        ]
