"""What is chosen to count a public file again."""

from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.validators import InputRequired

from wijkagenda.voting.archive.models import BallotFile
from wijkagenda.voting.counting import Rule
from wijkagenda.voting.explaining import RULE_NAMES
from wijkagenda.web.forms import Form
from wijkagenda.web.i18n import label

NO_TOKEN = {"csrf": False}
"""The page to count again is the same for everyone, so it holds no token; counting changes nothing."""


class RecountForm(Form):
    """Count a public file again, by the rule of the vote or by another one."""

    rule = SelectField(_l("Telregel"), validators=[InputRequired(_l("Kies een telregel."))])

    @classmethod
    def over(cls, kept: BallotFile, *, sent: bool = False) -> "RecountForm":
        """The form with the rules by which this file can be counted, its own first."""
        form = cls(meta=NO_TOKEN) if sent else cls(formdata=None, meta=NO_TOKEN, rule=kept.rules[0])
        form.rule.choices = [(rule, label(RULE_NAMES[Rule(rule)])) for rule in kept.rules]
        return form
