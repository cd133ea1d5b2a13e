"""A rehearsal is a whole vote of its own, and afterwards nothing of it is left."""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from tests.factories.voting import Vote, make_vote
from wijkagenda.audit.queries import history_of
from wijkagenda.db import Base, unit_of_work
from wijkagenda.errors import Conflict, Invalid, NotAllowed
from wijkagenda.feedback.models import OutboxMessage
from wijkagenda.people.actors import SYSTEM, Actor, Grant
from wijkagenda.people.models import Role
from wijkagenda.priorities.models import Priority, PriorityState
from wijkagenda.voting.box.casting import cast_ballot
from wijkagenda.voting.codes import new_receipt
from wijkagenda.voting.letters.run import addresses_file, letters_file
from wijkagenda.voting.models import CodeBatch, Electorate, VotingRound, VotingState
from wijkagenda.voting.operations import close_round
from wijkagenda.voting.queries import open_rounds
from wijkagenda.voting.rehearsal import operations as rehearsing
from wijkagenda.voting.result.queries import published_result
from wijkagenda.voting.rules.operations import edit_round


@pytest.fixture
def vote(session: Session, app: Flask, now: datetime) -> Vote:
    return make_vote(session, app.config["SETTINGS"], now, opened=False, with_businesses=True)


@pytest.fixture
def rehearsal(session: Session, vote: Vote, now: datetime) -> Vote:
    """The same vote as an exercise, open, with codes."""
    voting_round = rehearsing.start_rehearsal(actor=vote.first, now=now, voting_round=vote.voting_round)
    exercise = Vote(session, vote.settings, vote.neighbourhood, voting_round, vote.first, vote.second, now)
    exercise.open()
    for electorate, codes in ((Electorate.RESIDENTS, exercise.codes), (Electorate.BUSINESSES, exercise.business_codes)):
        made = rehearsing.make_test_codes(
            actor=vote.first,
            now=now,
            voting_round=voting_round,
            electorate=electorate,
            number=3,
            key=exercise.keys(voting_round.id),
        )
        codes += [code for _serial, code in made]
    return exercise


def rows(session: Session) -> dict[str, int]:
    """How many rows every table of voting has."""
    session.flush()
    tables = {
        mapper.local_table.name: mapper.local_table
        for mapper in Base.registry.mappers
        if mapper.class_.__module__.startswith("wijkagenda.voting.")
    }
    return {
        name: session.scalar(sa.select(sa.func.count()).select_from(table)) or 0
        for name, table in sorted(tables.items())
    }


def through_to_the_result(exercise: Vote, now: datetime) -> None:
    for code in exercise.codes:
        exercise.cast(code, exercise.options[0], now=now)
    later = now + timedelta(minutes=5)
    # Long before its last day: an exercise is closed when one is done.
    close_round(actor=exercise.first, now=later, voting_round=exercise.voting_round)
    exercise.count()
    exercise.publish()


def test_a_rehearsal_has_the_rules_of_the_vote_and_takes_votes_at_once(vote: Vote, rehearsal: Vote, now) -> None:
    real, exercise = vote.voting_round, rehearsal.voting_round
    assert exercise.rehearsal
    assert exercise.takes_votes(now)
    for rule in ("max_choices", "rule", "ballot_type", "seats", "budget", "with_businesses", "ballots_shown_from"):
        assert getattr(exercise, rule) == getattr(real, rule)
    assert {o.priority_id for o in exercise.options} == {o.priority_id for o in real.options}
    assert real.state is VotingState.DRAFT
    assert exercise.public_key != real.public_key


def test_a_rehearsal_goes_all_the_way_and_nobody_outside_notices(
    session: Session, vote: Vote, rehearsal: Vote, now
) -> None:
    through_to_the_result(rehearsal, now)
    assert rehearsal.voting_round.state is VotingState.PUBLISHED
    assert open_rounds(now) == []
    assert published_result(rehearsal.voting_round.id) is None
    assert session.scalars(sa.select(OutboxMessage)).all() == []
    states = session.scalars(sa.select(Priority.state)).all()
    assert set(states) == {PriorityState.PROPOSED}


