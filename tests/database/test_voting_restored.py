"""What can go wrong around a vote, really done: a backup put back, a clock that jumps, passphrases and people that are gone."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.factories.backups import Running, backup_put_back, begin
from tests.factories.voting import FIRST_PASSPHRASE, LIGHT, SECOND_PASSPHRASE, Vote, make_officer, make_vote
from tests.live import installation
from wijkagenda.errors import Conflict, Invalid
from wijkagenda.people.actors import Actor
from wijkagenda.voting import queries
from wijkagenda.voting.box import keys
from wijkagenda.voting.box.casting import cast_ballot
from wijkagenda.voting.box.destroying import destroy_keys
from wijkagenda.voting.box.models import SealedBallot
from wijkagenda.voting.codes import new_receipt
from wijkagenda.voting.models import Tally, VotingState
from wijkagenda.voting.operations import close_round
from wijkagenda.voting.result import queries as results
from wijkagenda.voting.result.operations import ByPassphrase, BySheet, count_round


@pytest.fixture
def running(backend: str, tmp_path: Path) -> Iterator[Running]:
    with installation("restored", folder=tmp_path, backend=backend) as place:
        yield begin(place)


def test_a_backup_of_the_middle_of_a_vote_can_be_put_back_and_voted_on(running: Running, tmp_path: Path) -> None:
    before, lost, later = running.codes[:3], running.codes[3:5], running.codes[5]
    for code in before:
        running.vote(code)
    with backup_put_back(running, tmp_path, lost) as again:
        # Codes and ballots went together: nothing is half there.
        assert again.in_box() == (3, 3, 3)
        # Who voted before the backup cannot vote twice; who voted after it can vote again, with the same letter.
        with pytest.raises(Conflict):
            again.vote(before[0], 1)
        first_receipts = {code: again.receipts[code] for code in lost}
        again.vote(lost[0], 1)
        again.vote(later, 1)
        again.close()
        with again.place.look():
            voting_round = queries.voting_round_by_id(again.round_id)
            # The receipts of before the restore that are gone show up as missing, and those only.
            for code in before:
                assert results.has_receipt(voting_round, again.receipts[code])
            for code in lost:
                assert not results.has_receipt(voting_round, first_receipts[code])
            assert results.has_receipt(voting_round, again.receipts[lost[0]])
        votes = again.count()
        assert (votes[again.options[0]], votes[again.options[1]]) == (3, 2)
        with again.place.look() as session:
            tally = session.scalars(sa.select(Tally)).one()
            assert (tally.ballots, tally.codes_used) == (5, 5)


def test_a_backup_opens_with_the_same_passphrases_and_sheet(running: Running, tmp_path: Path) -> None:
    running.vote(running.codes[0])
    with backup_put_back(running, tmp_path, []) as again, again.place.work() as session:
        voting_round = queries.voting_round_by_id(again.round_id)
        for which, passphrase in enumerate((FIRST_PASSPHRASE, SECOND_PASSPHRASE)):
            keys.prove(
                actor=again.officer(session, which),
                now=datetime.now(UTC),
                voting_round=voting_round,
                passphrase=passphrase,
            )


# --- people and passphrases ------------------------------------------------------------------------


@pytest.fixture
def closed(session: Session, app, now: datetime) -> Vote:
    vote = make_vote(session, app.config["SETTINGS"], now, codes=3)
    for code in vote.codes:
        vote.cast(code, vote.options[0], now=now)
    vote.close()
    return vote


def open_with(vote: Vote, actor: Actor, key: ByPassphrase | BySheet) -> Tally:
    return count_round(actor=actor, now=vote.after_closing, voting_round=vote.voting_round, opened_with=key)


def test_one_passphrase_lost_the_other_holder_counts(closed: Vote) -> None:
    with pytest.raises(Invalid):
        open_with(closed, closed.first, ByPassphrase(SECOND_PASSPHRASE))
    assert open_with(closed, closed.second, ByPassphrase(SECOND_PASSPHRASE)).ballots == 3


def test_an_officer_lost_while_people_vote_is_replaced(session: Session, app, now: datetime) -> None:
    vote = make_vote(session, app.config["SETTINGS"], now, codes=2)
    third = make_officer(session, vote.neighbourhood.area_id, now, "Derde Lid")
    said = {"now": now, "voting_round": vote.voting_round}
    passphrase = "derde wachtzin van deze proefstemming"
    newcomer = keys.join(actor=third, passphrase=passphrase, again=passphrase, effort=LIGHT, **said)
    with pytest.raises(Conflict):
        keys.prove(actor=third, passphrase=passphrase, **said)
    with pytest.raises(Conflict):
        keys.grant(actor=third, passphrase=passphrase, holder_id=newcomer.id, **said)
    keys.grant(actor=vote.second, passphrase=SECOND_PASSPHRASE, holder_id=newcomer.id, **said)
    vote.cast(vote.codes[0], vote.options[0], now=now)
    vote.close()
    assert open_with(vote, third, ByPassphrase(passphrase)).ballots == 1


def test_everybody_lost_their_passphrase_and_the_sheet_counts(closed: Vote) -> None:
    assert open_with(closed, closed.first, BySheet(closed.recovery, "Wachtzinnen kwijt.")).ballots == 3


def test_everything_lost_and_the_votes_stay_shut(session: Session, closed: Vote) -> None:
    """Nothing on the server opens them: not the database, not SECRET_KEY. The vote must be held again."""
    settings = closed.settings
    for guess in (settings.secret_key, "", "wachtzin kwijt geraakt helaas"):
        with pytest.raises(Invalid):
            open_with(closed, closed.first, ByPassphrase(guess))
    for code in (closed.codes[0], closed.recovery[::-1]):
        with pytest.raises(Invalid):
            open_with(closed, closed.first, BySheet(code, "Alles kwijt."))
    assert closed.voting_round.state is VotingState.CLOSED
    assert len(session.scalars(sa.select(SealedBallot.id)).all()) == 3


def test_a_key_holder_cannot_open_the_box_early(session: Session, app, now: datetime) -> None:
    vote = make_vote(session, app.config["SETTINGS"], now, codes=1)
    vote.cast(vote.codes[0], vote.options[0], now=now)
    with pytest.raises(Conflict):
        open_with(vote, vote.first, ByPassphrase(FIRST_PASSPHRASE))
    with pytest.raises(Conflict):
        close_round(actor=vote.first, now=now, voting_round=vote.voting_round)
    assert len(session.scalars(sa.select(SealedBallot.id)).all()) == 1


# --- keys that go ----------------------------------------------------------------------------------


def test_the_keys_of_a_counted_vote_go_after_the_term_though_nobody_made_the_result_public(closed: Vote) -> None:
    last = closed.voting_round.complaints_until
    assert last is not None
    closed.count()
    assert destroy_keys(now=closed.after_closing, today=last) == 0
    assert destroy_keys(now=closed.after_closing, today=last + timedelta(days=1)) == 1
    assert {(one.wrapped, one.round_key) for one in keys.holders_of(closed.voting_round.id)} == {(None, None)}
    # The result can still be made public: nothing of it needs a key.
    closed.publish()
    assert destroy_keys(now=closed.after_closing, today=last + timedelta(days=2)) == 0


def test_no_clock_destroys_the_keys_of_votes_that_are_not_counted(session: Session, app, now: datetime) -> None:
    vote = make_vote(session, app.config["SETTINGS"], now, codes=1)
    vote.cast(vote.codes[0], vote.options[0], now=now)
    far = now.date() + timedelta(days=4000)
    assert destroy_keys(now=now, today=far) == 0
    vote.close()
    assert destroy_keys(now=now, today=far) == 0
    vote.count()
    assert vote.voting_round.tally is not None and vote.voting_round.tally.ballots == 1
    assert destroy_keys(now=now, today=far) == 1


# --- a clock that jumps ----------------------------------------------------------------------------


def test_a_clock_that_jumps_ahead_stops_votes_and_they_go_on_when_it_is_right_again(
    session: Session, app, now: datetime
) -> None:
    vote = make_vote(session, app.config["SETTINGS"], now, codes=2)
    jumped = vote.voting_round.closes_at + timedelta(days=300)
    with pytest.raises(Conflict):
        vote.cast(vote.codes[0], vote.options[0], now=jumped)
    vote.cast(vote.codes[0], vote.options[0], now=now)
    # Who opened the check page under the wrong clock, and sends under the right one.
    cast_ballot(
        keys=vote.keys,
        code=vote.codes[1],
        choices=[vote.options[0]],
        receipt=new_receipt(),
        now=now + timedelta(minutes=1),
        check_opened_at=jumped,
    )


def test_a_clock_that_goes_back_makes_no_vote_count_twice_and_closing_asks(
    session: Session, app, now: datetime
) -> None:
    vote = make_vote(session, app.config["SETTINGS"], now, codes=1)
    vote.cast(vote.codes[0], vote.options[0], now=now)
    back = now - timedelta(days=2)
    with pytest.raises(Conflict):
        vote.cast(vote.codes[0], vote.options[1], now=back)
    with pytest.raises(Conflict):
        close_round(actor=vote.first, now=back, voting_round=vote.voting_round)
    vote.close()
    # Closed is closed, whatever the clock says afterwards.
    with pytest.raises(Conflict):
        vote.cast(vote.codes[0], vote.options[1], now=back)


def test_closing_under_a_clock_that_stands_behind_needs_somebody_who_looked(
    session: Session, app, now: datetime
) -> None:
    vote = make_vote(session, app.config["SETTINGS"], now, codes=1)
    ahead = vote.after_closing + timedelta(hours=1)
    keys.prove(actor=vote.first, now=ahead, voting_round=vote.voting_round, passphrase=FIRST_PASSPHRASE)
    with pytest.raises(Conflict, match="klok"):
        vote.close()
    close_round(actor=vote.first, now=vote.after_closing, voting_round=vote.voting_round, clock_checked=True)
    assert vote.voting_round.state is VotingState.CLOSED
