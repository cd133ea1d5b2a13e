"""What is chosen to count a public file again."""

from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.validators import InputRequired

from wijkagenda.voting.counting import Rule
from wijkagenda.voting.result.explaining import RULE_NAMES
from wijkagenda.web.forms import Form
from wijkagenda.web.i18n import label

NO_TOKEN = {"csrf": False}
"""The page to count again is the same for everyone, so it holds no token; counting changes nothing."""


class RecountForm(Form):
    """Count a public file again, by the rule of the vote or by another one."""

    rule = SelectField(_l("Telregel"), validators=[InputRequired(_l("Kies een telregel."))])

    @classmethod
    def over(cls, rules: list[Rule], chosen: str, *, sent: bool = False) -> "RecountForm":
        """The form with these rules to choose from."""
        form = cls(meta=NO_TOKEN) if sent else cls(formdata=None, meta=NO_TOKEN, rule=chosen)
        form.rule.choices = [(rule.value, label(RULE_NAMES[rule])) for rule in rules]
        return form
