"""What is typed about a melding over de stemming."""

from flask_babel import lazy_gettext as _l
from wtforms import Field, StringField, TextAreaField
from wtforms.validators import Email, InputRequired, Optional, StopValidation

from wijkagenda.voting.remarks.models import RemarkSubject
from wijkagenda.web.choices import SelectField
from wijkagenda.web.forms import Form, SubmissionKeyField

LONGEST_ADDRESS = 254


def not_too_long(_form: Form, field: Field) -> None:
    if len(field.data or "") > LONGEST_ADDRESS:
        raise StopValidation(_l("Dit mailadres is te lang."))


class RemarkForm(Form):
    """Anybody, without an account. An address only for who wants to read the answer in a mail."""

    submission_key = SubmissionKeyField()
    subject = SelectField(
        _l("Waar gaat het over?"),
        choices=[("", _l("Kies een onderwerp")), *((subject.value, _l(subject.label)) for subject in RemarkSubject)],
        validators=[InputRequired(_l("Kies waar uw melding over gaat."))],
    )
    text = TextAreaField(_l("Wat klopt er niet?"))
    email = StringField(
        _l("Uw mailadres"),
        validators=[
            Optional(),
            not_too_long,
            Email(_l("Dit mailadres klopt niet. Bijvoorbeeld: naam@post.example")),
        ],
    )


class AnswerForm(Form):
    """The answer of the voting office."""

    answer = TextAreaField(_l("Uw antwoord"))
