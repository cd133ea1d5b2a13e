"""What somebody with a hand in the database, or a key in the wrong hands, must not get past; on both databases."""

import uuid

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.conftest import NOW
from tests.factories.paper import make_pile
from tests.factories.voting import FIRST_PASSPHRASE, LIGHT, Vote, make_officer, make_vote
from wijkagenda.errors import Conflict, Invalid, NotAllowed
from wijkagenda.people.actors import SYSTEM, Actor, actor_of
from wijkagenda.people.models import Role, RoleGrant, StaffMember
from wijkagenda.people.operations import grant_role
from wijkagenda.voting.box import keys
from wijkagenda.voting.box.casting import cast_ballot
from wijkagenda.voting.box.content import BallotContent, encode
from wijkagenda.voting.box.models import Ballot, KeyHolder, SealedBallot
from wijkagenda.voting.box.sealing import seal
from wijkagenda.voting.codes import new_receipt
from wijkagenda.voting.letters import operations as letters
from wijkagenda.voting.letters import serials
from wijkagenda.voting.models import (
    BallotType,
    Channel,
    CodeState,
    DecidingRule,
    Electorate,
    VotingCode,
    VotingState,
)
from wijkagenda.voting.operations import open_round
from wijkagenda.voting.paper.models import PaperBatch
from wijkagenda.voting.paper.operations import Stub
from wijkagenda.voting.remarks.models import RemarkSubject
from wijkagenda.voting.remarks.operations import make_remark
from wijkagenda.voting.result import queries as results

THIRD_PASSPHRASE = "derde wachtzin van deze proefstemming"


def vote_of(session, app: Flask, **rules) -> Vote:
    return make_vote(session, app.config["SETTINGS"], NOW, **rules)


def swap_one_ballot(vote: Vote, *points: int, electorate: Electorate = Electorate.RESIDENTS) -> None:
    """Put another ballot in the place of one in the box, as whoever can write in the database could."""
    session, options = vote.session, len(vote.options)
    given = (*points, *[0] * (options - len(points)))
    content = seal(vote.voting_round.public_key or b"", encode(BallotContent(electorate, given)))
    first = session.scalar(sa.select(SealedBallot.id).order_by(SealedBallot.id).limit(1))
    session.execute(sa.update(SealedBallot).where(SealedBallot.id == first).values(content=content))


def nothing_was_opened(vote: Vote) -> bool:
    vote.session.refresh(vote.voting_round)
    return vote.voting_round.state is VotingState.CLOSED and vote.session.scalar(sa.select(Ballot.id)) is None


@pytest.mark.parametrize("points", [(1, 1, 1, 1), (2,), (255,)])
def test_a_ballot_that_nobody_could_have_cast_is_never_counted(session, app: Flask, points: tuple[int, ...]) -> None:
    vote = vote_of(session, app, codes=3)
    for code in vote.codes:
        vote.cast(code, vote.options[0], now=NOW)
    vote.close()
    swap_one_ballot(vote, *points)
    session.commit()
    with pytest.raises(Conflict, match="beschadigd"):
        vote.count()
    session.rollback()
    assert nothing_was_opened(vote)


def test_a_ballot_with_more_points_than_there_are_is_never_counted(session, app: Flask) -> None:
    vote = vote_of(session, app, codes=3, ballot_type=BallotType.POINTS, points=10, rule=DecidingRule.MOST_POINTS)
    for code in vote.codes:
        vote.cast(code, now=NOW, points={vote.options[0]: 10})
    vote.close()
    swap_one_ballot(vote, 200)
    session.commit()
    with pytest.raises(Conflict, match="beschadigd"):
        vote.count()
    session.rollback()
    assert nothing_was_opened(vote)


