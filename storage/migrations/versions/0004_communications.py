"""What officers did, who spoke outside of the feeds, advice and nationals over time."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# What the types of storage.columns stood for when this was written.
ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    """Add the columns and tables."""
    op.add_column("incident", sa.Column("held", sa.JSON()))
    op.add_column("incident", sa.Column("floor", sa.SmallInteger()))
    op.add_column("incident", sa.Column("floor_why", sa.JSON()))

    op.create_table(
        "spoken",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("incident_id", ROW_ID, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("speaker", sa.Text()),
        sa.Column("publisher", sa.Text(), nullable=False),
        sa.Column("home", sa.Boolean(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("link", sa.Text()),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("recorded_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name="fk_spoken_incident_id"),
        sa.PrimaryKeyConstraint("id", name="pk_spoken"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_spoken_incident_id_at", "spoken", ["incident_id", "at"])

    op.create_table(
        "advice_given",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("feed_id", ROW_ID, nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("item_id", ROW_ID),
        sa.Column("country", sa.Text()),
        sa.Column("area", sa.Text()),
        sa.Column("level", sa.Text()),
        sa.Column("wording", sa.Text()),
        sa.Column("step", sa.SmallInteger()),
        sa.Column("flags", sa.JSON(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("seen_at", TIME, nullable=False),
        sa.Column("first", sa.Boolean(), nullable=False),
        sa.Column("newest", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["feed_id"], ["feed.id"], name="fk_advice_given_feed_id"),
        sa.ForeignKeyConstraint(
            ["item_id"], ["item.id"], name="fk_advice_given_item_id", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_advice_given"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_advice_given_feed_id_line", "advice_given", ["feed_id", "line"])
    op.create_index("ix_advice_given_country_seen_at", "advice_given", ["country", "seen_at"])
    op.create_index("ix_advice_given_item_id", "advice_given", ["item_id"])

    op.create_table(
        "nationals",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("incident_id", ROW_ID, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("recorded_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name="fk_nationals_incident_id"),
        sa.PrimaryKeyConstraint("id", name="pk_nationals"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_nationals_incident_id_at", "nationals", ["incident_id", "at"])
