"""Dutch texts are found where they stand, and every one of them has its English."""

import ast

import pytest

from scripts import translations
from tests.house.sources import PRODUCT, calls_in, files, name_of

ENGLISH_IS_WRITTEN = True
"""True once English is complete; from then on a text without English breaks the build."""


def test_the_texts_of_code_templates_and_mails_are_found() -> None:
    source = translations.extracted()
    places = {str(file) for message in source for file, _line in message.locations}
    assert {"templates/base.html", "wijkagenda/errors.py", "geo/levels.py"} <= places
    assert any(place.startswith("templates/emails/") for place in places)
    assert "Hoofdmenu" in source


def test_no_text_for_gettext_is_put_together_first() -> None:
    """Such a text is in no catalogue. (A name is fine: the label of an enum was marked where it stands.)"""
    wrong = [
        f"{name_of(path)}:{call.lineno} {ast.unparse(call)[:80]}"
        for path in files(*PRODUCT, ending=".py")
        for name, call in calls_in(path)
        if name in translations.KEYWORDS and call.args
        if isinstance(call.args[0], ast.JoinedStr | ast.BinOp | ast.Call)
    ]
    assert wrong == []


@pytest.mark.skipif(not ENGLISH_IS_WRITTEN, reason="English is written once the Dutch texts have settled")
@pytest.mark.parametrize("language", translations.LANGUAGES)
def test_every_text_has_its_translation(language: str) -> None:
    found = list(translations.problems(language, translations.extracted()))
    assert found == [], "make translations, then write what is missing"