def test_a_ballot_that_changed_electorate_stops_the_count(session, app: Flask) -> None:
    """As many ballots as used codes is not enough: it must be so for residents and for businesses apart."""
    vote = vote_of(session, app, codes=12, business_codes=12)
    for code in (*vote.codes, *vote.business_codes):
        vote.cast(code, vote.options[0], now=NOW)
    vote.close()
    swap_one_ballot(vote, 1)
    session.execute(sa.delete(SealedBallot))
    for electorate, number in ((Electorate.RESIDENTS, 13), (Electorate.BUSINESSES, 11)):
        for place in range(number):
            content = encode(BallotContent(electorate, (1, 0, 0, 0)))
            session.add(
                SealedBallot(
                    id=f"{electorate.value[:4]}{place}",
                    voting_round_id=vote.voting_round.id,
                    content=seal(vote.voting_round.public_key or b"", content),
                )
            )
    session.commit()
    with pytest.raises(Conflict, match="klopt niet"):
        vote.count()
    session.rollback()
    assert nothing_was_opened(vote)


def test_piles_that_do_not_hold_what_was_used_on_paper_stop_the_count(session, app: Flask) -> None:
    vote = vote_of(session, app, codes=20)
    pile = make_pile(session, vote, NOW)
    pile.take(*[[vote.options[2]]] * 10)
    pile.fill()
    pile.enter_all(vote.first)
    pile.enter_all(vote.second)
    pile.into_the_box()
    vote.close()
    session.execute(sa.update(PaperBatch).values(stubs=11, sheets=11))
    session.commit()
    with pytest.raises(Conflict, match="klopt niet"):
        vote.count()
    session.rollback()
    assert nothing_was_opened(vote)


def no_officer_any_more(session, actor: Actor) -> None:
    session.execute(sa.delete(RoleGrant).where(RoleGrant.staff_member_id == actor.staff_id))
    session.commit()
    session.expire_all()


def test_nobody_hands_the_key_to_who_is_no_officer_any_more(session, app: Flask) -> None:
    vote = vote_of(session, app, codes=1)
    third = make_officer(session, vote.neighbourhood.area_id, NOW, "Derde Lid")
    said = {"now": NOW, "voting_round": vote.voting_round}
    newcomer = keys.join(actor=third, passphrase=THIRD_PASSPHRASE, again=THIRD_PASSPHRASE, effort=LIGHT, **said)
    no_officer_any_more(session, third)
    with pytest.raises(Conflict, match="geen stembureaulid"):
        keys.grant(actor=vote.first, passphrase=FIRST_PASSPHRASE, holder_id=newcomer.id, **said)
    session.rollback()
    assert session.get_one(KeyHolder, newcomer.id).round_key is None


@pytest.mark.parametrize("why", ["no officer", "left", "of the team"])
def test_a_vote_does_not_open_while_a_holder_may_not_count(session, app: Flask, why: str) -> None:
    """Two must be able to open the box: one who left, or whose plan it has become, is no holder."""
    vote = vote_of(session, app, opened=False)
    vote.make_keys()
    if why == "no officer":
        no_officer_any_more(session, vote.second)
    elif why == "left":
        session.get_one(StaffMember, vote.second.staff_id).is_active = False
        session.commit()
    else:
        session.add(
            RoleGrant(staff_member_id=vote.second.staff_id, role=Role.AREA_TEAM, area_id=vote.neighbourhood.area_id)
        )
        session.commit()
        session.expire_all()
    with pytest.raises(Invalid, match="geen stembureaulid"):
        open_round(actor=vote.first, now=NOW, voting_round=vote.voting_round)


def test_of_a_few_businesses_alone_nothing_is_shown(session, app: Flask) -> None:
    """No resident voted, five businesses did: their votes per point are as small a number as any."""
    vote = vote_of(session, app, codes=3, business_codes=5)
    for code in vote.business_codes:
        vote.cast(code, vote.options[0], now=NOW)
    vote.finish()
    published = results.published_result(vote.voting_round.id)
    assert published is not None
    assert not published.shows_businesses
    assert all(line.votes is None and line.business_votes is None for line in published.lines)


def whose_plan_it_is(session, vote: Vote) -> Actor:
    """An officer who is also of the team whose plan is voted on."""
    both = make_officer(session, vote.neighbourhood.area_id, NOW, "Teamlid En Stembureau")
    member = session.get_one(StaffMember, both.staff_id)
    grant_role(actor=SYSTEM, now=NOW, member=member, role=Role.AREA_TEAM, area_id=vote.neighbourhood.area_id)
    return actor_of(member)


