"""Presets, the form with the rules, and the regulation: read before opening by staff, and by everyone after."""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.factories.neighbourhoods import make_neighbourhood, make_round
from tests.factories.voting import Vote, make_priorities, make_vote
from tests.page_client import Page, PageClient
from wijkagenda.people.models import Role, StaffMember
from wijkagenda.priorities.models import Feasibility, FeasibilityCheck, Priority
from wijkagenda.rounds.models import AgendaRound, PhaseKind
from wijkagenda.voting.models import BallotType, DecidingRule, VotingRound, VotingState
from wijkagenda.voting.rules.presets import PRESETS
from wijkagenda.voting.rules.regulation import problems, regulation_of
from wijkagenda.wishes.models import Theme

DAYS = {"opens_on": "2046-12-01", "closes_on": "2046-12-20", "result_on": "2046-12-24"}


@pytest.fixture
def agenda_round(client: PageClient, session, staff) -> AgendaRound:
    """With five public points, of which one has a checked cost; somebody who may prepare a vote is signed in."""
    neighbourhood = make_neighbourhood(session, "Rietvoorn", column=7)
    agenda_round = make_round(session, neighbourhood, PhaseKind.VOTING)
    priorities = make_priorities(session, agenda_round, datetime.now(UTC), 5)
    session.add(
        FeasibilityCheck(
            priority_id=priorities[0].id,
            outcome=Feasibility.PARTLY,
            reason="Er is plek voor drie bakken.",
            team_name="Beheer",
            cost_estimate=12_500,
            checked_at=datetime.now(UTC),
        )
    )
    session.flush()
    client.sign_in(staff(Role.VOTING_OFFICER, neighbourhood.area_id))
    return agenda_round


def here(agenda_round: AgendaRound, preset: str = "") -> str:
    return f"/werkplek/stemmingen/nieuw/{agenda_round.id}" + (f"?opzet={preset}" if preset else "")


def saved(session) -> VotingRound:
    session.expire_all()
    return session.scalars(sa.select(VotingRound)).one()


def costs(session, agenda_round: AgendaRound, amount: object) -> dict[str, Any]:
    ids = session.scalars(sa.select(Priority.id).where(Priority.round_id == agenda_round.id))
    return {f"cost_{priority_id}": str(amount) for priority_id in ids}


def error_fields(page: Page) -> set[str]:
    return {str(link["href"])[1:] for link in page.soup.select("[data-errors] a")}


def test_staff_choose_what_to_begin_with(client: PageClient, agenda_round: AgendaRound) -> None:
    page = client.get(f"/werkplek/stemmingen/nieuw/{agenda_round.id}/opzet")
    links = [str(link["href"]) for link in page.soup.select("main a[href*=opzet]")]
    assert links == [here(agenda_round, preset.key) for preset in PRESETS]
    rounds = client.get("/werkplek/stemmingen")
    assert f"/werkplek/stemmingen/nieuw/{agenda_round.id}/opzet" in rounds.text


def test_top_three_needs_days_only(client: PageClient, session, agenda_round: AgendaRound) -> None:
    client.submit(here(agenda_round, "top-drie"), DAYS)
    found = saved(session)
    assert (found.ballot_type, found.rule) == (BallotType.APPROVAL, DecidingRule.MOST_VOTES)
    assert (found.max_choices, found.seats, found.budget, found.points) == (3, 3, None, 0)
    assert found.reserves == []
    assert (found.complaints_until - found.result_on) == timedelta(weeks=6)
    assert problems(regulation_of(found)) == []


def test_top_three_with_a_social_place(client: PageClient, session, agenda_round: AgendaRound) -> None:
    client.submit(here(agenda_round, "top-drie-sociaal"), DAYS)
    assert [(reserve.theme, reserve.at_least) for reserve in saved(session).reserves] == [(Theme.PEOPLE, 1)]
    # Taking it away again takes the row away.
    edit = f"/werkplek/stemmingen/{saved(session).id}/bewerken"
    client.submit(edit, {"reserve_people": "", "reserve_traffic": "1"})
    assert [(reserve.theme, reserve.at_least) for reserve in saved(session).reserves] == [(Theme.TRAFFIC, 1)]


