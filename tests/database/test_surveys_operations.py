"""Surveys on both databases: taken in once, linked to nobody, counted as they are."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from surveys import interchange, operations, queries
from surveys.errors import (
    CodesNotAllowed,
    CodeUsed,
    ForbiddenStep,
    InvalidAnswers,
    SurveyNotOpen,
    UnknownCode,
)
from surveys.models import Answer, Base, Participation, ParticipationState, Response, Survey, SurveyState
from tests.factories.surveys import filled_form, survey_definition
from tests.services import new_database
from wijkagenda.db import sqlite_engine_options

DAY = date(2027, 3, 1)
SECRET = b"a secret of this test"


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def engine(request, tmp_path_factory, worker_id):
    """The survey tables alone, without any other table of the house."""
    if request.param == "sqlite":
        path = tmp_path_factory.mktemp("surveys") / "surveys.sqlite"
        engine = sa.create_engine(f"sqlite:///{path}", **sqlite_engine_options())
    else:
        url = sa.make_url(new_database(f"surveys_{worker_id}")).set(drivername="postgresql+psycopg")
        engine = sa.create_engine(url, pool_size=20, max_overflow=20)
    Base.metadata.create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine):
    """A session of which nothing stays."""
    with engine.connect() as connection, connection.begin() as outer:
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            yield session
        outer.rollback()


def opened(session, **changes):
    survey = operations.create_survey(session, survey_definition(**changes))
    operations.open_survey(session, survey, today=DAY)
    return survey


def send(session, survey, key, *, code=None, segment=None, **answers):
    return operations.submit_response(
        session,
        survey,
        raw=filled_form(**answers),
        submission_key=key,
        code=code,
        segment=segment,
        secret=SECRET,
    )


def fill(session, survey, times, *, segment=None, start=0, **answers):
    for number in range(times):
        send(session, survey, f"key-{segment}-{start + number}", segment=segment, **answers)


# --- the life of a survey ------------------------------------------------------------------------


def test_a_survey_is_stored_with_its_questions_in_order(session):
    survey = operations.create_survey(session, survey_definition())
    session.expire_all()
    found = queries.get_survey(session, survey.id)
    assert [question.key for question in found.questions] == [
        "cijfer", "tevreden", "plekken", "kinderen", "aantal", "waarom",
    ]  # fmt: skip
    assert interchange.definition_from_json(interchange.definition_to_json(found))["title"]["en"] == "Survey Molenwijk"


def test_a_draft_takes_no_answers(session):
    survey = operations.create_survey(session, survey_definition())
    with pytest.raises(SurveyNotOpen):
        send(session, survey, "k")


def test_a_closed_survey_takes_no_answers_and_never_opens_again(session):
    survey = opened(session)
    operations.close_survey(session, survey, today=DAY)
    with pytest.raises(SurveyNotOpen):
        send(session, survey, "k")
    with pytest.raises(ForbiddenStep):
        operations.open_survey(session, survey, today=DAY)
    assert (survey.opened_on, survey.closed_on) == (DAY, DAY)


def test_only_a_draft_can_be_discarded(session):
    survey = operations.create_survey(session, survey_definition(access="code"))
    operations.issue_codes(session, survey, count=3, secret=SECRET)
    operations.discard_survey(session, survey)
    assert session.scalar(sa.select(sa.func.count()).select_from(Participation)) == 0
    with pytest.raises(ForbiddenStep):
        operations.discard_survey(session, opened(session))


# --- taken in once -------------------------------------------------------------------------------


def test_the_same_page_sent_twice_is_one_response(session):
    survey = opened(session)
    assert send(session, survey, "k", cijfer="7").already_received is False
    assert send(session, survey, "k", cijfer="7").already_received is True
    assert queries.response_count(session, survey.id) == 1


def test_a_page_that_came_in_keeps_its_friendly_answer_after_closing(session):
    survey = opened(session)
    send(session, survey, "k")
    operations.close_survey(session, survey, today=DAY)
    assert send(session, survey, "k").already_received is True


def test_a_code_counts_once_and_its_page_may_come_twice(session):
    survey = opened(session, access="code")
    code, other = operations.issue_codes(session, survey, count=2, secret=SECRET)
    assert send(session, survey, "k", code=code.lower().replace("-", " ")).already_received is False
    assert send(session, survey, "k", code=code).already_received is True
    with pytest.raises(CodeUsed):
        send(session, survey, "another page", code=code)
    assert queries.response_count(session, survey.id) == 1
    assert queries.code_state(session, survey, other, secret=SECRET) is ParticipationState.ISSUED
    assert queries.code_counts(session, survey.id) == {ParticipationState.ISSUED: 1, ParticipationState.USED: 1}


def test_an_unknown_code_or_one_of_another_survey_is_refused(session):
    survey, other = opened(session, access="code"), opened(session, access="code")
    (code,) = operations.issue_codes(session, other, count=1, secret=SECRET)
    for wrong in (code, "0000-0000-00000", "", None):
        with pytest.raises(UnknownCode):
            send(session, survey, "k", code=wrong)
    assert queries.response_count(session, survey.id) == 0


def test_codes_are_only_kept_as_a_keyed_hash(session):
    survey = opened(session, access="code")
    (code,) = operations.issue_codes(session, survey, count=1, secret=SECRET)
    (row,) = session.scalars(sa.select(Participation).where(Participation.survey_id == survey.id))
    assert code.encode() not in row.key_hash
    assert queries.code_state(session, survey, code, secret=b"another secret") is None


def test_no_codes_for_a_survey_that_is_open_to_everyone_or_closed(session):
    with pytest.raises(CodesNotAllowed):
        operations.issue_codes(session, opened(session), count=1, secret=SECRET)
    survey = opened(session, access="code")
    operations.close_survey(session, survey, today=DAY)
    with pytest.raises(SurveyNotOpen):
        operations.issue_codes(session, survey, count=1, secret=SECRET)


def test_an_empty_form_is_refused_and_uses_no_code(session):
    definition = survey_definition(access="code")
    definition["sections"][1]["questions"][0]["required"] = False
    survey = operations.create_survey(session, definition)
    operations.open_survey(session, survey, today=DAY)
    (code,) = operations.issue_codes(session, survey, count=1, secret=SECRET)
    with pytest.raises(InvalidAnswers):
        send(session, survey, "k", code=code, kinderen="")
    assert queries.code_state(session, survey, code, secret=SECRET) is ParticipationState.ISSUED


@pytest.mark.parametrize("access", ["open", "code"])
def test_200_parallel_submits_of_100_keys_are_100_responses(engine, access):
    with Session(engine, expire_on_commit=False) as session, session.begin():
        survey = opened(session, access=access)
        codes = [None] * 100
        if access == "code":
            codes = operations.issue_codes(session, survey, count=100, secret=SECRET)
        survey_id = survey.id
    start = threading.Barrier(20)

    def submit(number):
        if number < 20:
            start.wait()
        with Session(engine) as session, session.begin():
            session.connection(execution_options={"takes_write_lock": True})
            survey = queries.get_survey(session, survey_id)
            return send(session, survey, f"key-{number % 100}", code=codes[number % 100], cijfer="8")

    with ThreadPoolExecutor(20) as pool:
        receipts = list(pool.map(submit, range(200)))
    assert Counter(receipt.already_received for receipt in receipts) == {False: 100, True: 100}
    with Session(engine) as session:
        assert queries.response_count(session, survey_id) == 100
        assert queries.code_counts(session, survey_id)[ParticipationState.USED] == 100


# --- linked to nobody ----------------------------------------------------------------------------


def test_no_column_joins_a_response_to_who_took_part():
    assert {column.name for column in Response.__table__.columns} == {"id", "survey_id", "segment"}
    assert {column.name for column in Answer.__table__.columns} == {
        "response_id", "question_id", "row", "choice", "number", "text",
    }  # fmt: skip
    assert {column.name for column in Participation.__table__.columns} == {
        "survey_id", "key_hash", "state", "submission_hash",
    }  # fmt: skip
    referred = {key.column.table.name for table in (Response, Answer) for key in table.__table__.foreign_keys}
    assert Participation.__table__.name not in referred


def test_closing_gives_every_response_a_new_key_and_keeps_its_answers(session):
    survey = opened(session)
    for number in range(12):
        send(session, survey, f"k{number}", cijfer=str(number % 10 + 1), waarom=f"tekst {number}")
    before = contents(session, survey)
    keys = set(session.scalars(sa.select(Response.id).where(Response.survey_id == survey.id)))
    operations.close_survey(session, survey, today=DAY)
    after = set(session.scalars(sa.select(Response.id).where(Response.survey_id == survey.id)))
    assert len(after) == 12
    assert not keys & after
    assert contents(session, survey) == before


def contents(session, survey):
    """What each response says, without its key."""
    rows = session.execute(
        sa.select(Answer.response_id, Answer.question_id, Answer.row, Answer.choice, Answer.number, Answer.text)
        .join(Response, Response.id == Answer.response_id)
        .where(Response.survey_id == survey.id)
    ).all()
    said = {}
    for response_id, *cell in rows:
        said.setdefault(response_id, set()).add(tuple(cell))
    return Counter(frozenset(cells) for cells in said.values())


def test_closing_leaves_no_trace_of_the_transaction_in_the_rows(session):
    if session.get_bind().dialect.name != "postgresql":
        tables = session.execute(sa.text("SELECT sql FROM sqlite_master WHERE name IN ('survey_response', 'survey_answer', 'survey_participation')"))  # fmt: skip
        assert all("WITHOUT ROWID" in sql for (sql,) in tables)
        return
    survey = opened(session)
    fill(session, survey, 12)
    operations.close_survey(session, survey, today=DAY)
    rows = sa.text("SELECT count(DISTINCT xmin::text) FROM survey_response WHERE survey_id = :id")
    assert session.scalar(rows, {"id": survey.id}) == 1


# --- what the database itself refuses ------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"choice": "", "number": None, "text": None}, "one_value"),
        ({"choice": "a", "number": 1.0, "text": None}, "one_value"),
    ],
)
def test_an_answer_holds_exactly_one_value(session, values, constraint):
    survey = opened(session)
    send(session, survey, "k")
    response_id = session.scalar(sa.select(Response.id).where(Response.survey_id == survey.id))
    question_id = survey.questions[0].id
    with pytest.raises(sa.exc.IntegrityError, match=constraint):
        session.execute(
            sa.insert(Answer), [{"response_id": response_id, "question_id": question_id, "row": "", **values}]
        )


def test_a_state_outside_the_list_is_refused(session):
    survey = opened(session)
    with pytest.raises(sa.exc.IntegrityError, match="state"):
        session.execute(sa.text("UPDATE survey SET state = 'half' WHERE id = :id"), {"id": survey.id})
    assert SurveyState.OPEN.label == "Open"
    assert Survey.public_data and not Response.public_data
