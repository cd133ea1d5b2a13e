"""What a visitor types to follow something."""

from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import DataRequired, Email, Length

from wijkagenda.web.forms import Form


class FollowForm(Form):
    """Just an address; no name, no account."""

    email = StringField(
        _l("Uw mailadres"),
        validators=[
            DataRequired(_l("Vul uw mailadres in.")),
            Length(max=254, message=_l("Dit mailadres is te lang.")),
            Email(_l("Dit mailadres klopt niet. Bijvoorbeeld: naam@post.example")),
        ],
    )
