"""What each question type takes, and what it says when it cannot."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.definition import build_survey
from surveys.errors import InvalidAnswers
from surveys.operations import read_answers
from surveys.question_types import DONT_KNOW, handler_of
from tests.factories.surveys import filled_form, survey_definition

SURVEY = build_survey(survey_definition())
QUESTIONS = {question.key: question for question in SURVEY.questions}


def parse(key, **form):
    return handler_of(QUESTIONS[key]).parse(QUESTIONS[key], filled_form(**form))


@pytest.mark.parametrize(
    ("key", "form", "value"),
    [
        ("cijfer", {"cijfer": "7"}, 7),
        ("cijfer", {"cijfer": DONT_KNOW}, DONT_KNOW),
        ("cijfer", {}, None),
        ("plekken", {"plekken": ["winkel", "park"]}, ("park", "winkel")),
        ("plekken", {"plekken": ["park", "park"]}, ("park",)),
        ("plekken", {"plekken": ["nergens"]}, ("nergens",)),
        ("kinderen", {"kinderen": "ja"}, "ja"),
        ("aantal", {"aantal": " 3 "}, 3),
        ("aantal", {"aantal": "3,0"}, 3),
        ("waarom", {"waarom": " Groen\r\nen rust\x00 "}, "Groen\nen rust"),
        ("waarom", {"waarom": "  "}, None),
        ("tevreden", {"tevreden__licht": "niet"}, {"licht": "niet"}),
        ("tevreden", {}, None),
    ],
)
def test_an_answer_is_read(key, form, value):
    assert parse(key, **form) == value


@pytest.mark.parametrize(
    ("key", "form", "says"),
    [
        ("cijfer", {"cijfer": "11"}, "van 1 tot en met 10"),
        ("cijfer", {"cijfer": "0"}, "van 1 tot en met 10"),
        ("cijfer", {"cijfer": "zeven"}, "van 1 tot en met 10"),
        ("cijfer", {"cijfer": ["7", "8"]}, "van 1 tot en met 10"),
        ("cijfer", {"cijfer": "٧"}, "van 1 tot en met 10"),
        ("plekken", {"plekken": ["park", "plein", "winkel"]}, "U heeft er nu 3 gekozen"),
        ("plekken", {"plekken": ["park", "nergens"]}, "Past “Nergens” bij u"),
        ("plekken", {"plekken": ["zee"]}, "uit de lijst"),
        ("kinderen", {"kinderen": ["ja", "nee"]}, "één antwoord"),
        ("kinderen", {"kinderen": ""}, "Kies een antwoord"),
        ("kinderen", {"kinderen": "misschien"}, "uit de lijst"),
        ("aantal", {"aantal": "veel"}, "bijvoorbeeld 12"),
        ("aantal", {"aantal": "1e9"}, "bijvoorbeeld 12"),
        ("aantal", {"aantal": "nan"}, "bijvoorbeeld 12"),
        ("aantal", {"aantal": "٣"}, "bijvoorbeeld 12"),
        ("aantal", {"aantal": "9" * 5000}, "bijvoorbeeld 12"),
        ("aantal", {"aantal": "2,5"}, "heel getal"),
        ("aantal", {"aantal": "1.000"}, "van 1 tot en met 15"),
        ("waarom", {"waarom": "x" * 201}, "Maak uw tekst korter"),
        ("tevreden", {"tevreden__groen": "soms"}, "Groen en speelplekken"),
    ],
)
def test_a_wrong_answer_says_what_to_do(key, form, says):
    with pytest.raises(InvalidAnswers) as refused:
        parse(key, **form)
    (problem,) = refused.value.problems
    assert says in str(problem)
    assert problem.field in handler_of(QUESTIONS[key]).fields(QUESTIONS[key])


def test_all_problems_are_told_at_once():
    with pytest.raises(InvalidAnswers) as refused:
        read_answers(SURVEY.questions, filled_form(cijfer="99", kinderen="ja", aantal="x"))
    assert [problem.field for problem in refused.value.problems] == ["a.cijfer", "a.aantal"]


anything = st.dictionaries(
    st.sampled_from([field for q in SURVEY.questions for field in handler_of(q).fields(q)]),
    st.lists(st.one_of(st.text(max_size=12), st.sampled_from(["ja", "nee", "7", "park", "wel"])), max_size=4),
)


@given(anything)
def test_whatever_is_sent_in_is_read_or_refused_kindly(raw):
    """Nothing a stranger sends makes the engine stumble, and what it takes can be stored."""
    try:
        answers = read_answers(SURVEY.questions, raw)
    except InvalidAnswers as refused:
        assert all(str(problem) for problem in refused.problems)
        return
    for key, value in answers.items():
        cells = handler_of(QUESTIONS[key]).cells(value)
        assert cells
        for cell in cells:
            assert sum((cell.choice != "", cell.number is not None, cell.text is not None)) == 1
        assert len({(cell.row, cell.choice) for cell in cells}) == len(cells)
