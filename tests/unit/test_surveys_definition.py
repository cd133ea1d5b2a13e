"""A questionnaire is checked as a whole before anything is stored."""

import json

import pytest

from surveys.codes import check_symbol, is_well_formed, make_code, normalise_code
from surveys.definition import build_survey, describe_survey
from surveys.errors import DefinitionError, SurveyError
from surveys.interchange import definition_from_json, definition_to_json, guard_cell, write_csv
from surveys.texts import in_language
from tests.factories.surveys import survey_definition


def question_of(definition, key):
    return next(q for part in definition["sections"] for q in part["questions"] if q["key"] == key)


def test_a_definition_survives_the_way_out_and_in_again():
    described = describe_survey(build_survey(survey_definition(closes_on="2027-03-01")))
    assert describe_survey(build_survey(described)) == described
    assert definition_from_json(definition_to_json(build_survey(described))) == described


def test_texts_fall_back_to_dutch():
    survey = build_survey(survey_definition())
    assert in_language(survey.title, "en") == "Survey Molenwijk"
    assert in_language(survey.title, "ar") == "Vragenlijst Molenwijk"
    assert in_language({}, "nl") == ""


@pytest.mark.parametrize(
    ("key", "change", "says"),
    [
        ("cijfer", {"scale": {"min": 5, "max": 5}}, "schaal"),
        ("cijfer", {"scale": {"min": 1}}, "schaal"),
        ("cijfer", {"scale": {"min": 0, "max": 100}}, "schaal"),
        ("cijfer", {"scale": None}, "vorm"),
        ("cijfer", {"type": "sterren"}, "soort"),
        ("cijfer", {"key": "Cijfer 1"}, "kleine letters"),
        ("cijfer", {"key": "kinderen"}, "twee keer"),
        ("cijfer", {"text": ""}, "tekst"),
        ("cijfer", {"text": ["a"]}, "tekst"),
        ("cijfer", {"text": "x" * 4001}, "langer"),
        ("cijfer", {"required": "ja"}, "ja of nee"),
        ("cijfer", {"kleur": "rood"}, "kleur"),
        ("plekken", {"options": []}, "te weinig"),
        ("plekken", {"options": [{"key": "a", "text": "A"}, {"key": "a", "text": "B"}]}, "dubbel"),
        ("plekken", {"options": [{"key": "A B", "text": "A"}]}, "goede naam"),
        ("plekken", {"options": "park"}, "lijst"),
        ("plekken", {"max_choices": 9}, "hoogste aantal"),
        ("plekken", {"max_choices": "twee"}, "heel getal"),
        ("tevreden", {"rows": []}, "regels"),
        ("aantal", {"number": {"min": 9, "max": 1}}, "laagste"),
        ("aantal", {"number": {"min": 0.5, "max": 3}}, "hele getallen"),
        ("aantal", {"number": {"min": "0", "max": 3}}, "getal"),
        ("aantal", {"number": {"min": float("nan"), "max": 3}}, "getal"),
        ("waarom", {"max_length": 0}, "lengte"),
        ("aantal", {"shown_if": {"question": "waarom", "is_any": ["ja"]}}, "niet eerder"),
        ("aantal", {"shown_if": {"question": "aantal", "is_any": ["1"]}}, "niet eerder"),
        ("aantal", {"shown_if": {"question": "kinderen", "is_any": []}}, "nooit"),
        ("aantal", {"shown_if": {"question": "kinderen", "is_any": ["soms"]}}, "bestaat niet"),
        ("aantal", {"shown_if": {"question": "tevreden", "is_any": ["wel"]}}, "vaste antwoorden"),
        ("aantal", {"shown_if": "kinderen"}, "regel"),
    ],
)
def test_a_wrong_question_is_refused_with_its_reason(key, change, says):
    definition = survey_definition()
    question_of(definition, key).update(change)
    with pytest.raises(DefinitionError, match=says):
        build_survey(definition)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"title": ""}, "tekst"),
        ({"language": "Nederlands"}, "taal"),
        ({"access": "geheim"}, "code"),
        ({"closes_on": "1 maart"}, "laatste dag"),
        ({"sections": []}, "sections"),
        ({"sections": [{"questions": []}]}, "questions"),
        ({"sections": ["deel"]}, "vorm"),
        ({"owner": "ik"}, "owner"),
    ],
)
def test_a_wrong_survey_is_refused_with_its_reason(change, says):
    with pytest.raises(DefinitionError, match=says):
        build_survey(survey_definition(**change))


@pytest.mark.parametrize("document", ["", "{", "[]", "1", b"\xff\xfe", "[" * 100_000, "x" * 600_000])
def test_a_file_that_is_no_questionnaire_is_refused(document):
    with pytest.raises(DefinitionError):
        definition_from_json(document)


def test_a_questionnaire_may_come_with_a_byte_order_mark():
    document = ("\ufeff" + json.dumps(survey_definition())).encode()
    assert definition_from_json(document)["language"] == "nl"


def test_every_error_has_a_text_and_values():
    error = DefinitionError("Vraag “%(key)s”", key="a")
    assert (str(error), error.text, error.values) == ("Vraag “a”", "Vraag “%(key)s”", {"key": "a"})
    assert all(kind.text for kind in SurveyError.__subclasses__())


@pytest.mark.parametrize("cell", ["=1+1", "+31", "-1", "@cmd", "\t=1", " =1"])
def test_a_cell_never_runs_as_a_formula(cell):
    assert guard_cell(cell) == "'" + cell


def test_numbers_stay_numbers_in_csv():
    assert write_csv(["a", "b"], [[-1.0, 2.5], ["", "x;y"]]) == 'a;b\r\n-1;2.5\r\n;"x;y"\r\n'


def test_codes_are_read_kindly_and_checked():
    code = make_code()
    assert len(code) == 15
    assert is_well_formed(code)
    assert is_well_formed(f" {code.lower().replace('-', ' ')} ")
    assert normalise_code("oil-O1L") == "011011"
    symbols = normalise_code(code)[:-1]
    wrong = ("2" if symbols[0] != "2" else "3") + symbols[1:]
    assert not is_well_formed(wrong + check_symbol(symbols))
    assert not is_well_formed("")
    assert not is_well_formed("🙂" * 13)
