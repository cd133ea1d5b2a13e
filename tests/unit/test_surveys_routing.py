"""Routing: what is asked follows from what was answered, and nothing is out of reach."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from surveys.definition import build_survey
from surveys.models import QuestionType
from surveys.operations import read_answers
from surveys.routing import keep_shown, shown_questions
from tests.factories.surveys import filled_form, survey_definition

OPTIONS = ("a", "b", "c")


def test_a_question_with_a_rule_waits_for_its_answer():
    questions = build_survey(survey_definition()).questions
    assert "aantal" not in [question.key for question in shown_questions(questions, {})]
    assert "aantal" in [question.key for question in shown_questions(questions, {"kinderen": "ja"})]


def test_an_answer_on_a_way_that_was_left_is_dropped():
    questions = build_survey(survey_definition()).questions
    assert "aantal" not in read_answers(questions, filled_form(kinderen="nee", aantal="3"))
    assert read_answers(questions, filled_form(kinderen="ja", aantal="3"))["aantal"] == 3


def test_a_hidden_question_is_not_required_and_its_errors_do_not_count():
    questions = build_survey(survey_definition()).questions
    assert "aantal" not in read_answers(questions, filled_form(kinderen="nee", aantal="heel veel"))


def test_routing_on_a_scale_and_on_multiple_choice():
    definition = survey_definition()
    more = definition["sections"][1]["questions"]
    more.append({"key": "laag", "type": "open", "text": "?", "shown_if": {"question": "cijfer", "is_any": ["1", "2"]}})
    more.append({"key": "hoe", "type": "open", "text": "?", "shown_if": {"question": "plekken", "is_any": ["park"]}})
    questions = build_survey(definition).questions
    keys = [q.key for q in shown_questions(questions, {"cijfer": 2, "plekken": ("park", "plein")})]
    assert keys[-2:] == ["laag", "hoe"]
    keys = [q.key for q in shown_questions(questions, {"cijfer": 3, "plekken": ("plein",)})]
    assert "laag" not in keys and "hoe" not in keys


@st.composite
def routed_definitions(draw):
    """Up to six single questions; each may look back at any earlier one."""
    questions = []
    for index in range(draw(st.integers(1, 6))):
        kind = draw(st.sampled_from(["single", "multiple"]))
        question = {
            "key": f"q{index}",
            "type": kind,
            "text": "?",
            "options": [{"key": key, "text": key} for key in OPTIONS],
        }
        if index and draw(st.booleans()):
            question["shown_if"] = {
                "question": f"q{draw(st.integers(0, index - 1))}",
                "is_any": draw(st.lists(st.sampled_from(OPTIONS), min_size=1, unique=True)),
            }
        questions.append(question)
    return {"title": "T", "sections": [{"questions": questions}]}


def values_of(question):
    return [(key,) if question.type is QuestionType.MULTIPLE else key for key in OPTIONS]


@given(routed_definitions())
def test_every_question_of_an_accepted_survey_can_be_reached(definition):
    questions = build_survey(definition).questions
    reached = set()
    for answers in itertools.product(*[values_of(question) for question in questions]):
        given_answers = dict(zip([q.key for q in questions], answers, strict=True))
        reached.update(q.key for q in shown_questions(questions, given_answers))
        if len(reached) == len(questions):
            return
    raise AssertionError(f"out of reach: {[q.key for q in questions if q.key not in reached]}")


@given(routed_definitions(), st.data())
def test_dropping_hidden_answers_changes_nothing_that_is_shown(definition, data):
    questions = build_survey(definition).questions
    answers = {question.key: data.draw(st.sampled_from([None, *values_of(question)])) for question in questions}
    kept = keep_shown(questions, answers)
    shown = [question.key for question in shown_questions(questions, answers)]
    assert [question.key for question in shown_questions(questions, kept)] == shown
    assert keep_shown(questions, kept) == kept
    assert set(kept) == {key for key in shown if answers[key] is not None}
    order = [question.key for question in questions]
    assert shown == sorted(shown, key=order.index)
