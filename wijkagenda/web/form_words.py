"""The words of WTForms itself, said our way: what to do, not what went wrong inside.

A field that gives its own message keeps it; these stand in where it gives none.
"""

from functools import cache
from typing import Any

from babel.support import Translations
from wtforms.i18n import messages_path

from wijkagenda.errors import N_
from wijkagenda.web.i18n import current_language, gettext

FROM_THE_LIST = N_("Kies alleen iets uit de lijst.")
OURS = {
    "This field is required.": N_("Vul dit in."),
    "Invalid input.": N_("Dit klopt niet. Kijk het nog eens na."),
    "Field cannot be longer than %(max)d characters.": N_("Dit is te lang. Gebruik hooguit %(max)d letters."),
    "Field must be at least %(min)d characters long.": N_("Dit is te kort. Gebruik minstens %(min)d letters."),
    "Not a valid choice.": FROM_THE_LIST,
    "Invalid Choice: could not coerce.": FROM_THE_LIST,
    "Invalid choice(s): one or more data inputs could not be coerced.": FROM_THE_LIST,
    "'%(value)s' are not valid choices for this field.": FROM_THE_LIST,
    "Not a valid date value.": N_("Kies een dag die bestaat."),
    "Not a valid time value.": N_("Vul een tijd in, zoals 19:30."),
    "Not a valid integer value.": N_("Vul een getal in, bijvoorbeeld 12."),
    "Not a valid decimal value.": N_("Vul een getal in, bijvoorbeeld 7,5."),
}


@cache
def _theirs(language: str) -> Any:
    """Their own catalogue, read once: Flask-WTF reads the file again for each request with a form."""
    return Translations.load(messages_path(), [language], domain="wtforms")


class FormWords:
    """What WTForms asks for a message: ours where we have one, else its own in the language of the page."""

    def gettext(self, text: str) -> str:
        return gettext(OURS[text]) if text in OURS else _theirs(current_language()).ugettext(text)

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        return gettext(OURS[plural]) if plural in OURS else _theirs(current_language()).ungettext(singular, plural, n)


form_words = FormWords()
