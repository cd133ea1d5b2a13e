"""What a closed survey says, on both databases: counts, percentages, files, and what stays hidden."""

import csv
import io
from collections import Counter
from datetime import date

import pytest
import sqlalchemy as sa

from surveys import interchange, operations, queries
from surveys.errors import StillOpen, TooFewResponses
from surveys.results import survey_result
from tests.factories.surveys import filled_form, survey_definition

DAY = date(2027, 3, 1)


def opened(session):
    survey = operations.create_survey(session, survey_definition())
    operations.open_survey(session, survey, today=DAY)
    return survey


def send(session, survey, key, *, segment=None, **answers):
    return operations.submit_response(session, survey, raw=filled_form(**answers), submission_key=key, segment=segment)


def fill(session, survey, times, *, segment=None, start=0, **answers):
    for number in range(times):
        send(session, survey, f"key-{segment}-{start + number}", segment=segment, **answers)


def test_nothing_is_told_before_the_survey_is_closed(session):
    survey = opened(session)
    fill(session, survey, 12)
    for look in (
        lambda: survey_result(session, survey),
        lambda: interchange.responses_csv(session, survey),
        lambda: queries.open_answers(session, survey, survey.questions[-1]),
    ):
        with pytest.raises(StillOpen):
            look()


def test_nine_responses_show_nothing(session):
    survey = opened(session)
    fill(session, survey, 9, cijfer="7")
    operations.close_survey(session, survey, today=DAY)
    result = survey_result(session, survey)
    assert (result.n, result.too_few) == (0, True)
    assert all(figure.too_few for question in result.questions for figure in question.figures)
    with pytest.raises(TooFewResponses):
        interchange.responses_csv(session, survey)


def test_results_count_people_and_options(session):
    survey = opened(session)
    fill(session, survey, 12, cijfer="8", plekken=["park", "plein"], kinderen="ja", aantal="2", tevreden__licht="wel")
    fill(session, survey, 8, start=12, cijfer="dont_know", plekken="park", waarom="Meer bomen")
    operations.close_survey(session, survey, today=DAY)
    result = survey_result(session, survey, language="en")
    assert (result.n, result.too_few, result.weighted, result.date) == (20, False, False, DAY)
    cijfer, tevreden, plekken, kinderen, aantal, waarom = result.questions
    assert (cijfer.figures[0].n, cijfer.figures[0].mean, cijfer.figures[0].mean_n) == (20, 8.0, 12)
    assert plekken.several
    assert [(bar.label, bar.count, bar.percent) for bar in plekken.figures[0].bars] == [
        ("In the park", 20, 100),
        ("Op het plein", 12, 60),
        ("Bij de winkels", 0, 0),
        ("Nergens", 0, 0),
    ]
    assert [bar.count for bar in kinderen.figures[0].bars] == [12, 8]
    assert (aantal.figures[0].n, aantal.figures[0].mean, aantal.unit) == (12, 2.0, "kinderen")
    assert waarom.figures[0].too_few
    assert [(figure.row, figure.n, figure.too_few) for figure in tevreden.figures] == [
        ("licht", 12, False),
        ("groen", 0, True),
    ]


def test_a_segment_is_hidden_when_the_others_would_tell_a_smaller_one(session):
    survey = opened(session)
    fill(session, survey, 15, segment="molenwijk", cijfer="8")
    fill(session, survey, 11, segment="havenkwartier", cijfer="6")
    fill(session, survey, 4, segment="rietland", cijfer="2")
    operations.close_survey(session, survey, today=DAY)
    assert survey_result(session, survey).n == 30
    assert survey_result(session, survey, segment="molenwijk").questions[0].figures[0].mean == 8.0
    for hidden in ("havenkwartier", "rietland", "nergens"):
        assert survey_result(session, survey, segment=hidden).too_few


def test_a_question_few_answered_in_one_segment_is_hidden_there(session):
    survey = opened(session)
    fill(session, survey, 10, segment="molenwijk", cijfer="8")
    fill(session, survey, 10, segment="havenkwartier", cijfer="6")
    fill(session, survey, 5, segment="rietland")
    fill(session, survey, 5, start=5, segment="rietland", cijfer="2")
    operations.close_survey(session, survey, today=DAY)
    shown = {
        segment: not survey_result(session, survey, segment=segment).questions[0].figures[0].too_few
        for segment in ("molenwijk", "havenkwartier", "rietland")
    }
    assert shown == {"molenwijk": True, "havenkwartier": False, "rietland": False}
    assert survey_result(session, survey, segment="rietland").n == 10


def test_results_take_the_same_number_of_queries_for_any_number_of_responses(session):
    counts = []
    statements = []
    sa.event.listen(session.connection(), "before_cursor_execute", lambda *seen: statements.append(seen[2]))
    for times in (10, 60):
        survey = opened(session)
        fill(session, survey, times, cijfer="7", plekken=["park", "plein"])
        operations.close_survey(session, survey, today=DAY)
        survey = queries.get_survey(session, survey.id)
        statements.clear()
        survey_result(session, survey)
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 6


# --- out as CSV ----------------------------------------------------------------------------------


def test_csv_has_a_line_per_response_without_texts(session):
    survey = opened(session)
    fill(session, survey, 10, cijfer="8", plekken=["park", "plein"], waarom="=1+1")
    fill(session, survey, 2, start=10, kinderen="ja", aantal="3")
    operations.close_survey(session, survey, today=DAY)
    lines = list(csv.DictReader(io.StringIO(interchange.responses_csv(session, survey)), delimiter=";"))
    assert len(lines) == 12
    assert "waarom" not in lines[0]
    full = next(line for line in lines if line["cijfer"])
    assert (full["cijfer"], full["plekken.park"], full["plekken.winkel"], full["aantal"]) == ("8", "1", "0", "")
    rest = next(line for line in lines if not line["cijfer"])
    assert (rest["plekken.park"], rest["kinderen"], rest["aantal"]) == ("", "ja", "3")
    texts = list(csv.DictReader(io.StringIO(interchange.open_answers_csv(session, survey)), delimiter=";"))
    assert {(line["vraag"], line["antwoord"]) for line in texts} == {("waarom", "'=1+1")}


def test_open_answers_come_in_alphabetical_order(session):
    survey = opened(session)
    for text in ("zon", "Bomen", "licht"):
        send(session, survey, text, waarom=text)
    operations.close_survey(session, survey, today=DAY)
    assert queries.open_answers(session, survey, survey.questions[-1]) == ["Bomen", "licht", "zon"]


def test_csv_names_only_segments_that_may_be_shown(session):
    survey = opened(session)
    fill(session, survey, 20, segment="molenwijk")
    fill(session, survey, 6, segment="rietland")
    fill(session, survey, 6, segment="eiland")
    operations.close_survey(session, survey, today=DAY)
    lines = csv.DictReader(io.StringIO(interchange.responses_csv(session, survey)), delimiter=";")
    assert Counter(line["wijk"] for line in lines) == {"molenwijk": 20, "": 12}