def test_whose_plan_it_is_never_holds_a_code(session, app: Flask) -> None:
    """A code is a vote: who has an interest makes none, fetches none and takes none of others away."""
    vote = vote_of(session, app, codes=2)
    said = {"actor": whose_plan_it_is(session, vote), "now": NOW, "voting_round": vote.voting_round}
    key = vote.keys(vote.voting_round.id)
    resident = {"electorate": Electorate.RESIDENTS}
    with pytest.raises(NotAllowed):
        serials.issue_at_desk(**said, **resident, key=key, submission_key=str(uuid.uuid4()))
    with pytest.raises(NotAllowed):
        letters.ask_letters(**said, **resident, size=2)
    with pytest.raises(NotAllowed):
        serials.void_code(**said, serial=1)
    with pytest.raises(NotAllowed):
        serials.replace_code(**said, serial=1)
    with pytest.raises(NotAllowed):
        serials.return_letters(**said, serials=[1])
    batch = letters.ask_letters(actor=vote.first, now=NOW, voting_round=vote.voting_round, **resident, size=1)
    letters.mark_ready(batch=batch, now=NOW)
    with pytest.raises(NotAllowed):
        letters.begin_fetching(actor=said["actor"], now=NOW, batch=batch)


def test_a_form_of_one_vote_is_no_form_of_another(session, app: Flask) -> None:
    """Else the second melding was taken for the first and lost, and the second code was an unhandled error."""
    here, there = vote_of(session, app), vote_of(session, app, name="Havenwijk", column=1)
    key = str(uuid.uuid4())
    melding = {
        "now": NOW,
        "submission_key": key,
        "subject": RemarkSubject.CODE,
        "text": "Mijn code werkt niet meer.",
        "email": None,
        "language": "nl",
    }
    make_remark(voting_round=here.voting_round, **melding)
    with pytest.raises(Invalid, match="Laad de pagina opnieuw"):
        make_remark(voting_round=there.voting_round, **melding)
    asked = {"now": NOW, "electorate": Electorate.RESIDENTS, "size": 1, "submission_key": key}
    letters.ask_letters(actor=here.first, voting_round=here.voting_round, **asked)
    with pytest.raises(Invalid, match="Laad de pagina opnieuw"):
        letters.ask_letters(actor=there.first, voting_round=there.voting_round, **asked)


def test_no_code_votes_twice_over_any_border(session, app: Flask) -> None:
    """Of another round, on paper and on a screen, old and new letter, one receipt for two codes."""
    here, there = vote_of(session, app, codes=5), vote_of(session, app, name="Havenwijk", column=1, codes=1)
    pile = make_pile(session, here, NOW)
    online, on_paper, lost, spare, _unused = here.codes
    receipt = here.cast(online, here.options[0], now=NOW, channel=Channel.KIOSK)
    session.commit()
    for code, vote in ((spare, there), (there.codes[0], here)):
        with pytest.raises(Invalid):
            cast_ballot(
                keys=here.keys,
                code=code,
                choices=[vote.options[0]],
                receipt=new_receipt(),
                now=NOW,
                voting_round_id=vote.voting_round.id,
            )
    with pytest.raises(Conflict):
        here.cast(spare, here.options[0], now=NOW, receipt=receipt)
    session.rollback()
    assert [pile.stub(online), pile.stub(on_paper), pile.stub(on_paper)] == [
        Stub.USED_BEFORE,
        Stub.TAKEN,
        Stub.TYPED_BEFORE,
    ]
    with pytest.raises(Invalid):
        pile.stub(there.codes[0])
    with pytest.raises(Conflict):
        here.cast(on_paper, here.options[0], now=NOW)
    serials.replace_code(actor=here.first, now=NOW, voting_round=here.voting_round, serial=3)
    with pytest.raises(Conflict):
        here.cast(lost, here.options[0], now=NOW)
    assert pile.stub(lost) is Stub.VOIDED
    used = sa.select(sa.func.count()).select_from(VotingCode).where(VotingCode.state == CodeState.USED)
    assert session.scalar(used) == 2