def test_test_codes_do_not_work_in_the_real_vote_nor_letters_in_the_rehearsal(
    session: Session, vote: Vote, rehearsal: Vote, now
) -> None:
    exercise = rehearsal.voting_round
    vote.make_keys()
    # As if the exercise had been left behind: it stands open beside the real one.
    real = vote.voting_round
    real.state, real.regulation_hash = VotingState.OPEN, "0" * 64
    session.flush()
    letters = vote.letters(2)
    for code, elsewhere in ((rehearsal.codes[0], real), (letters[0], exercise)):
        with pytest.raises(Invalid):
            cast_in(vote, code, elsewhere, now)
    cast_in(vote, letters[0], real, now)
    cast_in(rehearsal, rehearsal.codes[0], exercise, now)


def cast_in(vote: Vote, code: str, voting_round: VotingRound, now: datetime) -> None:
    cast_ballot(
        keys=vote.keys,
        code=code,
        choices=[voting_round.options[0].id],
        receipt=new_receipt(),
        now=now,
        voting_round_id=voting_round.id,
    )


@pytest.mark.parametrize("far", ["draft", "open", "voted", "published"])
def test_a_rehearsal_goes_whole_whatever_was_done_in_it(session: Session, vote: Vote, now, far: str) -> None:
    before = rows(session)
    voting_round = rehearsing.start_rehearsal(actor=vote.first, now=now, voting_round=vote.voting_round)
    exercise = Vote(session, vote.settings, vote.neighbourhood, voting_round, vote.first, vote.second, now)
    if far != "draft":
        exercise.open()
        made = rehearsing.make_test_codes(
            actor=vote.first,
            now=now,
            voting_round=voting_round,
            electorate=Electorate.RESIDENTS,
            number=3,
            key=exercise.keys(voting_round.id),
        )
        exercise.codes = [code for _serial, code in made]
    if far == "voted":
        exercise.cast(exercise.codes[0], exercise.options[0], now=now)
    if far == "published":
        through_to_the_result(exercise, now)
    number = voting_round.id
    rehearsing.remove_rehearsal(actor=vote.second, now=now, voting_round=voting_round)
    assert rows(session) == before
    assert session.get(VotingRound, number) is None
    assert "voting.remove_rehearsal" in {entry.action for entry in history_of("voting_round", number)}


def test_opening_the_real_vote_takes_the_rehearsal_away(session: Session, vote: Vote, rehearsal: Vote, now) -> None:
    rehearsal.cast(rehearsal.codes[0], rehearsal.options[0], now=now)
    number = rehearsal.voting_round.id
    vote.open()
    assert session.get(VotingRound, number) is None
    assert vote.voting_round.state is VotingState.OPEN
    assert session.scalars(sa.select(CodeBatch.voting_round_id)).all() == []
    with pytest.raises(Invalid):
        vote.cast(rehearsal.codes[1], vote.options[0], now=now)


def test_the_number_of_a_rehearsal_is_never_given_again(session: Session, vote: Vote, now) -> None:
    """Its acts stay in the audit trail under that number, and the key of its codes is made from it."""
    first = rehearsing.start_rehearsal(actor=vote.first, now=now, voting_round=vote.voting_round)
    number = first.id
    rehearsing.remove_rehearsal(actor=vote.first, now=now, voting_round=first)
    second = rehearsing.start_rehearsal(actor=vote.first, now=now, voting_round=vote.voting_round)
    assert second.id > number


def test_a_forgotten_rehearsal_goes_after_thirty_days(session: Session, vote: Vote, rehearsal: Vote, now) -> None:
    number = rehearsal.voting_round.id
    assert rehearsing.remove_old_rehearsals(now=now + timedelta(days=29, hours=23)) == 0
    assert rehearsing.remove_old_rehearsals(now=now + timedelta(days=30)) == 1
    assert session.get(VotingRound, number) is None
    assert session.get(VotingRound, vote.voting_round.id) is not None
    assert history_of("voting_round", number)[-1].actor_kind == SYSTEM.kind


