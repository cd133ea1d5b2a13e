"""What happens to one letter: it is lost, it comes back, or somebody without a letter gets a code at a desk.

All by serial: the platform knows no names. While a vote is open nobody may learn here who has voted. One thing cannot
be hidden: a used code can be neither voided nor replaced, and the refusal says so. Every such refusal is written down
(`note_refusal`), so an officer who tries serials to see who voted is seen.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

import sqlalchemy as sa

from wijkagenda.audit.operations import record
from wijkagenda.db import db, rows_changed
from wijkagenda.errors import N_, Conflict, Invalid
from wijkagenda.events import emit
from wijkagenda.people.actors import Actor
from wijkagenda.voting.codes import code_hmac, new_code
from wijkagenda.voting.events import LettersAsked
from wijkagenda.voting.guards import must_be_officer, must_be_open, must_take_part, must_take_votes
from wijkagenda.voting.letters.operations import (
    add_batch,
    allot_serials_alone,
    asked_before,
    next_serial,
)
from wijkagenda.voting.models import (
    BatchKind,
    CodeBatch,
    CodeBatchState,
    CodeState,
    Electorate,
    VotingCode,
    VotingRound,
)

MOST_RETURNED = 2_000
MOST_WITHDRAWN = 1_000
SHORTEST_REASON = 5
LONGEST_REASON = 500
UNKNOWN_SHOWN = 10
NOBODYS = 0
"""The serial of no letter: what was typed is no number, or belongs to another round."""
UNUSED = (CodeState.ISSUED, CodeState.VOIDED)


def serial_number(typed: str, voting_round_id: int) -> int:
    """The serial inside '0036-01842' of this round, or just 1842; NOBODYS for anything else."""
    before, mark, serial = typed.replace(" ", "").rpartition("-")
    if mark and _number(before) != voting_round_id:
        return NOBODYS
    return _number(serial)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else NOBODYS


class UsedCode(Conflict):
    """This code has voted: it can be neither voided nor replaced."""

    def __init__(self, serial: int) -> None:
        super().__init__(
            N_(
                "Met de code van brief %(serial)s is al gestemd. Een gebruikte code kan niet worden ingetrokken of "
                "vervangen: de stem zit in de bus en telt één keer. Zegt iemand dat een ander heeft gestemd? Help dan "
                "met een melding over de stemming. Wij leggen vast dat u dit volgnummer heeft gevraagd."
            ),
            field="serial",
            serial=serial,
        )
        self.serial = serial


def void_code(*, actor: Actor, now: datetime, voting_round: VotingRound, serial: int) -> None:
    """Make the code of a lost letter worthless, without a new one. Raises UsedCode for a code that has voted."""
    must_be_officer(actor=actor, voting_round=voting_round)
    must_be_open(voting_round=voting_round)
    code = _code_of(voting_round, serial)
    if code.state is CodeState.VOIDED:
        raise Conflict(N_("Deze code is al ingetrokken. U hoeft niets meer te doen."), field="serial")
    _must_not_be_replaced(code)
    _take_out(code, from_states=(CodeState.ISSUED,), state=CodeState.VOIDED)
    record(actor=actor, now=now, action="voting.void_code", subject=voting_round, detail={"serial": serial})


def replace_code(
    *,
    actor: Actor,
    now: datetime,
    voting_round: VotingRound,
    serial: int,
    addressed: bool = False,
    submission_key: str | None = None,
) -> CodeBatch:
    """One new letter for a lost one: the old code is worthless at once, the worker makes the new letter.

    The new letter has a serial from the start, and the old one points at it. A voided code can be replaced too: the
    letter came back, and now the right address is known. Raises UsedCode for a code that has voted.
    """
    must_be_officer(actor=actor, voting_round=voting_round)
    must_take_votes(voting_round=voting_round, now=now)
    allot_serials_alone(voting_round=voting_round)
    if (asked := asked_before(voting_round=voting_round, submission_key=submission_key)) is not None:
        return asked
    code = _code_of(voting_round, serial)
    _must_not_be_replaced(code)
    new_serial = next_serial(voting_round=voting_round)
    _take_out(code, from_states=UNUSED, state=CodeState.REPLACED, replaced_by=new_serial)
    batch = add_batch(
        now=now,
        voting_round=voting_round,
        electorate=code.electorate,
        size=1,
        addressed=addressed,
        submission_key=submission_key,
    )
    db.session.add(
        VotingCode(
            voting_round_id=voting_round.id,
            batch_id=batch.id,
            electorate=code.electorate,
            serial=new_serial,
            # Without a code until the letter is made: only the worker ever knows it.
            code_hmac=None,
            state=CodeState.ISSUED,
        )
    )
    db.session.flush()
    record(
        actor=actor,
        now=now,
        action="voting.replace_code",
        subject=voting_round,
        detail={"serial": serial, "new_serial": new_serial},
    )
    emit(LettersAsked(batch.id))
    return batch


def return_letters(*, actor: Actor, now: datetime, voting_round: VotingRound, serials: Collection[int]) -> int:
    """These letters came back by post: their codes become worthless, unless one has voted. Returns how many are new.

    It never says which had voted: whoever types serials here learns nothing. After closing the count sheet of the officers
    tells how many letters came back although their code was used.
    """
    must_be_officer(actor=actor, voting_round=voting_round)
    must_be_open(voting_round=voting_round)
    wanted = sorted(set(serials))
    if not wanted:
        raise Invalid(N_("Typ minstens 1 volgnummer."), field="serials")
    if len(wanted) > MOST_RETURNED:
        raise Invalid(N_("Typ hoogstens %(most)s volgnummers tegelijk."), field="serials", most=MOST_RETURNED)
    known = set(
        db.session.scalars(
            sa.select(VotingCode.serial)
            .join(CodeBatch, CodeBatch.id == VotingCode.batch_id)
            .where(
                VotingCode.voting_round_id == voting_round.id,
                VotingCode.serial.in_(wanted),
                CodeBatch.state != CodeBatchState.ASKED,
            )
        )
    )
    if unknown := [serial for serial in wanted if serial not in known]:
        raise Invalid(
            N_("Deze volgnummers bestaan niet bij deze stemming: %(serials)s. Er is niets veranderd."),
            field="serials",
            serials=", ".join(map(str, unknown[:UNKNOWN_SHOWN])) + (" …" if len(unknown) > UNKNOWN_SHOWN else ""),
        )
    here = sa.and_(VotingCode.voting_round_id == voting_round.id, VotingCode.serial.in_(wanted))
    new = rows_changed(sa.update(VotingCode).where(here, VotingCode.returned.is_(False)).values(returned=True))
    db.session.execute(
        sa.update(VotingCode).where(here, VotingCode.state == CodeState.ISSUED).values(state=CodeState.VOIDED)
    )
    record(
        actor=actor, now=now, action="voting.return_letters", subject=voting_round, detail={"serials": ranges(wanted)}
    )
    db.session.flush()
    return new


def withdraw_stubs(
    *, actor: Actor, now: datetime, voting_round: VotingRound, first: int, last: int, reason: str
) -> None:
    """Printed ballots with a code that nobody needed: their codes become worthless, from one serial to another.

    Only codes on ballots, so that no slip of a finger takes the letters of a neighbourhood away. Like letters that came
    back it never says which of them had voted; those stay as they are.
    """
    must_be_officer(actor=actor, voting_round=voting_round)
    must_be_open(voting_round=voting_round)
    if len(reason.strip()) < SHORTEST_REASON or len(reason) > LONGEST_REASON:
        raise Invalid(N_("Schrijf in een paar woorden op waarom, bijvoorbeeld: over na de markt."), field="reason")
    if last < first:
        raise Invalid(N_("Het laatste volgnummer is kleiner dan het eerste. Draai ze om."), field="last")
    if last - first >= MOST_WITHDRAWN:
        raise Invalid(N_("Trek hoogstens %(most)s codes tegelijk in."), field="last", most=MOST_WITHDRAWN)
    stubs = sa.select(CodeBatch.id).where(
        CodeBatch.voting_round_id == voting_round.id,
        CodeBatch.kind == BatchKind.PAPER,
        CodeBatch.state != CodeBatchState.ASKED,
    )
    here = sa.and_(
        VotingCode.voting_round_id == voting_round.id,
        VotingCode.serial.between(first, last),
        VotingCode.batch_id.in_(stubs),
    )
    known = db.session.scalar(sa.select(sa.func.count()).select_from(VotingCode).where(here))
    if known != last - first + 1:
        raise Invalid(
            N_(
                "Niet elk volgnummer van %(first)s tot en met %(last)s staat op een stembiljet met een code. Er is niets "
                "veranderd. Kijk op de stroken. Een brief trekt u in bij ‘Brief kwijt’."
            ),
            field="first",
            first=first,
            last=last,
        )
    db.session.execute(
        sa.update(VotingCode).where(here, VotingCode.state == CodeState.ISSUED).values(state=CodeState.VOIDED)
    )
    record(
        actor=actor,
        now=now,
        action="voting.withdraw_stubs",
        subject=voting_round,
        detail={"serials": ranges(range(first, last + 1)), "reason": reason.strip()},
    )
    db.session.flush()


def issue_at_desk(
    *,
    actor: Actor,
    now: datetime,
    voting_round: VotingRound,
    electorate: Electorate,
    key: bytes,
    submission_key: str,
) -> tuple[int, str]:
    """One code at once for somebody without a letter; returns (serial, code), to be shown once and forgotten.

    Whoever calls has looked in the list of serials of the municipality, so that nobody gets a second code. Sending the
    same form again shows nothing again: raises Conflict with the serial that was given.
    """
    must_be_officer(actor=actor, voting_round=voting_round)
    must_take_votes(voting_round=voting_round, now=now)
    must_take_part(electorate=electorate, voting_round=voting_round)
    allot_serials_alone(voting_round=voting_round)
    if (given := asked_before(voting_round=voting_round, submission_key=submission_key)) is not None:
        raise _ShownOnce(db.session.scalar(sa.select(VotingCode.serial).where(VotingCode.batch_id == given.id)) or 0)
    batch = CodeBatch(
        voting_round_id=voting_round.id,
        voting_round=voting_round,
        electorate=electorate,
        size=1,
        made=1,
        printed=1,
        kind=BatchKind.TEST if voting_round.rehearsal else BatchKind.DESK,
        submission_key=submission_key,
        state=CodeBatchState.GONE,
        asked_at=now,
        ready_at=now,
    )
    db.session.add(batch)
    db.session.flush()
    serial, code = next_serial(voting_round=voting_round), new_code()
    db.session.add(
        VotingCode(
            voting_round_id=voting_round.id,
            batch_id=batch.id,
            electorate=electorate,
            serial=serial,
            code_hmac=code_hmac(key, code),
            state=CodeState.ISSUED,
        )
    )
    db.session.flush()
    record(
        actor=actor,
        now=now,
        action="voting.issue_at_desk",
        subject=voting_round,
        detail={"serial": serial, "electorate": electorate.value},
    )
    return serial, code


class _ShownOnce(Conflict):
    def __init__(self, serial: int) -> None:
        super().__init__(
            N_(
                "Deze code is al een keer getoond, met volgnummer %(serial)s. Wij tonen een code nooit twee keer. "
                "Is hij niet aangekomen? Trek volgnummer %(serial)s in en geef dan een nieuwe code."
            ),
            serial=serial,
        )


def note_refusal(*, actor: Actor, now: datetime, voting_round: VotingRound, serial: int, asked: str) -> None:
    """Write down that this officer learned that a serial has voted; `asked` is 'void' or 'replace'.

    In a piece of work of its own, for the refused one is undone.
    """
    must_be_officer(actor=actor, voting_round=voting_round)
    record(
        actor=actor,
        now=now,
        action="voting.refuse_used_code",
        subject=voting_round,
        detail={"serial": serial, "asked": asked},
    )


def ranges(numbers: Sequence[int]) -> str:
    """Ascending numbers as people write them: '3, 7-9'."""
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in _runs(numbers))


def _runs(numbers: Sequence[int]) -> Iterator[tuple[int, int]]:
    first = last = numbers[0]
    for number in numbers[1:]:
        if number != last + 1:
            yield first, last
            first = number
        last = number
    yield first, last


def _code_of(voting_round: VotingRound, serial: int) -> VotingCode:
    """The code with this serial, whose letter exists; raises Invalid for any other number."""
    found = db.session.execute(
        sa.select(VotingCode, CodeBatch.state)
        .join(CodeBatch, CodeBatch.id == VotingCode.batch_id)
        .where(VotingCode.voting_round_id == voting_round.id, VotingCode.serial == serial)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise Invalid(N_("Dit volgnummer bestaat niet bij deze stemming."), field="serial")
    code, batch_state = found
    if batch_state is CodeBatchState.ASKED:
        raise Conflict(N_("Deze brief wordt nog gemaakt. Wacht tot hij klaar is."), field="serial")
    return code


def _must_not_be_replaced(code: VotingCode) -> None:
    if code.state is CodeState.REPLACED:
        raise Conflict(
            N_("Deze brief is al vervangen door een brief met volgnummer %(serial)s. Gebruik dat volgnummer."),
            field="serial",
            serial=code.replaced_by,
        )


def _take_out(
    code: VotingCode, *, from_states: tuple[CodeState, ...], state: CodeState, replaced_by: int | None = None
) -> None:
    """One conditional UPDATE: a vote that comes in at the same moment wins or loses, never both."""
    taken = rows_changed(
        sa.update(VotingCode)
        .where(VotingCode.id == code.id, VotingCode.state.in_(from_states))
        .values(state=state, replaced_by=replaced_by)
        .execution_options(synchronize_session="fetch")
    )
    if not taken:
        raise UsedCode(code.serial)
