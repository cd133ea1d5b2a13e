"""What somebody types who looks for the receipt of a vote."""

from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import Length

from wijkagenda.voting.codes import LONGEST_TYPED
from wijkagenda.web.forms import Form


class ReceiptForm(Form):
    """Find a receipt in the list."""

    receipt = StringField(_l("De code van uw bewijs"), validators=[Length(max=LONGEST_TYPED)])
