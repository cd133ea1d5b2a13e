"""a vote has a regulation, sealed ballots, paper batches, reports and open ballots

Revision ID: 0002
Revises: 0001
"""

from contextlib import AbstractContextManager

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations
from alembic.util import CommandError

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

OPEN_VOTES = (
    "Er is nog een stemming open waarvan de stembiljetten niet verzegeld zijn (stemming %s). Sluit en tel die eerst met "
    "de versie waarmee ze begon. Is dit de demo? Begin dan opnieuw met een lege map var."
)
SEALED_VOTES = "Er zijn stemmingen met verzegelde stembiljetten (stemming %s). De oudere versie kan die niet lezen."


def one_of(column: str, *values: str) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


OLD_CODE_STATES = one_of("state", "issued", "voided", "used")
CODE_STATES = one_of("state", "issued", "voided", "replaced", "used")
NEW = {
    "voting_round": {
        "ballot_type": one_of("ballot_type", "approval", "points"),
        "deciding_rule": one_of(
            "rule",
            "most-votes",
            "equal-shares-unit-phragmen",
            "most-points",
            "equal-shares-points",
            "greedy",
            "equal-shares-add1",
            "equal-shares-add1-top-up",
        ),
        "budget_or_seats": "(budget IS NULL) <> (seats IS NULL)",
        "budget_is_money": "budget IS NULL OR budget >= 1",
        "somebody_wins": "seats IS NULL OR seats >= 1",
        "points_to_give": "(ballot_type = 'points') = (points > 0)",
        "points_fit_the_ballot": "points BETWEEN 0 AND 100",
        "ballots_shown_from_hundred": "ballots_shown_from >= 100",
        "sealed_and_settled_when_open": (
            "state = 'draft' OR (public_key IS NOT NULL AND regulation_hash <> '') OR before_sealing"
        ),
    },
    "code_batch": {"batch_kind": one_of("kind", "letters", "desk", "paper", "test")},
    "voting_option": {"costs_something": "cost IS NULL OR cost >= 1"},
    "voting_code": {
        "channel": one_of("channel", "online", "kiosk", "paper"),
        "code_state": CODE_STATES,
        "replaced_by_another": "(state = 'replaced') = (replaced_by IS NOT NULL)",
        "channel_of_use": "channel IS NULL OR state = 'used'",
        "came_too_late": "state = 'used' OR NOT came_on_paper_too",
    },
    "tally": {},
    "tally_line": {},
}


def changed(table: str, **options: bool) -> AbstractContextManager[BatchOperations]:
    """Change a table. SQLite cannot change a constraint: there the table is written anew, with these options."""
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    return op.batch_alter_table(table, recreate="always" if on_sqlite else "never", table_kwargs=options)


def add(batch: BatchOperations, table: str, *columns: sa.Column) -> None:
    for column in columns:
        batch.add_column(column)
    for name, rule in NEW[table].items():
        batch.create_check_constraint(op.f(f"ck_{table}_{name}"), rule)


def take_away(batch: BatchOperations, table: str, *columns: str) -> None:
    for name in NEW[table]:
        batch.drop_constraint(op.f(f"ck_{table}_{name}"), type_="check")
    for column in columns:
        batch.drop_column(column)


def refuse_if_any(query: str, message: str) -> None:
    found = [str(row[0]) for row in op.get_bind().execute(sa.text(query))]
    if found:
        raise CommandError(message % ", ".join(found))