def test_a_budget_with_costs_of_which_checks_propose_some(
    client: PageClient, session, agenda_round: AgendaRound
) -> None:
    form = client.get(here(agenda_round, "wijkbudget")).form_data()
    proposed = {name: value for name, value in form.items() if name.startswith("cost_")}
    assert sorted(proposed.values()) == ["", "", "", "", "12500"]
    missing = client.post(here(agenda_round), form | DAYS | {"budget": "€ 50.000"}, status=422)
    # Four have no cost yet: each is told at its own field, and everything typed is there.
    assert error_fields(missing) == {name for name, value in proposed.items() if not value}
    assert missing.form_data()["budget"] == "€ 50.000"
    client.post(here(agenda_round), form | DAYS | {"budget": "€ 50.000"} | costs(session, agenda_round, "20.000"))
    found = saved(session)
    assert (found.budget, found.seats, found.rule) == (50_000, None, DecidingRule.EQUAL_SHARES_ADD1)
    assert {option.cost for option in found.options} == {20_000}
    assert found.options[0].feasibility == "Het kan voor een deel. Er is plek voor drie bakken."
    shown = client.get(f"/werkplek/stemmingen/{found.id}/bewerken").form_data()
    assert shown["budget"] == "50000"
    assert {value for name, value in shown.items() if name.startswith("cost_")} == {"20000"}


def test_points(client: PageClient, session, agenda_round: AgendaRound) -> None:
    client.submit(here(agenda_round, "punten"), DAYS | {"points": "5"})
    found = saved(session)
    assert (found.ballot_type, found.rule, found.points) == (BallotType.POINTS, DecidingRule.MOST_POINTS, 5)


def test_all_that_cannot_work_is_told_at_once_with_everything_typed(
    client: PageClient, session, agenda_round: AgendaRound
) -> None:
    typed = DAYS | {
        "title": "Wat eerst?",
        "rule": "most-points",
        "seats": "9",
        "max_choices": "8",
        "reserve_people": "7",
        "budget": "1000",
        "complaints_until": "2046-12-21",
        "reference_on": "2046-12-25",
        "paper_place": "wijkcentrum",
    }
    page = client.submit(here(agenda_round), typed, status=422)
    assert error_fields(page) == {
        "rule", "seats", "max_choices", "reserve_people", "budget", "complaints_until", "reference_on",
    }  # fmt: skip
    kept = page.form_data()
    assert {name: kept[name][0] if isinstance(kept[name], list) else kept[name] for name in typed} == typed
    assert session.scalars(sa.select(VotingRound)).all() == []


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"rule": "equal-shares-points"}, "rule", "telt punten"),
        ({"ballot_type": "points", "points": "10"}, "rule", "telt kruisjes"),
        ({"ballot_type": "points", "rule": "most-points"}, "points", "1 tot 100 punten"),
        ({"ballot_type": "points", "rule": "most-points", "points": "101"}, "points", "getal van 1 tot 100"),
        ({"ballot_type": "points", "rule": "greedy", "points": "9", "budget": "5000"}, "rule", "niet met punten"),
        ({"rule": "greedy"}, "budget", "hoeveel geld"),
        ({"rule": "greedy", "budget": "0"}, "budget", "bedrag vanaf 1 euro"),
        ({"rule": "greedy", "budget": "veel"}, "budget", "bedrag in hele euro"),
        ({"rule": "greedy", "budget": "99999999999"}, "budget", "bedrag vanaf 1 euro"),
        ({"rule": "wie het hardst roept"}, "rule", "Kies alleen iets uit de lijst."),
        ({"reserve_homes": "-1"}, "reserve_homes", "0 tot 50"),
        ({"youngest": "0"}, "youngest", "1 tot 99"),
        ({"ballots_shown_from": "20"}, "ballots_shown_from", "vanaf 100"),
        ({"reference_on": ""}, "reference_on", "Kies de peildatum."),
        ({"businesses": "iedereen"}, "businesses", "Kies alleen iets uit de lijst."),
        ({"priority_ids": []}, "priority_ids", "minstens 2 openbare punten"),
    ],
)
def test_rules_that_do_not_fit_are_explained_at_their_field(
    client: PageClient, session, agenda_round: AgendaRound, changes, field: str, words: str
) -> None:
    page = client.submit(here(agenda_round), DAYS | {"paper_place": "wijkcentrum"} | changes, status=422)
    assert field in error_fields(page)
    assert words in page.words
    assert page.form_data()["paper_place"] == "wijkcentrum"
    assert session.scalars(sa.select(VotingRound)).all() == []


