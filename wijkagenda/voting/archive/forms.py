"""What is filled in to bring in an earlier vote, or to take one away."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from wijkagenda.neighbourhoods.models import Neighbourhood
from wijkagenda.voting.counting import Rule
from wijkagenda.voting.counting.terms import MONEY_RULES
from wijkagenda.voting.explaining import RULE_NAMES
from wijkagenda.web.forms import Form
from wijkagenda.web.i18n import label


class ImportForm(Form):
    """A .pb file, and what it is a vote of."""

    file = FileField(_l("Bestand met stembiljetten (.pb)"))
    title = StringField(_l("Naam van de stemming"), validators=[Length(max=200)])
    rule = SelectField(_l("Telregel"), validators=[InputRequired(_l("Kies een telregel."))])
    neighbourhood = SelectField(_l("Wijk"), validators=[])
    source = StringField(_l("Waar het bestand vandaan komt"), validators=[Length(max=300)])

    @classmethod
    def over(cls, neighbourhoods: list[Neighbourhood], whole: str) -> "ImportForm":
        """The form for who may bring in votes of these wijken; `whole`: the words for a vote of all."""
        form = cls()
        usual = [Rule.EQUAL_SHARES_ADD1, *(rule for rule in Rule if rule in MONEY_RULES)]
        rules = list(dict.fromkeys([*usual, *Rule]))
        form.rule.choices = [(rule.value, label(RULE_NAMES[rule])) for rule in rules]
        form.neighbourhood.choices = [("", whole), *((str(one.id), one.name) for one in neighbourhoods)]
        return form


class RemoveForm(Form):
    """Take an earlier vote off the site."""

    sure = BooleanField(
        _l("Ik weet het zeker."), validators=[InputRequired(_l("Zet een vinkje als u het zeker weet."))]
    )
