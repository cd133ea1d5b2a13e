"""Staff hold surveys and meetings: only where they work, and nothing told before its time."""

import io
import json
from datetime import UTC, datetime, time, timedelta

import pytest
import sqlalchemy as sa

from surveys.models import Response, Survey, SurveyState
from tests.conftest import SECRET_KEY
from tests.factories.consultations import fill, make_meeting, make_survey
from tests.factories.neighbourhoods import make_city_district, make_neighbourhood
from tests.factories.surveys import survey_definition
from tests.query_count import count_queries
from wijkagenda.audit.models import AuditEntry
from wijkagenda.consultations import operations
from wijkagenda.consultations.models import Meeting, MeetingState, NeighbourhoodSurvey
from wijkagenda.db import bump_data_version
from wijkagenda.dutch_days import local
from wijkagenda.people.actors import actor_of
from wijkagenda.people.models import Role

NOW = datetime.now(UTC)
TODAY = local(NOW).date()
MIDDAY = datetime.combine(TODAY, time(12), UTC)
"""Of today: a meeting of two hours is on one day, at whatever hour the tests run."""
LIST = "/werkplek/vragenlijsten"
MEETINGS = "/werkplek/bijeenkomsten"


@pytest.fixture
def zuid(session):
    return make_city_district(session)


@pytest.fixture
def molenwijk(session, zuid):
    return make_neighbourhood(session, district=zuid)


@pytest.fixture
def havenkwartier(session, zuid):
    return make_neighbourhood(session, "Havenkwartier", column=1, district=zuid)


@pytest.fixture
def team(client, staff, molenwijk):
    """Signed in as the area team of Molenwijk."""
    return client.sign_in(staff(Role.AREA_TEAM, molenwijk.area_id))


@pytest.fixture
def manager(client, staff, zuid):
    return client.sign_in(staff(Role.CITY_DISTRICT_MANAGER, zuid.area_id))


def filled(neighbourhood, **changes):
    days = {"opens_on": str(TODAY), "closes_on": str(TODAY + timedelta(days=14))}
    return {"neighbourhoods": [str(neighbourhood.id)], "access": "open", "source": "standard"} | days | changes


def actions(session):
    return list(session.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.id)))


# --- holding a survey ------------------------------------------------------------------------------


def test_the_team_holds_the_standard_survey(team, session, molenwijk):
    page = team.follow(team.submit(f"{LIST}/nieuw", filled(molenwijk)))
    assert page.h1 == "Vragenlijst Molenwijk"
    assert "Welk cijfer geeft u uw wijk?" in page.words
    survey = session.scalar(sa.select(Survey))
    assert (survey.state, len(survey.questions)) == (SurveyState.DRAFT, 12)
    team.submit(f"{LIST}/{survey.id}", selector="form[action$='/openen']")
    session.expire_all()
    assert survey.state is SurveyState.OPEN
    assert "Vragenlijst Molenwijk" in team.get(LIST).words
    assert team.get("/wijken/molenwijk/vragenlijst/vragen").h1 == "Wat past het best bij u?"
    assert actions(session)[-2:] == ["consultations.hold_survey", "consultations.open_survey"]


def test_the_standard_survey_is_there_in_english(team, session, molenwijk):
    team.submit(f"{LIST}/nieuw", filled(molenwijk))
    survey = session.scalar(sa.select(Survey))
    team.submit(f"{LIST}/{survey.id}", selector="form[action$='/openen']")
    assert team.get("/en/wijken/molenwijk/vragenlijst/vragen").h1 == "What describes you best?"


def test_own_questions_come_from_a_file_and_go_out_as_one(team, session, molenwijk):
    page = team.get(f"{LIST}/nieuw")
    document = json.dumps(survey_definition(title="Eigen vragen")).encode()
    form = page.form_data() | filled(molenwijk, source="file", access="code")
    page = team.follow(team.post(f"{LIST}/nieuw", form | {"definition": (io.BytesIO(document), "vragen.json")}))
    assert page.h1 == "Eigen vragen"
    survey = session.scalar(sa.select(Survey))
    assert survey.access.value == "code"
    out = team.get(f"{LIST}/{survey.id}/vragen.json")
    assert json.loads(out.text)["sections"][0]["questions"][0]["key"] == "cijfer"