def member(session, vote: Vote) -> StaffMember:
    return session.get_one(StaffMember, vote.first.staff_id)


@pytest.fixture
def draft(session, app: Flask) -> Vote:
    return make_vote(session, app.config["SETTINGS"], datetime.now(UTC), opened=False)


def test_officers_read_the_regulation_before_it_opens_and_nobody_else_does(
    client: PageClient, session, staff, draft: Vote
) -> None:
    preview = f"/werkplek/stemmingen/{draft.voting_round.id}/reglement"
    public = f"/wijken/molenwijk/stemming/{draft.voting_round.id}/reglement"
    client.get(preview, status=302)
    client.get(public, status=404)
    client.get(public + ".txt", status=404)
    client.sign_in(staff(Role.AREA_TEAM, draft.neighbourhood.area_id)).get(preview, status=403)
    client.sign_out().sign_in(member(session, draft))
    page = client.get(preview)
    assert "Deze regels passen bij elkaar." in page.words
    assert "De loting wordt getrokken als de stemming wordt klaargezet" in page.words
    draft.voting_round.max_choices, draft.voting_round.seats = 7, 4
    session.flush()
    page = client.get(preview)
    assert "Dit moet eerst anders" in page.words
    assert "Mensen kunnen niet meer punten kiezen dan er zijn." in page.words
    assert "Alle punten winnen." in page.words
    client.get(public, status=404)


def test_opening_tells_everything_that_stands_in_the_way(client: PageClient, session, draft: Vote) -> None:
    draft.make_keys()
    draft.voting_round.rule = DecidingRule.MOST_POINTS
    draft.voting_round.businesses_decide, draft.voting_round.with_businesses = True, False
    session.flush()
    client.sign_in(member(session, draft))
    act = f"/werkplek/stemmingen/{draft.voting_round.id}/klaarzetten"
    page = client.submit(act, {"sure": "y"}, status=422)
    for words in ("Deze telregel telt punten", "als zij niet mogen stemmen"):
        assert any(words in error for error in page.errors), words
    session.expire_all()
    assert draft.voting_round.state is VotingState.DRAFT


def test_the_regulation_of_an_open_vote_is_for_everyone_with_its_fingerprint(
    client: PageClient, session, app: Flask
) -> None:
    vote = make_vote(session, app.config["SETTINGS"], datetime.now(UTC))
    public = f"/wijken/molenwijk/stemming/{vote.voting_round.id}/reglement"
    page, file = client.get(public), client.get(public + ".txt")
    content = file.response.get_data()
    assert file.response.mimetype == "text/plain"
    assert hashlib.sha256(content).hexdigest() == vote.voting_round.regulation_hash
    assert vote.voting_round.regulation_hash in page.words
    for line in content.decode().splitlines()[1:]:
        assert " ".join(line.removeprefix("- ").split()) in page.words
    assert f"Het lotnummer is {vote.voting_round.lot_seed}" in page.words
    english = client.get("/en" + public)
    assert "Every voter ticks 3 points at most." in english.words
    assert "Iedere stemmer kruist hoogstens 3 punten aan." in english.words
    client.get(public.replace("molenwijk", "dijkzicht"), status=404)


def test_a_regulation_stays_as_it_was_whatever_becomes_of_the_rest(client: PageClient, session, app: Flask) -> None:
    vote = make_vote(session, app.config["SETTINGS"], datetime.now(UTC))
    public = f"/wijken/molenwijk/stemming/{vote.voting_round.id}/reglement.txt"
    before = client.get(public).response.get_data()
    vote.neighbourhood.name = "Een andere naam"
    vote.voting_round.state = VotingState.CLOSED
    session.flush()
    assert client.get(public).response.get_data() == before


def test_a_rehearsal_has_no_public_regulation(client: PageClient, session, app: Flask) -> None:
    vote = make_vote(session, app.config["SETTINGS"], datetime.now(UTC), rehearsal=True)
    client.get(f"/wijken/molenwijk/stemming/{vote.voting_round.id}/reglement", status=404)
    client.get(f"/stem/oefenen/{vote.voting_round.id}", status=404)


