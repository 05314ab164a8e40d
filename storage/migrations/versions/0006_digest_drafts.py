"""What an officer sets of a digest before it goes out."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

# What the types of storage.columns stood for when this was written.
ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "digest_draft",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("local_date", sa.Date(), nullable=False),
        sa.Column("sent_at", TIME),
        sa.Column("edits", sa.JSON(), nullable=False),
        sa.Column("changed_at", TIME),
        sa.Column("changed_by", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_digest_draft"),
        sa.UniqueConstraint("name", "local_date", name="uq_digest_draft_name_local_date"),
        sqlite_autoincrement=True,
    )