@pytest.mark.parametrize(
    ("document", "says"),
    [
        (b"geen json", "Dit bestand is geen goede JSON."),
        (b"[]", "In dit bestand staat geen vragenlijst."),
        (b'{"title": "Leeg", "sections": []}', "ontbreekt “sections”"),
        (None, "Dit bestand is geen goede JSON."),
    ],
)
def test_a_wrong_file_says_what_is_wrong(team, session, molenwijk, document, says):
    form = team.get(f"{LIST}/nieuw").form_data() | filled(molenwijk, source="file")
    if document is not None:
        form["definition"] = (io.BytesIO(document), "vragen.json")
    page = team.post(f"{LIST}/nieuw", form, status=422)
    assert any(says in line for line in page.errors)
    assert session.scalar(sa.select(Survey)) is None


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"neighbourhoods": []}, "Kies ten minste één wijk."),
        ({"opens_on": ""}, "Kies de eerste dag."),
        ({"closes_on": "31 februari"}, ""),
        ({"closes_on": str(TODAY - timedelta(days=30))}, "De laatste dag moet na de eerste dag komen."),
        (
            {"opens_on": str(TODAY - timedelta(days=9)), "closes_on": str(TODAY - timedelta(days=8))},
            "De laatste dag is al voorbij.",
        ),
    ],
)
def test_a_survey_needs_a_place_and_days(team, session, molenwijk, changes, says):
    page = team.submit(f"{LIST}/nieuw", filled(molenwijk) | changes, status=422)
    assert any(says in line for line in page.errors)
    assert session.scalar(sa.select(Survey)) is None


def test_the_team_cannot_hold_a_survey_elsewhere(team, session, molenwijk, havenkwartier):
    page = team.submit(f"{LIST}/nieuw", filled(havenkwartier), status=422)
    assert page.errors
    survey = make_survey(session, molenwijk, havenkwartier, now=NOW)
    team.get(f"{LIST}/{survey.id}", status=403)
    team.get(f"{LIST}/{survey.id}/antwoorden.csv", status=403)
    assert "Vragenlijst Molenwijk" not in team.get(LIST).words


def test_a_draft_can_be_thrown_away_and_an_open_survey_not(team, session, molenwijk):
    survey = make_survey(session, molenwijk, now=NOW, state=SurveyState.DRAFT)
    team.submit(f"{LIST}/{survey.id}", selector="form[action$='/weggooien']")
    assert session.scalar(sa.select(Survey)) is None
    survey = make_survey(session, molenwijk, now=NOW)
    form = {"csrf_token": team.get(f"{LIST}/nieuw").form_data()["csrf_token"]}
    assert "Weggooien kan niet meer." in team.post(f"{LIST}/{survey.id}/weggooien", form, status=409).words
    assert "al open" in team.post(f"{LIST}/{survey.id}/openen", form, status=409).words


def test_the_days_can_be_moved_while_it_is_open(team, session, molenwijk):
    survey = make_survey(session, molenwijk, now=NOW)
    later = {"opens_on": str(TODAY), "closes_on": "2031-03-01"}
    team.submit(f"{LIST}/{survey.id}", later, selector="form[action$='/dagen']")
    assert "1 maart 2031" in team.get(f"{LIST}/{survey.id}").words
    wrong = later | {"closes_on": str(TODAY - timedelta(days=1))}
    page = team.submit(f"{LIST}/{survey.id}", wrong, selector="form[action$='/dagen']", status=422)
    assert page.errors == ["De laatste dag moet na de eerste dag komen."]


# --- what comes in ---------------------------------------------------------------------------------


def test_while_it_is_open_staff_see_only_how_many(team, session, molenwijk):
    survey = make_survey(session, molenwijk, now=NOW)
    fill(session, survey, 12, neighbourhood=molenwijk, waarom="Ik woon op nummer 7")
    page = team.get(f"{LIST}/{survey.id}")
    assert "Antwoorden 12" in page.words
    for what in ("uitslag", "open-antwoorden", "antwoorden.csv", "open-antwoorden.csv"):
        assert "Dit kan pas als de vragenlijst gesloten is." in team.get(f"{LIST}/{survey.id}/{what}", status=409).words


