"""Mails that came in, and who looks after an incident until when."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# What the types of storage.columns stood for when this was written.
ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "letter",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("notice_id", ROW_ID),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name="fk_letter_notice_id"),
        sa.PrimaryKeyConstraint("id", name="pk_letter"),
        sa.UniqueConstraint("key", name="uq_letter_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_letter_at", "letter", ["at"])
    op.create_index("ix_letter_notice_id", "letter", ["notice_id"])

    op.create_table(
        "care",
        sa.Column("incident_id", ROW_ID, nullable=False),
        sa.Column("assigned_to", sa.Text()),
        sa.Column("assigned_at", TIME),
        sa.Column("assigned_by", sa.Text()),
        sa.Column("snoozed_until", TIME),
        sa.Column("snoozed_level", sa.SmallInteger()),
        sa.Column("snoozed_by", sa.Text()),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name="fk_care_incident_id"),
        sa.PrimaryKeyConstraint("incident_id", name="pk_care"),
    )
