"""What is remembered of each feed's last document, so that its old entries need no reading."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Nothing is known of the documents of before: the next one of each feed is read whole."""
    op.create_table(
        "feed_trace",
        sa.Column("feed_id", ROW_ID, autoincrement=False, nullable=False),
        sa.Column("body_digest", sa.Text(), nullable=False),
        sa.Column("around", sa.Text(), nullable=False),
        sa.Column("entries", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["feed_id"], ["feed.id"], name=op.f("fk_feed_trace_feed_id")),
        sa.PrimaryKeyConstraint("feed_id", name=op.f("pk_feed_trace")),
    )
