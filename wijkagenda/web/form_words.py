"""The words of WTForms itself, said our way: what to do, not what went wrong inside.

A field that gives its own message keeps it; these stand in where it gives none.
"""

from flask_babel import gettext
from flask_wtf.i18n import translations as theirs

from wijkagenda.errors import N_

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


class FormWords:
    """What WTForms asks for a message: ours where we have one, else its own in the language of the page."""

    def gettext(self, text: str) -> str:
        return gettext(OURS[text]) if text in OURS else theirs.gettext(text)

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        return gettext(OURS[plural]) if plural in OURS else theirs.ngettext(singular, plural, n)


form_words = FormWords()
