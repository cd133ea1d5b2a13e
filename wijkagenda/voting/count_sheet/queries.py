"""The count sheet of a vote: what the books say, beside what was in the box, and who did what when.

Nothing of it may be seen before closing: how many codes are used tells how a vote goes. Officers see every number; the
public sees the sheet with the result, where a small number is not told.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from wijkagenda.audit.models import AuditEntry
from wijkagenda.db import db
from wijkagenda.errors import N_, NotFound
from wijkagenda.people.models import StaffMember
from wijkagenda.voting.archive.models import BallotFile
from wijkagenda.voting.box.models import Ballot, Receipt, SealedBallot
from wijkagenda.voting.models import (
    SMALLEST_SHOWN,
    BatchKind,
    Channel,
    CodeBatch,
    CodeState,
    Electorate,
    VotingCode,
    VotingRound,
    VotingState,
)
from wijkagenda.voting.paper.models import PaperBatch
from wijkagenda.voting.paper.queries import batches_of, paper_ballots
from wijkagenda.voting.queries import AFTER_CLOSING
from wijkagenda.voting.remarks.models import VotingReport
from wijkagenda.voting.remarks.queries import remarks_of

ACTS = {
    "voting.open_round": N_("Klaargezet"),
    "voting.close_round": N_("Stembus gesloten"),
    "voting.count_round": N_("Geteld"),
    "voting.publish_result": N_("Uitslag bekendgemaakt"),
}


@dataclass(frozen=True)
class CodeLine:
    """Codes of one kind for one electorate. Of `made` some are withdrawn, replaced or used; the others were not used.

    `returned_used`: the letter came back by post and its code has voted; somebody else than whose it was may have. Officers
    see how many, never which; the public does not see it.
    """

    electorate: Electorate
    kind: BatchKind | None
    made: int
    withdrawn: int
    replaced: int
    returned: int
    returned_used: int
    used: dict[Channel, int]

    @property
    def all_used(self) -> int:
        return sum(self.used.values())


@dataclass(frozen=True)
class Act:
    """A step of the vote, when, and by whom."""

    words: str
    at: datetime
    by: str


@dataclass(frozen=True)
class CountSheet:
    """Everything on the sheet. `in_box`: sealed ballots before the count, opened ones after it."""

    kinds: Sequence[CodeLine]
    electorates: Sequence[CodeLine]
    total: CodeLine
    in_box: int
    receipts: int
    on_paper: int
    blank: int | None
    batches: Sequence[PaperBatch]
    acts: Sequence[Act]
    remarks: Sequence[VotingReport]
    file_sha256: str

    @property
    def paper_codes(self) -> int:
        """Codes that were used up by their stubs."""
        return self.total.used[Channel.PAPER]

    @property
    def on_screen(self) -> int:
        return self.total.all_used - self.paper_codes

    @property
    def ballots_agree(self) -> bool:
        """As many ballots as used codes, once all paper is in the box."""
        return self.in_box == self.total.all_used

    @property
    def receipts_agree(self) -> bool:
        return self.receipts == self.on_screen

    @property
    def paper_agrees(self) -> bool:
        return self.on_paper == self.paper_codes

    @property
    def used_before(self) -> int:
        return sum(batch.used_before for batch in self.batches)

    @property
    def answered(self) -> int:
        return sum(remark.answered_at is not None for remark in self.remarks)


def sheet_of(voting_round: VotingRound) -> CountSheet:
    """The sheet of a closed vote; NotFound while people can still vote. A fixed number of queries."""
    if voting_round.state not in AFTER_CLOSING:
        raise NotFound(N_("Het telblad is er als de stembus gesloten is."))
    kinds = _code_lines(voting_round.id)
    opened = voting_round.state is not VotingState.CLOSED
    box: type[Ballot] | type[SealedBallot] = Ballot if opened or voting_round.before_sealing else SealedBallot
    tally = voting_round.tally
    return CountSheet(
        kinds=kinds,
        electorates=[
            _sum(lines, electorate)
            for electorate in Electorate
            if (lines := [line for line in kinds if line.electorate is electorate])
        ],
        total=_sum(kinds, Electorate.RESIDENTS),
        in_box=_number_of(box, voting_round.id),
        receipts=_number_of(Receipt, voting_round.id),
        on_paper=paper_ballots(voting_round.id),
        blank=tally.blank_ballots if tally is not None else None,
        batches=batches_of(voting_round.id),
        acts=_acts(voting_round.id),
        remarks=remarks_of(voting_round.id),
        file_sha256=db.session.scalar(sa.select(BallotFile.sha256).where(BallotFile.voting_round_id == voting_round.id))
        or "",
    )


def is_small(number: int | None) -> bool:
    """Whether a number is not told to the public: too few people, but somebody."""
    return number is not None and 0 < number < SMALLEST_SHOWN


def tells_channels(line: CodeLine, *, among: Sequence[CodeLine]) -> bool:
    """Whether the public may see over which way people voted: not where few used one of them, also not by taking away.

    among: the lines of the table. The whole is told beside them, so where one is silent all are.
    """
    return not any(is_small(number) for one in (line, *among) for number in one.used.values())


def tells_piles(sheet: CountSheet) -> bool:
    """Whether the public may see how many ballots each pile had: where one is silent all are, for their sum is told."""
    return not any(is_small(batch.stubs) or is_small(batch.sheets) for batch in sheet.batches)


def public_lines(sheet: CountSheet) -> Sequence[CodeLine]:
    """The electorates, or one line for all when few of one of them voted: that number could be had by taking away."""
    few = any(is_small(line.all_used) for line in sheet.electorates)
    return [sheet.total] if few else sheet.electorates


def _code_lines(voting_round_id: int) -> list[CodeLine]:
    rows = db.session.execute(
        sa.select(
            VotingCode.electorate,
            CodeBatch.kind,
            VotingCode.state,
            VotingCode.channel,
            VotingCode.returned,
            sa.func.count(),
        )
        .join(CodeBatch, CodeBatch.id == VotingCode.batch_id)
        .where(VotingCode.voting_round_id == voting_round_id)
        .group_by(VotingCode.electorate, CodeBatch.kind, VotingCode.state, VotingCode.channel, VotingCode.returned)
    ).all()
    lines = []
    for electorate in Electorate:
        for kind in BatchKind:
            of_line = [row for row in rows if row[0] is electorate and row[1] is kind]
            if of_line:
                lines.append(
                    CodeLine(
                        electorate=electorate,
                        kind=kind,
                        made=sum(row[5] for row in of_line),
                        withdrawn=sum(row[5] for row in of_line if row[2] is CodeState.VOIDED),
                        replaced=sum(row[5] for row in of_line if row[2] is CodeState.REPLACED),
                        returned=sum(row[5] for row in of_line if row[4]),
                        returned_used=sum(row[5] for row in of_line if row[4] and row[2] is CodeState.USED),
                        used={
                            channel: sum(row[5] for row in of_line if row[2] is CodeState.USED and row[3] is channel)
                            for channel in Channel
                        },
                    )
                )
    return lines


def _sum(lines: Sequence[CodeLine], electorate: Electorate) -> CodeLine:
    """All kinds together; the electorate of a total says nothing."""
    return CodeLine(
        electorate=electorate,
        kind=None,
        made=sum(line.made for line in lines),
        withdrawn=sum(line.withdrawn for line in lines),
        replaced=sum(line.replaced for line in lines),
        returned=sum(line.returned for line in lines),
        returned_used=sum(line.returned_used for line in lines),
        used={channel: sum(line.used[channel] for line in lines) for channel in Channel},
    )


def _number_of(table: type[Ballot] | type[SealedBallot] | type[Receipt], voting_round_id: int) -> int:
    query = sa.select(sa.func.count()).select_from(table).where(table.voting_round_id == voting_round_id)
    return db.session.scalar(query) or 0


def _acts(voting_round_id: int) -> list[Act]:
    """The steps of the vote in order of time, with the names of who did them."""
    rows = db.session.execute(
        sa.select(AuditEntry.action, AuditEntry.at, StaffMember.name)
        .outerjoin(StaffMember, StaffMember.id == AuditEntry.actor_id)
        .where(
            AuditEntry.subject_type == VotingRound.__tablename__,
            AuditEntry.subject_id == str(voting_round_id),
            AuditEntry.action.in_(ACTS),
        )
        .order_by(AuditEntry.at, AuditEntry.id)
    )
    return [Act(ACTS[action], at, name or "") for action, at, name in rows]