def test_closing_asks_twice_and_then_shows_the_result(team, session, molenwijk):
    survey = make_survey(session, molenwijk, now=NOW)
    fill(session, survey, 12, neighbourhood=molenwijk, cijfer="8", waarom="=Groen")
    close = {"selector": "form[action$='/sluiten']"}
    page = team.submit(f"{LIST}/{survey.id}", status=422, **close)
    assert page.errors == ["Zet een vinkje als u de vragenlijst wilt sluiten."]
    team.submit(f"{LIST}/{survey.id}", {"sure": "y"}, **close)
    assert "Gemiddeld 8" in team.get(f"{LIST}/{survey.id}/uitslag").words
    assert "=Groen" in team.get(f"{LIST}/{survey.id}/open-antwoorden").words
    rows = team.get(f"{LIST}/{survey.id}/antwoorden.csv").text.lstrip("\ufeff").splitlines()
    assert (len(rows), rows[1].split(";")[:2]) == (13, ["Molenwijk", "8"])
    assert "'=Groen" in team.get(f"{LIST}/{survey.id}/open-antwoorden.csv").text
    assert actions(session)[-2:] == ["consultations.download_answers"] * 2


def test_the_manager_publishes_what_the_team_cannot(client, staff, session, zuid, molenwijk):
    survey = make_survey(session, molenwijk, now=NOW)
    fill(session, survey, 12, neighbourhood=molenwijk)
    operations.close_survey(
        actor=actor_of(staff(Role.RESEARCHER, zuid.area_id)), now=NOW, today=TODAY, survey=survey, held=held(session)
    )
    client.sign_in(staff(Role.AREA_TEAM, molenwijk.area_id))
    page = client.get(f"{LIST}/{survey.id}")
    assert not page.soup.select("form[action$='/publiceren']")
    form = {"csrf_token": client.get(f"{LIST}/nieuw").form_data()["csrf_token"]}
    client.post(f"{LIST}/{survey.id}/publiceren", form, status=403)
    client.get("/wijken/molenwijk/vragenlijst/uitslag/" + str(survey.id), status=404)
    client.sign_in(staff(Role.CITY_DISTRICT_MANAGER, zuid.area_id))
    client.submit(f"{LIST}/{survey.id}", selector="form[action$='/publiceren']")
    assert client.get("/wijken/molenwijk/vragenlijst/uitslag").h1.startswith("Uitslag:")
    assert "Ja" in client.get(f"{LIST}/{survey.id}").words


def test_the_desk_shows_everyone_or_one_neighbourhood(manager, session, molenwijk, havenkwartier):
    survey = make_survey(session, molenwijk, havenkwartier, now=NOW)
    fill(session, survey, 12, neighbourhood=molenwijk, cijfer="8")
    fill(session, survey, 12, neighbourhood=havenkwartier, cijfer="4")
    manager.submit(f"{LIST}/{survey.id}", {"sure": "y"}, selector="form[action$='/sluiten']")
    assert "Gemiddeld 6" in manager.get(f"{LIST}/{survey.id}/uitslag").words
    assert "Gemiddeld 4" in manager.get(f"{LIST}/{survey.id}/uitslag?wijk=havenkwartier").words
    assert "Gemiddeld 6" in manager.get(f"{LIST}/{survey.id}/uitslag?wijk=elders").words


def held(session):
    return list(session.scalars(sa.select(NeighbourhoodSurvey)))


def test_codes_are_handed_out_once_as_a_file(team, session, molenwijk):
    survey = make_survey(session, molenwijk, now=NOW, access="code")
    form = {"selector": "form[action$='/codes']"}
    page = team.submit(f"{LIST}/{survey.id}", {"count": "3"}, status=200, **form)
    rows = page.text.lstrip("\ufeff").splitlines()
    assert len(rows) == 4
    assert page.response.headers["Cache-Control"] == "no-store"
    code = rows[1].split(";")[1]
    assert code not in json.dumps([e.detail for e in session.scalars(sa.select(AuditEntry))])
    page = team.submit(f"{LIST}/{survey.id}", {"count": "0"}, status=422, **form)
    assert page.errors == ["Kies een aantal van 1 tot en met 20000."]
    assert "Uitgegeven en nog niet gebruikt: 3." in page.words
    start = team.get("/wijken/molenwijk/vragenlijst/vragen")
    team.post("/wijken/molenwijk/vragenlijst/vragen", start.form_data() | {"code": code}, status=200)
    assert SECRET_KEY not in page.text


