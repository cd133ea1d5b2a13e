"""What administrators type about staff."""

from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import DataRequired, Email, Length

from wijkagenda.people.models import Role
from wijkagenda.web.choices import SelectField
from wijkagenda.web.forms import Form
from wijkagenda.web.i18n import label


class StaffForm(Form):
    """A new colleague."""

    name = StringField(
        _l("Naam"),
        validators=[DataRequired(_l("Vul de naam in.")), Length(max=120, message=_l("Deze naam is te lang."))],
    )
    email = StringField(
        _l("Mailadres van het werk"),
        validators=[
            DataRequired(_l("Vul het mailadres in.")),
            Length(max=254, message=_l("Dit mailadres is te lang.")),
            Email(_l("Dit mailadres klopt niet. Bijvoorbeeld: naam@post.example")),
        ],
    )


class GrantForm(Form):
    """A role in an area; '' is the whole municipality."""

    role = SelectField(_l("Rol"))
    area = SelectField(_l("Waar"))

    def offer(self, areas: list[tuple[str, str]]) -> "GrantForm":
        """Fill the choices: every role, and the areas given as (id, name)."""
        self.role.choices = [(role.value, label(role)) for role in Role]
        self.area.choices = areas
        for field in (self.role, self.area):
            field.validate_choice = True
        return self
