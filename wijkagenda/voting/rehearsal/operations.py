"""A rehearsal: the whole vote once over with test codes, from keys to result; afterwards nothing of it is left.

It is a round of its own, with keys of its own, so no test code works in the real vote and no letter works here. It
sends no mail, tells nobody and is never public. It goes as a whole: when an officer says so, when the real vote opens,
and after KEPT_FOR.
"""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from wijkagenda.audit.operations import record
from wijkagenda.audit.queries import first_act_on
from wijkagenda.db import Base, db
from wijkagenda.dutch_days import day_of
from wijkagenda.errors import N_, Conflict, Invalid
from wijkagenda.events import emit
from wijkagenda.people.actors import SYSTEM, Actor
from wijkagenda.rounds.models import AgendaRound
from wijkagenda.voting.events import LettersDropped
from wijkagenda.voting.guards import must_be_officer, must_take_part
from wijkagenda.voting.letters.operations import add_batch, make_codes, mark_expired
from wijkagenda.voting.models import CodeBatch, Electorate, VotingRound, VotingState
from wijkagenda.voting.rules.operations import prepare_round

KEPT_FOR = timedelta(days=30)
MOST_TEST_CODES = 50
LONGEST_TITLE = 120


def start_rehearsal(*, actor: Actor, now: datetime, voting_round: VotingRound) -> VotingRound:
    """A rehearsal of a vote in preparation: same rules, same points, a box and keys of its own. Votes count from now."""
    must_be_officer(actor=actor, voting_round=voting_round)
    db.session.refresh(voting_round, attribute_names=["state"], with_for_update=True)
    if voting_round.rehearsal or voting_round.state is not VotingState.DRAFT:
        raise Conflict(N_("Oefenen kan alleen met een stemming die nog in voorbereiding is."))
    if rehearsal_of(voting_round.round_id) is not None:
        raise Conflict(N_("Er is al een oefening voor deze stemming. Ruim die eerst op."))
    closes_at = now + KEPT_FOR
    rehearsal = prepare_round(
        actor=actor,
        now=now,
        agenda_round=voting_round.round,
        priority_ids=[option.priority_id for option in voting_round.options],
        costs={option.priority_id: option.cost for option in voting_round.options if option.cost is not None},
        rehearsal=True,
        title=f"oefening: {voting_round.title}"[:LONGEST_TITLE],
        opens_at=now,
        closes_at=closes_at,
        result_on=day_of(closes_at) + timedelta(days=1),
        max_choices=voting_round.max_choices,
        paper_place=voting_round.paper_place,
        ballot_type=voting_round.ballot_type,
        rule=voting_round.rule,
        points=voting_round.points,
        seats=voting_round.seats,
        budget=voting_round.budget,
        currency=voting_round.currency,
        reserves={reserve.theme: reserve.at_least for reserve in voting_round.reserves},
        reference_on=min(voting_round.reference_on or day_of(now), day_of(now)),
        youngest=voting_round.youngest,
        with_businesses=voting_round.with_businesses,
        businesses_decide=voting_round.businesses_decide,
        ballots_shown_from=voting_round.ballots_shown_from,
    )
    record(
        actor=actor,
        now=now,
        action="voting.start_rehearsal",
        subject=voting_round,
        detail={"rehearsal": rehearsal.id},
    )
    return rehearsal


def rehearsal_of(agenda_round_id: int) -> VotingRound | None:
    """The rehearsal that stands beside the vote of an agenda round, in whatever state."""
    return db.session.scalar(
        sa.select(VotingRound)
        .where(VotingRound.round_id == agenda_round_id, VotingRound.rehearsal)
        .order_by(VotingRound.id.desc())
        .limit(1)
    )


