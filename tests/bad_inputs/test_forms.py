"""Every bad input in a form: its status, its words, all that was typed, and nothing changed."""

import pytest

from tests.bad_inputs.cases import BadForm, send, still_there
from tests.bad_inputs.props import Props
from tests.bad_inputs.table_ballots import BAD_RECOUNTS
from tests.bad_inputs.table_codes import BAD_CODES
from tests.bad_inputs.table_desk import BAD_DESK
from tests.bad_inputs.table_forms import BAD_FORMS
from tests.bad_inputs.table_paper import BAD_PAPER
from tests.bad_inputs.table_rules import BAD_RULES
from tests.page_client import PageClient


@pytest.mark.parametrize(
    "case", [*BAD_FORMS, *BAD_CODES, *BAD_DESK, *BAD_PAPER, *BAD_RULES, *BAD_RECOUNTS], ids=lambda case: case.what
)
def test_bad_input_gets_its_words_back_and_changes_nothing(visitor: PageClient, props: Props, case: BadForm) -> None:
    page, typed = send(case, visitor, props)
    assert page.status == case.status, (page.status, page.h1, page.errors)
    assert case.words in page.words
    assert still_there(page, typed, case.lost) == []
    if page.status == 422:
        assert page.errors, "no error summary"
        for link in page.soup.select("[data-errors] a[href^='#']"):
            assert page.soup.find(id=link["href"][1:]), f"the summary links to nothing: {link['href']}"