def test_the_days_of_a_draft_do_not_put_off_that_a_forgotten_rehearsal_goes(session: Session, vote: Vote, now) -> None:
    voting_round = rehearsing.start_rehearsal(actor=vote.first, now=now, voting_round=vote.voting_round)
    edit_round(
        actor=vote.first,
        now=now + timedelta(days=1),
        voting_round=voting_round,
        priority_ids=[option.priority_id for option in voting_round.options],
        title=voting_round.title,
        opens_at=now + timedelta(days=365),
        closes_at=now + timedelta(days=380),
        result_on=(now + timedelta(days=381)).date(),
        max_choices=3,
        paper_place="",
    )
    assert rehearsing.remove_old_rehearsals(now=now + timedelta(days=29, hours=23)) == 0
    assert rehearsing.remove_old_rehearsals(now=now + timedelta(days=30)) == 1


def test_letters_and_addresses_of_a_rehearsal_go_with_it(
    session: Session, app: Flask, vote: Vote, rehearsal: Vote, now, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = replace(vote.settings, letters_folder=tmp_path)
    monkeypatch.setitem(app.config, "SETTINGS", settings)
    for path in (letters_file, addresses_file):
        for batch_id in session.scalars(sa.select(CodeBatch.id)):
            path(settings, batch_id).write_bytes(b"names and addresses")
    kept = letters_file(settings, 987_654)
    kept.write_bytes(b"of another vote")
    assert len(list(tmp_path.iterdir())) == 5
    session.commit()
    with suppress(RuntimeError), unit_of_work():
        rehearsing.remove_rehearsal(actor=vote.first, now=now, voting_round=rehearsal.voting_round)
        raise RuntimeError("not committed, so nothing is gone")
    assert len(list(tmp_path.iterdir())) == 5
    with unit_of_work():
        again = session.get_one(VotingRound, rehearsal.voting_round.id)
        rehearsing.remove_rehearsal(actor=vote.first, now=now, voting_round=again)
    assert list(tmp_path.iterdir()) == [kept]


def test_a_real_vote_is_never_taken_away_as_if_it_were_a_rehearsal(session: Session, app: Flask, now) -> None:
    vote = make_vote(session, app.config["SETTINGS"], now, codes=2)
    with pytest.raises(Conflict):
        rehearsing.remove_rehearsal(actor=vote.first, now=now, voting_round=vote.voting_round)
    with pytest.raises(Conflict):
        rehearsing.start_rehearsal(actor=vote.first, now=now, voting_round=vote.voting_round)
    with pytest.raises(Conflict):
        rehearsing.make_test_codes(
            actor=vote.first,
            now=now,
            voting_round=vote.voting_round,
            electorate=Electorate.RESIDENTS,
            number=1,
            key=vote.keys(vote.voting_round.id),
        )
    assert session.get(VotingRound, vote.voting_round.id) is not None


def test_one_rehearsal_at_a_time(vote: Vote, rehearsal: Vote, now) -> None:
    with pytest.raises(Conflict, match="Ruim die eerst op"):
        rehearsing.start_rehearsal(actor=vote.second, now=now, voting_round=vote.voting_round)
    with pytest.raises(Conflict):
        rehearsing.start_rehearsal(actor=vote.second, now=now, voting_round=rehearsal.voting_round)


def test_whose_plan_it_is_does_not_rehearse_either(vote: Vote, rehearsal: Vote, now) -> None:
    area = vote.neighbourhood.area_id
    both = Actor("staff", 987, "Twee Petten", (Grant(Role.VOTING_OFFICER, area), Grant(Role.AREA_TEAM, area)))
    for actor in (both, Actor("staff", 988, "Gebiedsteam", (Grant(Role.AREA_TEAM, area),))):
        with pytest.raises(NotAllowed):
            rehearsing.start_rehearsal(actor=actor, now=now, voting_round=vote.voting_round)
        with pytest.raises(NotAllowed):
            rehearsing.remove_rehearsal(actor=actor, now=now, voting_round=rehearsal.voting_round)
