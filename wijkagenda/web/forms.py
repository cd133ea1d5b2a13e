"""Forms: one base class, one way to answer, the same words at the field and in the summary."""

import re
import uuid
from typing import Any

from flask import render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import FieldList, FormField, HiddenField, IntegerField
from wtforms.validators import ValidationError

from wijkagenda.errors import DomainError, Several
from wijkagenda.web.form_words import form_words
from wijkagenda.web.i18n import translate


class Form(FlaskForm):
    """A form of this house. Text is stripped of white space around it, and of NUL characters."""

    class Meta(FlaskForm.Meta):
        def get_translations(self, _form: Any) -> Any:
            return form_words

        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Any:
            if issubclass(unbound_field.field_class, FieldList | FormField):
                return unbound_field.bind(form=form, **options)
            filters = [clean_text, *unbound_field.kwargs.get("filters", [])]
            return unbound_field.bind(form=form, filters=filters, **options)

    def add_error(self, error: DomainError) -> None:
        """Show an operation's error at its field, or above the form when it names none; several errors all at once."""
        if isinstance(error, Several):
            for one in error.errors:
                self.add_error(one)
            return
        message = translate(error.message, error.params)
        field = self._fields.get(error.field or "")
        if field is None:
            self.form_errors.append(message)
        else:
            field.errors = [*field.errors, message]

    @property
    def error_list(self) -> list[tuple[str, str]]:
        """(field id or '', message) of every error, in the order of the page."""
        found = [("", message) for message in self.form_errors]
        for field in self:
            found += [(field.id, str(message)) for message in _flat(field.errors)]
        return found


def _flat(errors: Any) -> list[Any]:
    if isinstance(errors, dict):
        return [m for value in errors.values() for m in _flat(value)]
    return [m for e in errors for m in (_flat(e) if isinstance(e, list | tuple | dict) else [e])]


def clean_text(value: Any) -> Any:
    """Strip white space and characters no database can hold; keep everything else as typed."""
    if not isinstance(value, str):
        return value
    return value.replace("\x00", "").replace("\r\n", "\n").strip()


class SubmissionKeyField(HiddenField):
    """A random key made with the form: sending the same form twice is one submission."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(default=lambda: str(uuid.uuid4()), **kwargs)

    def pre_validate(self, _form: Any) -> None:
        try:
            uuid.UUID(self.data or "")
        except ValueError:
            raise ValidationError(
                _l("Er ging iets mis met het formulier. Laad de pagina opnieuw en probeer het nog eens.")
            ) from None


class EuroField(IntegerField):
    """Whole euros, as people type them: 54000, 54.000, € 54.000 or 54.000,00. Empty is no amount."""

    def process_formdata(self, valuelist: list[str]) -> None:
        text = (
            valuelist[0].replace("€", "").replace(" ", "").replace("\xa0", "").removesuffix(",00") if valuelist else ""
        )
        self.data = None
        if not text:
            return
        if not re.fullmatch(r"-?(\d{1,12}|\d{1,3}(\.\d{3}){1,3})", text, re.ASCII):
            raise ValueError(_("Vul een bedrag in hele euro's in, bijvoorbeeld 54.000."))
        self.data = int(text.replace(".", ""))


def invalid(template: str, form: Form, **context: Any) -> tuple[str, int]:
    """The page again with everything typed and every error: status 422."""
    return render_template(template, form=form, **context), 422