def upgrade() -> None:
    refuse_if_any("SELECT id FROM voting_round WHERE state = 'open' ORDER BY id", OPEN_VOTES)
    text = {"nullable": False, "server_default": ""}
    number = {"nullable": False, "server_default": "0"}
    no = {"nullable": False, "server_default": sa.false()}
    with changed("voting_round", sqlite_autoincrement=True) as batch:
        add(
            batch,
            "voting_round",
            sa.Column("ballot_type", sa.String(40), nullable=False, server_default="approval"),
            sa.Column("rule", sa.String(40), nullable=False, server_default="most-votes"),
            sa.Column("points", sa.Integer(), **number),
            # Replaced below, before anybody can read it.
            sa.Column("seats", sa.Integer(), nullable=True, server_default="1"),
            sa.Column("budget", sa.Integer(), nullable=True),
            sa.Column("currency", sa.String(3), nullable=False, server_default="EUR"),
            sa.Column("reference_on", sa.Date(), nullable=True),
            sa.Column("youngest", sa.Integer(), nullable=False, server_default="12"),
            sa.Column("with_businesses", sa.Boolean(), nullable=False, server_default=sa.true()),
            sa.Column("businesses_decide", sa.Boolean(), **no),
            sa.Column("ballots_shown_from", sa.Integer(), nullable=False, server_default="100"),
            sa.Column("complaints_until", sa.Date(), nullable=True),
            sa.Column("regulation", sa.Text(), **text),
            sa.Column("regulation_hash", sa.String(64), **text),
            sa.Column("public_key", sa.LargeBinary(32), nullable=True),
            sa.Column("rehearsal", sa.Boolean(), **no),
            # What is there already was voted on before ballots were sealed.
            sa.Column("before_sealing", sa.Boolean(), nullable=False, server_default=sa.true()),
        )
    op.execute("UPDATE voting_round SET seats = max_choices")
    op.execute(sa.text("UPDATE voting_round SET before_sealing = :no WHERE state = 'draft'").bindparams(no=False))
    with changed("code_batch") as batch:
        add(
            batch,
            "code_batch",
            sa.Column("kind", sa.String(40), nullable=False, server_default="letters"),
            sa.Column("printed", sa.Integer(), **number),
            sa.Column("addressed", sa.Boolean(), **no),
            sa.Column("submission_key", sa.String(36), nullable=True),
            sa.Column("fetching_at", sa.DateTime(timezone=True), nullable=True),
        )
        batch.create_unique_constraint(op.f("uq_code_batch_submission_key"), ["submission_key"])
    op.execute("UPDATE code_batch SET printed = made")
    with changed("voting_option") as batch:
        add(
            batch,
            "voting_option",
            sa.Column("cost", sa.Integer(), nullable=True),
            sa.Column("feasibility", sa.Text(), **text),
        )
    with changed("voting_code") as batch:
        batch.drop_constraint(op.f("code_state"), type_="check")
        batch.alter_column("code_hmac", existing_type=sa.String(64), nullable=True)
        add(
            batch,
            "voting_code",
            sa.Column("channel", sa.String(40), nullable=True),
            sa.Column("replaced_by", sa.Integer(), nullable=True),
            sa.Column("returned", sa.Boolean(), **no),
            sa.Column("came_on_paper_too", sa.Boolean(), **no),
        )
    op.execute("UPDATE voting_code SET channel = 'online' WHERE state = 'used'")
    with changed("tally") as batch:
        add(
            batch,
            "tally",
            sa.Column("blank_ballots", sa.Integer(), **number),
            sa.Column("paper_ballots", sa.Integer(), **number),
            sa.Column("merged", sa.Boolean(), **no),
            sa.Column("outcome", sa.JSON(), nullable=True),
            sa.Column("other_outcome", sa.JSON(), nullable=True),
        )
    with changed("tally_line") as batch:
        add(
            batch,
            "tally_line",
            sa.Column("points", sa.Integer(), nullable=True),
            sa.Column("elected", sa.Boolean(), **no),
        )
    op.execute(
        sa.text(
            "UPDATE tally_line SET elected = :yes WHERE votes > 0 AND rank <= (SELECT seats FROM voting_round "
            "JOIN tally ON tally.voting_round_id = voting_round.id WHERE tally.id = tally_line.tally_id)"
        ).bindparams(yes=True)
    )
    # Without writing the table anew: it has no row numbers, and must stay so.
    op.add_column("ballot", sa.Column("points", sa.JSON(), nullable=True))
    op.create_table(
        "ballot_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("voting_round_id", sa.Integer(), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("served", sa.Integer(), nullable=True),
        sa.Column("served_other", sa.Integer(), nullable=True),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["voting_round_id"], ["voting_round.id"], name=op.f("fk_ballot_file_voting_round_id_voting_round")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ballot_file")),
        sa.UniqueConstraint("voting_round_id", name=op.f("uq_ballot_file_voting_round_id")),
    )
    op.create_index(
        "ix_ballot_file_earlier_vote_once",
        "ballot_file",
        ["sha256"],
        unique=True,
        postgresql_where=sa.text("voting_round_id IS NULL"),
        sqlite_where=sa.text("voting_round_id IS NULL"),
    )
    op.create_table(
        "key_holder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("voting_round_id", sa.Integer(), nullable=False),
        sa.Column("staff_member_id", sa.Integer(), nullable=True),
        sa.Column("salt", sa.LargeBinary(length=16), nullable=False),
        sa.Column("passes", sa.Integer(), nullable=False),
        sa.Column("memory", sa.Integer(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(length=72), nullable=True),
        sa.Column("round_key", sa.LargeBinary(length=80), nullable=True),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proved_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "proved_at IS NULL OR round_key IS NOT NULL OR wrapped IS NULL",
            name=op.f("ck_key_holder_proved_with_a_key"),
        ),
        sa.ForeignKeyConstraint(
            ["staff_member_id"], ["staff_member.id"], name=op.f("fk_key_holder_staff_member_id_staff_member")
        ),
        sa.ForeignKeyConstraint(
            ["voting_round_id"],
            ["voting_round.id"],
            name=op.f("fk_key_holder_voting_round_id_voting_round"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_key_holder")),
        sa.UniqueConstraint(
            "voting_round_id", "staff_member_id", name=op.f("uq_key_holder_voting_round_id_staff_member_id")
        ),
    )
    op.create_table(
        "paper_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("voting_round_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "electorate",
            sa.Enum("residents", "businesses", name="electorate", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "taking",
                "full",
                "in_box",
                "merged",
                name="paper_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("stubs", sa.Integer(), nullable=False),
        sa.Column("used_before", sa.Integer(), nullable=False),
        sa.Column("sheets", sa.Integer(), nullable=True),
        sa.Column("difference", sa.Integer(), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("taken_by", sa.JSON(), nullable=False),
        sa.Column("merged_into", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "state <> 'in_box' OR (sheets = stubs AND (sheets >= 10 OR because <> ''))",
            name=op.f("ck_paper_batch_agrees_in_the_box"),
        ),
        sa.CheckConstraint("difference = 0 OR because <> ''", name=op.f("ck_paper_batch_difference_explained")),
        sa.CheckConstraint(
            "(state = 'merged') = (merged_into IS NOT NULL)", name=op.f("ck_paper_batch_merged_into_another")
        ),
        sa.ForeignKeyConstraint(
            ["voting_round_id"], ["voting_round.id"], name=op.f("fk_paper_batch_voting_round_id_voting_round")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_batch")),
        sa.UniqueConstraint("voting_round_id", "number", name=op.f("uq_paper_batch_voting_round_id_number")),
    )
    op.create_table(
        "sealed_ballot",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("voting_round_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["voting_round_id"], ["voting_round.id"], name=op.f("fk_sealed_ballot_voting_round_id_voting_round")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sealed_ballot")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_sealed_ballot_voting_round_id"), "sealed_ballot", ["voting_round_id"])

    op.create_table(
        "voting_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("voting_round_id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("submission_key", sa.String(length=36), nullable=False),
        sa.Column(
            "subject",
            sa.Enum(
                "no_letter",
                "code",
                "used",
                "ballot",
                "secrecy",
                "paper",
                "result",
                "other",
                name="remark_subject",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("(answered_at IS NULL) = (answer = '')", name=op.f("ck_voting_report_answered_with_words")),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (answered_by_id IS NULL)", name=op.f("ck_voting_report_answered_by_somebody")
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["staff_member.id"], name=op.f("fk_voting_report_answered_by_id_staff_member")
        ),
        sa.ForeignKeyConstraint(
            ["voting_round_id"], ["voting_round.id"], name=op.f("fk_voting_report_voting_round_id_voting_round")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voting_report")),
        sa.UniqueConstraint("reference", name=op.f("uq_voting_report_reference")),
        sa.UniqueConstraint("submission_key", name=op.f("uq_voting_report_submission_key")),
    )
    op.create_index(op.f("ix_voting_report_voting_round_id"), "voting_report", ["voting_round_id"])

    op.create_table(
        "voting_reserve",
        sa.Column("voting_round_id", sa.Integer(), nullable=False),
        sa.Column(
            "theme",
            sa.Enum(
                "streets_and_green",
                "traffic",
                "safety",
                "people",
                "homes",
                "shops_and_work",
                name="theme",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("at_least", sa.Integer(), nullable=False),
        sa.CheckConstraint("at_least >= 1", name=op.f("ck_voting_reserve_reserves_something")),
        sa.ForeignKeyConstraint(
            ["voting_round_id"],
            ["voting_round.id"],
            name=op.f("fk_voting_reserve_voting_round_id_voting_round"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("voting_round_id", "theme", name=op.f("pk_voting_reserve")),
    )
    op.create_table(
        "archived_vote",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("neighbourhood_id", sa.Integer(), nullable=True),
        sa.Column("ballot_file_id", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(length=40), nullable=False),
        sa.Column("ballots", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("outcome", sa.JSON(), nullable=False),
        sa.Column("other_outcome", sa.JSON(), nullable=True),
        sa.Column("official", sa.JSON(), nullable=True),
        sa.Column("left_out", sa.String(length=300), nullable=False),
        sa.Column("original_sha256", sa.String(length=64), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["ballot_file_id"], ["ballot_file.id"], name=op.f("fk_archived_vote_ballot_file_id_ballot_file")
        ),
        sa.ForeignKeyConstraint(
            ["neighbourhood_id"], ["neighbourhood.id"], name=op.f("fk_archived_vote_neighbourhood_id_neighbourhood")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_archived_vote")),
        sa.UniqueConstraint("ballot_file_id", name=op.f("uq_archived_vote_ballot_file_id")),
        sa.UniqueConstraint("slug", name=op.f("uq_archived_vote_slug")),
    )
    op.create_index(op.f("ix_archived_vote_neighbourhood_id"), "archived_vote", ["neighbourhood_id"])

    op.create_table(
        "paper_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("sheet", sa.Integer(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("entered_by_id", sa.Integer(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["paper_batch.id"], name=op.f("fk_paper_entry_batch_id_paper_batch"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["entered_by_id"], ["staff_member.id"], name=op.f("fk_paper_entry_entered_by_id_staff_member")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_entry")),
        sa.CheckConstraint("turn > 2 OR reason = ''", name=op.f("ck_paper_entry_reason_for_looking_again")),
        sa.UniqueConstraint("batch_id", "sheet", "turn", name=op.f("uq_paper_entry_batch_id_sheet_turn")),
    )
    op.create_index(
        "ix_paper_entry_once_without_reason",
        "paper_entry",
        ["batch_id", "sheet", "entered_by_id"],
        unique=True,
        postgresql_where=sa.text("reason = ''"),
        sqlite_where=sa.text("reason = ''"),
    )


def downgrade() -> None:
    refuse_if_any(
        "SELECT id FROM voting_round WHERE public_key IS NOT NULL AND state <> 'draft' ORDER BY id", SEALED_VOTES
    )
    for table in (
        "paper_entry",
        "archived_vote",
        "voting_reserve",
        "voting_report",
        "sealed_ballot",
        "paper_batch",
        "key_holder",
        "ballot_file",
    ):
        op.drop_table(table)
    op.drop_column("ballot", "points")
    with changed("tally_line") as batch:
        take_away(batch, "tally_line", "points", "elected")
    with changed("tally") as batch:
        take_away(batch, "tally", "blank_ballots", "paper_ballots", "merged", "outcome", "other_outcome")
    op.execute("UPDATE voting_code SET state = 'voided', replaced_by = NULL WHERE state = 'replaced'")
    op.execute("DELETE FROM voting_code WHERE code_hmac IS NULL")
    with changed("voting_code") as batch:
        take_away(batch, "voting_code", "channel", "replaced_by", "returned", "came_on_paper_too")
        batch.alter_column("code_hmac", existing_type=sa.String(64), nullable=False)
        batch.create_check_constraint(op.f("code_state"), OLD_CODE_STATES)
    with changed("voting_option") as batch:
        take_away(batch, "voting_option", "cost", "feasibility")
    with changed("code_batch") as batch:
        batch.drop_constraint(op.f("uq_code_batch_submission_key"), type_="unique")
        take_away(batch, "code_batch", "kind", "printed", "addressed", "submission_key", "fetching_at")
    with changed("voting_round") as batch:
        take_away(
            batch,
            "voting_round",
            "ballot_type",
            "rule",
            "points",
            "seats",
            "budget",
            "currency",
            "reference_on",
            "youngest",
            "with_businesses",
            "businesses_decide",
            "ballots_shown_from",
            "complaints_until",
            "regulation",
            "regulation_hash",
            "public_key",
            "rehearsal",
            "before_sealing",
        )
