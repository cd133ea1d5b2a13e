"""A resident answers a survey, without script and without being remembered, and reads the result."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from surveys import operations as engine
from surveys.models import Participation, Response, SurveyState
from tests.conftest import SECRET_KEY
from tests.factories.consultations import fill, make_meeting, make_survey
from tests.factories.neighbourhoods import make_neighbourhood
from wijkagenda.audit.models import AuditEntry
from wijkagenda.consultations.models import MeetingState, NeighbourhoodSurvey
from wijkagenda.consultations.pages import ANSWERS
from wijkagenda.db import bump_data_version

NOW = datetime.now(UTC)
START = "/wijken/molenwijk/vragenlijst"
STEPS = f"{START}/vragen"


@pytest.fixture
def molenwijk(session):
    return make_neighbourhood(session)


def next_page(client, page, *, status=200, ga="verder", **answers):
    """Fill in the page and press a button."""
    data = page.form_data() | {f"a.{name.replace('__', '.')}": value for name, value in answers.items()}
    return client.post(STEPS, data | {"ga": ga}, status=status)


def walk(client, page, **answers):
    """To the check page, answering what is asked by name."""
    asked = []
    for _ in range(10):
        fields = {f["name"] for f in page.soup.select("main form [name^='a.']") if f.get("type") != "hidden"}
        if not fields:
            return page, asked
        asked.append(page.h1)
        given = {k: v for k, v in answers.items() if f"a.{k.replace('__', '.')}" in fields}
        page = next_page(client, page, **given)
    raise AssertionError(asked)


def count(session, model=Response):
    return session.scalar(sa.select(sa.func.count()).select_from(model))


def test_the_first_page_says_what_it_is_and_holds_nothing_of_the_visitor(client, session, molenwijk):
    make_survey(session, molenwijk, now=NOW)
    page = client.get(START)
    assert page.h1 == "Vragenlijst Molenwijk"
    assert "U kunt meedoen." in page.words
    assert "csrf" not in page.text
    assert client.get("/en" + START).h1 == "Survey Molenwijk"


def test_a_resident_answers_step_by_step_and_nothing_is_kept_before_the_end(client, session, molenwijk):
    make_survey(session, molenwijk, now=NOW)
    page = client.get(STEPS)
    assert page.h1 == "Welk cijfer geeft u uw wijk?"
    assert "Vraag 1 van 5" in page.words
    page, asked = walk(
        client,
        page,
        cijfer="7",
        tevreden__licht="niet",
        plekken=["park", "winkel"],
        kinderen="ja",
        aantal="2",
        waarom="Meer bomen",
    )
    assert asked == [
        "Welk cijfer geeft u uw wijk?",
        "Hoe tevreden bent u over…",
        "Waar komt u graag?",
        "Heeft u kinderen in huis?",
        "Hoeveel kinderen?",
        "Wat mist u?",
    ]
    for words in ("7", "Verlichting op straat: Niet tevreden", "In het park", "2 kinderen", "Meer bomen"):
        assert words in page.words
    assert (count(session), count(session, Participation)) == (0, 0)
    data = page.form_data() | {"ga": "verstuur"}
    thanks = client.follow(client.post(STEPS, data))
    assert thanks.h1 == "Uw antwoorden zijn binnen"
    assert client.follow(client.post(STEPS, data)).h1 == "Uw antwoorden zijn binnen"
    assert (count(session), count(session, Participation), count(session, AuditEntry)) == (1, 1, 0)


@pytest.mark.usefixtures("limits")
def test_one_address_answers_a_bounded_number_of_times_an_hour(client, session, molenwijk):
    make_survey(session, molenwijk, now=NOW)
    page, _ = walk(
        client,
        client.get(STEPS),
        cijfer="7",
        tevreden__licht="niet",
        plekken=["park", "winkel"],
        kinderen="nee",
        waarom="Meer bomen",
    )
    data = page.form_data() | {"ga": "verstuur"}
    for _ in range(ANSWERS.amount):
        client.post(STEPS, data | {"sleutel": engine.new_submission_key()})
    refused = client.post(STEPS, data | {"sleutel": engine.new_submission_key()}, status=422)
    assert "Wacht een uur" in " ".join(refused.errors)
    assert "Meer bomen" in refused.words
    assert count(session) == ANSWERS.amount
    elsewhere = {"environ_base": {"REMOTE_ADDR": "192.0.2.7"}}
    client.post(STEPS, data | {"sleutel": engine.new_submission_key()}, **elsewhere)


def test_a_question_that_does_not_apply_is_not_asked(client, session, molenwijk):
    make_survey(session, molenwijk, now=NOW)
    page, asked = walk(client, client.get(STEPS), kinderen="nee")
    assert "Hoeveel kinderen?" not in asked
    assert "Overgeslagen" in page.words


def test_one_can_go_back_and_change_an_answer(client, session, molenwijk):
    make_survey(session, molenwijk, now=NOW)
    second = next_page(client, client.get(STEPS), cijfer="7")
    first = next_page(client, second, ga="terug", tevreden__licht="wel")
    assert first.soup.select_one("input[value='7']").has_attr("checked")
    second = next_page(client, first, cijfer="8")
    assert second.soup.select_one("input[name='a.tevreden.licht'][value='wel']").has_attr("checked")
    check, _ = walk(client, second, kinderen="nee")
    again = next_page(client, check, ga="naar.kinderen")
    assert again.h1 == "Heeft u kinderen in huis?"
    following = next_page(client, again, kinderen="ja")
    assert following.h1 == "Hoeveel kinderen?"


def test_a_wrong_answer_stays_on_its_page_with_what_was_typed(client, session, molenwijk):
    make_survey(session, molenwijk, now=NOW)
    page = client.get(STEPS)
    while page.h1 != "Hoeveel kinderen?":
        page = next_page(client, page, kinderen="ja") if "kinderen" in page.h1 else next_page(client, page)
    page = next_page(client, page, status=422, aantal="heel veel")
    assert page.soup.title.text.startswith("Fout: Hoeveel kinderen?")
    link = page.soup.select_one("[data-errors] a")
    assert link.text == "Vul een getal in, bijvoorbeeld 12."
    field = page.soup.select_one(link["href"])
    assert (field["name"], field["value"], field["aria-invalid"]) == ("a.aantal", "heel veel", "true")


def test_a_required_question_cannot_be_skipped_even_by_a_made_up_form(client, session, molenwijk):
    make_survey(session, molenwijk, now=NOW)
    page = client.get(STEPS)
    data = page.form_data() | {"stap": "controle", "ga": "verstuur", "a.cijfer": "7"}
    page = client.post(STEPS, data, status=422)
    assert page.h1 == "Heeft u kinderen in huis?"
    assert count(session) == 0


def test_an_answer_that_does_not_exist_is_refused(client, session, molenwijk):
    make_survey(session, molenwijk, now=NOW)
    page = next_page(client, client.get(STEPS), status=422, cijfer="<script>")
    assert "Kies een cijfer van 1 tot en met 10." in page.words


# --- with a code -----------------------------------------------------------------------------------


@pytest.fixture
def codes(session, molenwijk):
    survey = make_survey(session, molenwijk, now=NOW, access="code")
    return engine.issue_codes(session, survey, count=2, secret=SECRET_KEY.encode())


def test_a_code_opens_the_questions_and_counts_once(client, session, codes):
    page = client.get(STEPS)
    assert page.h1 == "Vul uw code in"
    page = client.post(STEPS, page.form_data() | {"code": codes[0].lower().replace("-", " ")}, status=200)
    assert codes[0][:4].lower() not in page.response.request.url
    check, _ = walk(client, page, kinderen="nee")
    data = check.form_data() | {"ga": "verstuur"}
    client.post(STEPS, data)
    client.post(STEPS, data)
    assert count(session) == 1
    page = client.get(STEPS)
    page = client.post(STEPS, page.form_data() | {"code": codes[0]}, status=422)
    assert "Met deze code is de vragenlijst al ingevuld." in page.words
    client.post(STEPS, page.form_data() | {"code": codes[1]}, status=200)


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("", "Vul de code uit uw brief in."),
        ("ABCD-1234", "Deze code klopt niet."),
        ("0000-0000-00000", "Wij kennen deze code niet."),
        ("'; DROP TABLE survey; --", "Deze code klopt niet."),
    ],
)
def test_a_wrong_code_says_what_to_do(client, codes, code, says):
    page = client.get(STEPS)
    page = client.post(STEPS, page.form_data() | {"code": code}, status=422)
    assert says in page.words
    assert page.soup.title.text.startswith("Fout: ")


def test_the_questions_cannot_be_reached_around_the_code(client, session, codes):
    page = client.get(STEPS)
    data = page.form_data() | {"stap": "v.cijfer", "a.kinderen": "nee"}
    assert client.post(STEPS, data, status=422).h1 == "Vul uw code in"
    page = client.post(STEPS, data | {"stap": "controle", "ga": "verstuur"}, status=422)
    assert page.h1 == "Vul uw code in"
    assert count(session) == 0


def test_a_code_used_on_another_page_meanwhile_is_told_at_the_end(client, session, molenwijk, codes):
    page = client.get(STEPS)
    page = client.post(STEPS, page.form_data() | {"code": codes[0]}, status=200)
    check, _ = walk(client, page, kinderen="nee")
    data = check.form_data() | {"ga": "verstuur"}
    client.post(STEPS, data)
    page = client.post(STEPS, data | {"sleutel": "een-andere-bladzijde"}, status=422)
    assert "Met deze code is de vragenlijst al ingevuld." in page.words
    assert count(session) == 1


# --- when it is not open ---------------------------------------------------------------------------


def test_without_a_survey_the_page_says_so(client, session, molenwijk):
    assert "Er is nu geen vragenlijst in Molenwijk." in client.get(START).words
    assert client.get(STEPS, status=302).location.endswith(START)
    client.get(f"{START}/uitslag", status=404)
    client.get("/wijken/nergens/vragenlijst", status=404)


def test_a_draft_is_invisible(client, session, molenwijk):
    survey = make_survey(session, molenwijk, now=NOW, state=SurveyState.DRAFT)
    assert "Er is nu geen vragenlijst" in client.get(START).words
    page = client.get("/zoeken")
    client.post(STEPS, {"vragenlijst": survey.id, "csrf_token": token(client)}, status=404)
    assert page.status == 200


def token(client):
    """A form token of this visitor."""
    return client.get("/werkplek/aanmelden").form_data()["csrf_token"]


def test_before_its_first_day_it_says_when(client, session, molenwijk):
    make_survey(session, molenwijk, now=NOW)
    session.scalar(sa.select(NeighbourhoodSurvey)).opens_at = NOW + timedelta(days=2)
    assert "De vragenlijst begint op" in client.get(START).words
    assert client.get(STEPS, status=302).location.endswith(START)


def test_who_began_in_time_may_finish_after_the_last_minute(client, session, molenwijk):
    make_survey(session, molenwijk, now=NOW)
    check, _ = walk(client, client.get(STEPS), kinderen="nee")
    held = session.scalar(sa.select(NeighbourhoodSurvey))
    held.closes_at = NOW - timedelta(minutes=30)
    session.flush()
    assert client.get(STEPS, status=302).location.endswith(START)
    client.post(STEPS, check.form_data() | {"ga": "verstuur"})
    assert count(session) == 1
    held.closes_at = NOW - timedelta(hours=3)
    session.flush()
    page = client.post(STEPS, check.form_data() | {"ga": "verstuur", "sleutel": "te-laat"}, status=409)
    assert "Deze vragenlijst is niet open" in page.words
    client.post(STEPS, check.form_data() | {"ga": "verstuur"})
    assert count(session) == 1


# --- the result ------------------------------------------------------------------------------------


def publish(session, survey):
    engine.close_survey(session, survey, today=NOW.date())
    for held in session.scalars(sa.select(NeighbourhoodSurvey).where(NeighbourhoodSurvey.survey_id == survey.id)):
        held.results_published_at = NOW - timedelta(minutes=1)
    session.flush()
    bump_data_version(session)


def test_a_result_shows_bars_with_their_numbers_in_text_and_a_table(client, session, molenwijk):
    survey = make_survey(session, molenwijk, now=NOW)
    fill(session, survey, 12, neighbourhood=molenwijk, cijfer="8", plekken=["park", "plein"], waarom="Groen!")
    fill(session, survey, 8, neighbourhood=molenwijk, start=12, cijfer="6", plekken="park")
    assert client.get(f"{START}/uitslag").h1 == "De uitslag is er nog niet"
    publish(session, survey)
    page = client.get(f"{START}/uitslag")
    assert page.h1 == "Uitslag: Vragenlijst Molenwijk"
    assert "20 mensen deden mee." in page.words
    marks = page.soup.select_one("#vraag-cijfer figure")
    assert "Gemiddeld 7,2" in marks.text
    assert "n = 20" in marks.text and "Niet gewogen" in marks.text
    places = page.soup.select_one("#vraag-plekken figure")
    rows = [[cell.text for cell in row.select("th,td")] for row in places.select("tbody tr")]
    assert rows[:2] == [["In het park", "20", "100%"], ["Op het plein", "12", "60%"]]
    bars = places.select("svg.wa-bar .wa-bar__fill")
    assert [bar["width"] for bar in bars] == ["100%", "60%", "0%", "0%"]
    assert "Te weinig antwoorden om te laten zien." in page.soup.select_one("#vraag-tevreden").text
    assert "Groen!" not in page.text
    assert client.get("/en" + START + f"/uitslag/{survey.id}").status == 200


def test_a_result_under_ten_answers_shows_no_figure(client, session, molenwijk):
    survey = make_survey(session, molenwijk, now=NOW)
    fill(session, survey, 9, neighbourhood=molenwijk, cijfer="8")
    publish(session, survey)
    page = client.get(f"{START}/uitslag")
    assert "Te weinig antwoorden om te laten zien." in page.words
    assert not page.soup.select("figure")


def test_a_survey_of_two_neighbourhoods_shows_each_its_own(client, session, molenwijk):
    other = make_neighbourhood(session, "Havenkwartier", column=1)
    survey = make_survey(session, molenwijk, other, now=NOW)
    fill(session, survey, 12, neighbourhood=molenwijk, cijfer="8")
    fill(session, survey, 15, neighbourhood=other, cijfer="5")
    publish(session, survey)
    assert "Gemiddeld 8" in client.get(f"{START}/uitslag").words
    page = client.get("/wijken/havenkwartier/vragenlijst/uitslag")
    assert "15 mensen deden mee." in page.words
    assert "Gemiddeld 5" in page.words


def test_a_result_nobody_published_is_not_public(client, session, molenwijk):
    survey = make_survey(session, molenwijk, now=NOW)
    fill(session, survey, 12, neighbourhood=molenwijk)
    engine.close_survey(session, survey, today=NOW.date())
    bump_data_version(session)
    assert client.get(f"{START}/uitslag").h1 == "De uitslag is er nog niet"
    client.get(f"{START}/uitslag/{survey.id}", status=404)
    assert "Wij maken de uitslag." in client.get(START).words


# --- meetings --------------------------------------------------------------------------------------


def test_a_cancelled_meeting_stays_with_the_other_way_in(client, session, molenwijk):
    make_meeting(session, molenwijk, starts_at=NOW + timedelta(days=3))
    make_meeting(
        session,
        molenwijk,
        starts_at=NOW + timedelta(days=4),
        title="Thematafel groen",
        state=MeetingState.CANCELLED,
        other_way="Bel ons op 14 0300.",
    )
    make_meeting(session, molenwijk, starts_at=NOW - timedelta(days=9), title="Startavond", report="Veel wensen.")
    page = client.get("/wijken/molenwijk/bijeenkomsten")
    for words in ("Inloopavond", "Gaat niet door:", "Zo kunt u nu meedoen", "Bel ons op 14 0300.", "Veel wensen."):
        assert words in page.words