def test_the_clock_closes_what_is_over_and_leaves_time_to_finish(session, molenwijk):
    survey = make_survey(session, molenwijk, now=NOW)
    each = held(session)[0]
    each.closes_at = NOW - timedelta(minutes=30)
    session.flush()
    assert operations.close_ended_surveys(now=NOW, today=TODAY) == 0
    assert operations.close_ended_surveys(now=NOW + timedelta(hours=3), today=TODAY) == 1
    session.expire_all()
    assert survey.state is SurveyState.CLOSED
    assert session.scalar(sa.select(sa.func.count()).select_from(Response)) == 0


# --- meetings --------------------------------------------------------------------------------------


def meeting_form(**changes):
    day = TODAY + timedelta(days=7)
    times = {"day": str(day), "starts": "19:30", "ends": "21:00"}
    return {"title": "Thematafel groen", "place": "De Hoeksteen"} | times | changes


def test_a_meeting_is_planned_changed_and_cancelled_with_another_way_in(team, session, molenwijk):
    team.submit(f"{MEETINGS}/nieuw", meeting_form(neighbourhood=str(molenwijk.id)))
    meeting = session.scalar(sa.select(Meeting))
    assert "19.30 – 21.00" in team.get("/wijken/molenwijk/bijeenkomsten").words
    team.submit(f"{MEETINGS}/{meeting.id}", {"place": "De Molen"})
    assert "De Molen" in team.get("/wijken/molenwijk/bijeenkomsten").words
    cancel = {"selector": "form[action$='/afzeggen']"}
    page = team.submit(f"{MEETINGS}/{meeting.id}", status=422, **cancel)
    assert page.errors == ["Schrijf op hoe mensen nu kunnen meedoen."]
    team.submit(f"{MEETINGS}/{meeting.id}", {"af-other_way": "Bel ons."}, **cancel)
    page = team.get("/wijken/molenwijk/bijeenkomsten")
    assert "Gaat niet door:" in page.words and "Bel ons." in page.words
    session.expire_all()
    assert meeting.state is MeetingState.CANCELLED
    assert "Afgezegd" not in page.words and "Gaat niet door" in team.get(MEETINGS).words


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"title": ""}, "Vul een naam in."),
        ({"title": "x" * 121}, "Maak de naam korter."),
        ({"place": ""}, "Vul in waar het is."),
        ({"day": ""}, "Kies de dag."),
        ({"day": str(TODAY - timedelta(days=1))}, "Kies een dag en tijd die nog moet komen."),
        ({"ends": "18:00"}, "De eindtijd moet na de begintijd komen."),
    ],
)
def test_a_meeting_that_cannot_be_is_refused(team, session, molenwijk, changes, says):
    page = team.submit(f"{MEETINGS}/nieuw", meeting_form(neighbourhood=str(molenwijk.id), **changes), status=422)
    assert says in page.errors
    assert session.scalar(sa.select(Meeting)) is None


def test_a_report_comes_after_the_meeting(team, session, molenwijk):
    to_come = make_meeting(session, molenwijk, starts_at=MIDDAY + timedelta(days=1))
    page = team.submit(f"{MEETINGS}/{to_come.id}", {"report": "Het was goed."}, status=422)
    assert page.errors == ["Een verslag kan pas na de bijeenkomst."]
    was = make_meeting(session, molenwijk, starts_at=MIDDAY - timedelta(days=1), title="Startavond")
    team.submit(f"{MEETINGS}/{was.id}", {"report": "Het was goed."})
    assert "Het was goed." in team.get("/wijken/molenwijk/bijeenkomsten").words


def test_a_team_keeps_to_its_own_meetings(team, session, molenwijk, havenkwartier):
    elsewhere = make_meeting(session, havenkwartier, starts_at=MIDDAY + timedelta(days=1))
    team.get(f"{MEETINGS}/{elsewhere.id}", status=403)
    assert "Inloopavond" not in team.get(MEETINGS).words
    page = team.submit(f"{MEETINGS}/nieuw", meeting_form(neighbourhood=str(havenkwartier.id)), status=422)
    assert page.errors


# --- lists stay flat -------------------------------------------------------------------------------


def test_lists_take_the_same_number_of_queries_for_any_number_of_rows(team, session, molenwijk):
    counts = []
    for more in (2, 10):
        for _ in range(more):
            make_survey(session, molenwijk, now=NOW)
            make_meeting(session, molenwijk, starts_at=MIDDAY + timedelta(days=1))
        bump_data_version(session)
        for path in (LIST, MEETINGS, "/wijken/molenwijk/bijeenkomsten"):
            with count_queries() as counter:
                team.get(path)
            counts.append(len(counter))
    assert counts[:3] == counts[3:]