def make_test_codes(
    *,
    actor: Actor,
    now: datetime,
    voting_round: VotingRound,
    electorate: Electorate,
    number: int,
    key: bytes,
) -> list[tuple[int, str]]:
    """Codes to try the vote with; returns (serial, code). Like those of letters they are shown once and kept as HMAC."""
    must_be_officer(actor=actor, voting_round=voting_round)
    db.session.refresh(voting_round, attribute_names=["state"], with_for_update={"read": True})
    if not voting_round.rehearsal:
        raise Conflict(N_("Oefencodes zijn er alleen in een oefening."))
    if voting_round.state is not VotingState.OPEN:
        raise Conflict(N_("Oefencodes maken kan zolang de oefening open is."))
    if not 1 <= number <= MOST_TEST_CODES:
        raise Invalid(N_("Vraag 1 tot %(most)s oefencodes."), field="number", most=MOST_TEST_CODES)
    must_take_part(electorate=electorate, voting_round=voting_round)
    batch = add_batch(
        now=now, voting_round=voting_round, electorate=electorate, size=number, addressed=False, submission_key=None
    )
    made = make_codes(batch=batch, number=number, key=key)
    # Shown by whoever called: no job has to print them.
    mark_expired(batch=batch)
    record(
        actor=actor,
        now=now,
        action="voting.make_test_codes",
        subject=batch,
        detail={"electorate": electorate.value, "size": number},
    )
    return made


def remove_rehearsal(*, actor: Actor, now: datetime, voting_round: VotingRound) -> None:
    """Take a rehearsal away with everything in it. Who did what in it stays on record."""
    must_be_officer(actor=actor, voting_round=voting_round)
    db.session.flush()
    # Votes on their way are waited for; those that come later find no round.
    db.session.refresh(voting_round, attribute_names=["rehearsal"], with_for_update=True)
    if not voting_round.rehearsal:
        raise Conflict(N_("Dit is geen oefening. Een echte stemming wordt nooit weggehaald."))
    record(actor=actor, now=now, action="voting.remove_rehearsal", subject=voting_round)
    db.session.flush()
    runs = sa.select(CodeBatch.id).where(CodeBatch.voting_round_id == voting_round.id).order_by(CodeBatch.id)
    emit(LettersDropped(tuple(db.session.scalars(runs))))
    table = VotingRound.__table__
    _clear(table, table.c.id == voting_round.id)  # type: ignore[arg-type]
    db.session.expunge(voting_round)
    db.session.expire_all()


def remove_rehearsals_of(*, actor: Actor, now: datetime, agenda_round_id: int) -> None:
    """Before the real vote opens nothing may be left that looks like it."""
    while (rehearsal := rehearsal_of(agenda_round_id)) is not None:
        remove_rehearsal(actor=actor, now=now, voting_round=rehearsal)


def remove_old_rehearsals(*, now: datetime) -> int:
    """Take away what was prepared longer ago than KEPT_FOR; returns how many.

    By the history, where no moment can be moved: the days of a draft can.
    """
    rehearsals = db.session.scalars(
        sa.select(VotingRound)
        .where(VotingRound.rehearsal)
        .options(joinedload(VotingRound.round).joinedload(AgendaRound.neighbourhood))
        .order_by(VotingRound.id)
    )
    old = [
        rehearsal
        for rehearsal in rehearsals.all()
        if (first_act_on(VotingRound.__tablename__, rehearsal.id) or rehearsal.opens_at) <= now - KEPT_FOR
    ]
    for rehearsal in old:
        remove_rehearsal(actor=SYSTEM, now=now, voting_round=rehearsal)
    return len(old)


def _clear(table: sa.Table, which: sa.ColumnElement[bool]) -> None:
    """Delete these rows, and first all rows of the voting slice that hang below them.

    Rows of other slices stay: if one hung below a rehearsal, the database would refuse, and rightly.
    """
    for child in _tables_of_voting():
        for key in child.foreign_keys:
            if key.column.table is table:
                _clear(child, key.parent.in_(sa.select(key.column).where(which)))
    db.session.execute(sa.delete(table).where(which))


def _tables_of_voting() -> list[sa.Table]:
    slice_name = VotingRound.__module__.rpartition(".")[0]
    return [
        mapper.local_table
        for mapper in Base.registry.mappers
        if mapper.class_.__module__.startswith(f"{slice_name}.") and isinstance(mapper.local_table, sa.Table)
    ]
