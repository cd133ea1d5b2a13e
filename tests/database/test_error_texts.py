"""An error of the database goes to the log, so it never holds what somebody typed, a code or an address."""

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from tests.conftest import NOW
from wijkagenda.feedback.models import Subscription
from wijkagenda.traces import what_happened


def test_an_error_of_the_database_does_not_repeat_what_was_stored(session: Session) -> None:
    row = {"email": "buurvrouw@post.example", "language": "x" * 5000, "token": "geheim-van-de-brief"}
    with pytest.raises(DBAPIError) as refused:
        session.execute(sa.insert(Subscription).values(**row))
    assert "INSERT INTO subscription" in str(refused.value)
    assert "buurvrouw" not in str(refused.value)
    assert "geheim" not in str(refused.value)


def test_the_log_of_an_error_does_not_repeat_the_row_that_was_refused(session: Session) -> None:
    row = {"email": "buurvrouw@post.example", "language": "nl", "token": "geheim\n\nnog meer", "asked_at": NOW}
    with pytest.raises(DBAPIError) as refused:
        session.execute(sa.insert(Subscription).values(**row))
    logged = what_happened(refused.value)
    assert "wish_or_neighbourhood" in logged
    assert "buurvrouw" not in logged
    assert "nog meer" not in logged
