"""What a visitor types to follow something."""

from flask_babel import lazy_gettext as _l
from wtforms import Field, StringField
from wtforms.validators import DataRequired, Email, StopValidation

from wijkagenda.web.forms import Form

LONGEST = 254
"""What no mail server takes is longer than this."""


def not_too_long(_form: Form, field: Field) -> None:
    """One thing at a time: of what is too long nobody asks whether it is an address."""
    if len(field.data or "") > LONGEST:
        raise StopValidation(_l("Dit mailadres is te lang."))


class FollowForm(Form):
    """Just an address; no name, no account."""

    email = StringField(
        _l("Uw mailadres"),
        validators=[
            DataRequired(_l("Vul uw mailadres in.")),
            not_too_long,
            Email(_l("Dit mailadres klopt niet. Bijvoorbeeld: naam@post.example")),
        ],
    )