def test_pages_about_a_vote_lead_to_its_regulation(client: PageClient, session, app: Flask) -> None:
    vote = make_vote(session, app.config["SETTINGS"], datetime.now(UTC), codes=1)
    public = f"/wijken/molenwijk/stemming/{vote.voting_round.id}/reglement"
    ballot = client.submit("/stem", {"code": vote.codes[0]}, status=200)
    for page in (
        ballot,
        client.get("/wijken/molenwijk"),
        client.get(f"/wijken/molenwijk/stemming/{vote.voting_round.id}"),
    ):
        assert public in [str(link["href"]) for link in page.soup.select("main a")], page.h1


def test_the_page_of_a_vote_says_its_own_rules(client: PageClient, session, app: Flask) -> None:
    vote = make_vote(
        session, app.config["SETTINGS"], datetime.now(UTC), rule=DecidingRule.GREEDY, budget=9_000, costs=(4, 5, 6, 7)
    )
    page = client.get(f"/wijken/molenwijk/stemming/{vote.voting_round.id}")
    assert "Is er voor een punt te weinig geld over, dan slaan wij het over" in page.words
    assert "komt op plaats 1" not in page.words
    wijk = client.get("/wijken/molenwijk")
    assert "Kies 3 punten waar het geld naartoe moet." in wijk.words


def folded(page: Page) -> set[str]:
    """Names of fields that stand in a fold that is closed."""
    inside = page.soup.select("details:not([open]) :is(input, select)")
    return {str(each["name"]) for each in inside if each["type"] != "radio"}


def test_what_does_not_belong_to_the_kind_of_vote_is_folded(client: PageClient, agenda_round: AgendaRound) -> None:
    top_three = folded(client.get(here(agenda_round, "top-drie")))
    assert {"budget", "points", "reserve_people", "complaints_until"} <= top_three
    assert not {"max_choices", "seats", "opens_on"} & top_three
    assert "reserve_people" not in folded(client.get(here(agenda_round, "top-drie-sociaal")))
    budget = folded(client.get(here(agenda_round, "wijkbudget")))
    assert {"seats", "points"} <= budget
    assert "budget" not in budget
    points = folded(client.get(here(agenda_round, "punten")))
    assert "max_choices" in points
    assert "points" not in points


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"budget": "100"}, "budget"),
        ({"points": "300"}, "points"),
        ({"reserve_people": "-1"}, "reserve_people"),
        ({"ballots_shown_from": "20"}, "ballots_shown_from"),
        ({"rule": "greedy"}, "budget"),
    ],
)
def test_a_fold_with_an_error_is_open(client: PageClient, agenda_round: AgendaRound, changes, field: str) -> None:
    page = client.submit(here(agenda_round), DAYS | changes, status=422)
    assert field in error_fields(page)
    assert field not in folded(page)


def test_a_rule_of_another_kind_of_vote_can_be_chosen_from_its_fold(
    client: PageClient, agenda_round: AgendaRound
) -> None:
    page = client.get(here(agenda_round))
    assert len(page.soup.select("input[name=rule]")) == len(DecidingRule)
    assert {str(each["value"]) for each in page.soup.select("details input[name=rule]")} == {
        rule.value for rule in DecidingRule
    } - {"most-votes", "equal-shares-unit-phragmen"}


def test_how_many_one_may_tick_is_not_asked_where_points_are_divided(
    client: PageClient, session, agenda_round: AgendaRound
) -> None:
    client.submit(here(agenda_round, "punten"), DAYS | {"max_choices": ""})
    assert saved(session).points == 10


def test_the_days_of_the_phase_are_proposed(client: PageClient, agenda_round: AgendaRound) -> None:
    phase = next(phase for phase in agenda_round.phases if phase.kind is PhaseKind.VOTING)
    form = client.get(here(agenda_round, "wijkbudget")).form_data()
    assert (form["opens_on"], form["closes_on"]) == (phase.starts_on.isoformat(), phase.ends_on.isoformat())
    assert form["title"] == f"wijkbudget {agenda_round.neighbourhood.name} {phase.starts_on.year}"
