"""Every bad file of ballots: said in words, what was typed kept, and nothing on the site."""

import io

import pytest

from tests.bad_inputs.cases import still_there
from tests.bad_inputs.props import staff_named
from tests.bad_inputs.table_ballots import BAD_BALLOT_FILES, BadBallotFile
from tests.bad_inputs.table_desk import OFFICER
from tests.page_client import PageClient

HERE = "/werkplek/stemmingen/archief"


@pytest.mark.parametrize("bad", BAD_BALLOT_FILES, ids=lambda bad: bad.what)
def test_a_bad_file_of_ballots_is_refused_in_words(visitor: PageClient, bad: BadBallotFile) -> None:
    visitor.sign_in(staff_named(OFFICER))
    typed = {"title": "Wijkbudget van toen", "rule": "greedy", "source": "griffie"} | bad.typed
    sent = visitor.get(HERE).form_data() | typed | {"file": (io.BytesIO(bad.content), "toen.pb")}
    page = visitor.post(HERE, sent, status=422, content_type="multipart/form-data")
    assert page.errors, "no error summary"
    assert bad.words in " ".join(page.errors)
    assert still_there(page, typed, bad.lost) == []
