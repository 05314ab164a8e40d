"""The first schema."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# What the types of storage.columns stood for when this was written.
ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    """Make all tables."""
    op.create_table(
        "audit",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("before", sa.JSON()),
        sa.Column("after", sa.JSON()),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_audit_at", "audit", ["at"])
    op.create_index("ix_audit_subject", "audit", ["subject"])

    op.create_table(
        "digest",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("local_date", sa.Date(), nullable=False),
        sa.Column("period_start", TIME, nullable=False),
        sa.Column("period_end", TIME, nullable=False),
        sa.Column("decided_at", TIME, nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_digest"),
        sa.UniqueConstraint("name", "local_date", name="uq_digest_name_local_date"),
        sqlite_autoincrement=True,
    )

    op.create_table(
        "feed",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("publisher", sa.Text(), nullable=False),
        sa.Column("country", sa.Text()),
        sa.Column("tier", sa.Text(), nullable=False),
        sa.Column("home", sa.Boolean(), nullable=False),
        sa.Column("priority", sa.Boolean(), nullable=False),
        sa.Column("listed", sa.Boolean(), nullable=False),
        sa.Column("etag", sa.Text()),
        sa.Column("last_modified", sa.Text()),
        sa.Column("body_digest", sa.Text()),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("state_since", TIME),
        sa.Column("first_seen_at", TIME),
        sa.Column("last_poll_at", TIME),
        sa.Column("last_ok_at", TIME),
        sa.Column("last_news_at", TIME),
        sa.Column("due_at", TIME),
        sa.Column("not_before", TIME),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("usual_gap_s", sa.Double()),
        sa.Column("moved_to", sa.Text()),
        sa.Column("moved_count", sa.Integer(), nullable=False),
        sa.Column("parked", sa.Boolean(), nullable=False),
        sa.Column("leased_until", TIME),
        sa.Column("leased_by", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_feed"),
        sa.UniqueConstraint("key", name="uq_feed_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_feed_due", "feed", ["listed", "parked", "due_at"])

    op.create_table(
        "incident",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("title_en", sa.Text(), nullable=False),
        sa.Column("title_th", sa.Text(), nullable=False),
        sa.Column("hazard", sa.Text()),
        sa.Column("categories", sa.JSON(), nullable=False),
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.Column("level_why", sa.JSON(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("exercise", sa.Boolean(), nullable=False),
        sa.Column("countries", sa.JSON(), nullable=False),
        sa.Column("place", sa.Text()),
        sa.Column("lat", sa.Double()),
        sa.Column("lon", sa.Double()),
        sa.Column("event_at", TIME),
        sa.Column("opened_at", TIME, nullable=False),
        sa.Column("last_item_at", TIME, nullable=False),
        sa.Column("level_since", TIME, nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("nationals", sa.Text(), nullable=False),
        sa.Column("confirmation", sa.Text(), nullable=False),
        sa.Column("sources", sa.Integer(), nullable=False),
        sa.Column("independent_sources", sa.Integer(), nullable=False),
        sa.Column("alert_levels", sa.JSON(), nullable=False),
        sa.Column("severity", sa.Text()),
        sa.Column("urgency", sa.Text()),
        sa.Column("certainty", sa.Text()),
        sa.Column("leave_calls", sa.Integer(), nullable=False),
        sa.Column("lifted", sa.Boolean(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("merged_into", ROW_ID),
        sa.Column("acknowledged_at", TIME),
        sa.Column("acknowledged_by", sa.Text()),
        sa.Column("acknowledged_level", sa.SmallInteger()),
        sa.ForeignKeyConstraint(["merged_into"], ["incident.id"], name="fk_incident_merged_into"),
        sa.PrimaryKeyConstraint("id", name="pk_incident"),
        sa.UniqueConstraint("year", "seq", name="uq_incident_year_seq"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_incident_level_last_item_at", "incident", ["level", "last_item_at"])
    op.create_index("ix_incident_merged_into", "incident", ["merged_into"])
    op.create_index("ix_incident_opened_at", "incident", ["opened_at"])
    op.create_index("ix_incident_state_last_item_at", "incident", ["state", "last_item_at"])

    op.create_table(
        "incident_number",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", name="pk_incident_number"),
    )

    op.create_table(
        "meta",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_meta"),
    )

    op.create_table(
        "acknowledgement",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("incident_id", ROW_ID, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.Column("undone_at", TIME),
        sa.Column("undone_by", sa.Text()),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incident.id"], name="fk_acknowledgement_incident_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_acknowledgement"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_acknowledgement_incident_id", "acknowledgement", ["incident_id"])

    op.create_table(
        "incident_event",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("incident_id", ROW_ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incident.id"], name="fk_incident_event_incident_id"
        ),
        sa.PrimaryKeyConstraint("kind", "value", name="pk_incident_event"),
    )
    op.create_index("ix_incident_event_incident_id", "incident_event", ["incident_id"])

    op.create_table(
        "item",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("feed_id", ROW_ID, nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("first_seen_at", TIME, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("disposition", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["feed_id"], ["feed.id"], name="fk_item_feed_id"),
        sa.PrimaryKeyConstraint("id", name="pk_item"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_item_feed_id_first_seen_at_id", "item", ["feed_id", "first_seen_at", "id"])
    op.create_index("ix_item_first_seen_at_id", "item", ["first_seen_at", "id"])

    op.create_table(
        "notice",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("mime", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("due_at", TIME, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("incident_id", ROW_ID),
        sa.Column("digest_id", ROW_ID),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("why", sa.JSON(), nullable=False),
        sa.Column("exercise", sa.Boolean(), nullable=False),
        sa.Column("sent_at", TIME),
        sa.Column("response", sa.Text(), nullable=False),
        sa.Column("leased_until", TIME),
        sa.Column("leased_by", sa.Text()),
        sa.ForeignKeyConstraint(["digest_id"], ["digest.id"], name="fk_notice_digest_id"),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name="fk_notice_incident_id"),
        sa.PrimaryKeyConstraint("id", name="pk_notice"),
        sa.UniqueConstraint("message_id", name="uq_notice_message_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_notice_created_at", "notice", ["created_at"])
    op.create_index("ix_notice_digest_id", "notice", ["digest_id"])
    op.create_index("ix_notice_incident_id", "notice", ["incident_id"])
    op.create_index("ix_notice_state_due_at", "notice", ["state", "due_at"])

    op.create_table(
        "poll",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("feed_id", ROW_ID, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("ok", sa.Boolean(), nullable=False),
        sa.Column("http_status", sa.Integer()),
        sa.Column("duration_ms", sa.Integer(), nullable=False),
        sa.Column("size", ROW_ID, nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("new", sa.Integer(), nullable=False),
        sa.Column("revised", sa.Integer(), nullable=False),
        sa.Column("deferred", sa.Integer(), nullable=False),
        sa.Column("etag", sa.Text()),
        sa.Column("last_modified", sa.Text()),
        sa.Column("body_digest", sa.Text()),
        sa.Column("moved_to", sa.Text()),
        sa.ForeignKeyConstraint(["feed_id"], ["feed.id"], name="fk_poll_feed_id"),
        sa.PrimaryKeyConstraint("id", name="pk_poll"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_poll_at", "poll", ["at"])
    op.create_index("ix_poll_feed_id_at", "poll", ["feed_id", "at"])

    op.create_table(
        "silence",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("incident_id", ROW_ID),
        sa.Column("countries", sa.JSON(), nullable=False),
        sa.Column("hazards", sa.JSON(), nullable=False),
        sa.Column("feeds", sa.JSON(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("starts_at", TIME, nullable=False),
        sa.Column("ends_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name="fk_silence_incident_id"),
        sa.PrimaryKeyConstraint("id", name="pk_silence"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_silence_ends_at", "silence", ["ends_at"])
    op.create_index("ix_silence_incident_id", "silence", ["incident_id"])

    op.create_table(
        "delivery",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("notice_id", ROW_ID, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("response", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name="fk_delivery_notice_id"),
        sa.PrimaryKeyConstraint("id", name="pk_delivery"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_delivery_notice_id", "delivery", ["notice_id"])

    op.create_table(
        "incident_change",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("incident_id", ROW_ID, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("item_id", ROW_ID),
        sa.Column("old", sa.Text()),
        sa.Column("new", sa.Text()),
        sa.Column("why", sa.JSON(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incident.id"], name="fk_incident_change_incident_id"
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["item.id"], name="fk_incident_change_item_id", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_incident_change"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_incident_change_at", "incident_change", ["at"])
    op.create_index("ix_incident_change_incident_id_at", "incident_change", ["incident_id", "at"])
    op.create_index("ix_incident_change_item_id", "incident_change", ["item_id"])

    op.create_table(
        "incident_item",
        sa.Column("incident_id", ROW_ID, nullable=False),
        sa.Column("item_id", ROW_ID, nullable=False),
        sa.Column("linked_at", TIME, nullable=False),
        sa.Column("why", sa.JSON(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incident.id"], name="fk_incident_item_incident_id"
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["item.id"], name="fk_incident_item_item_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("incident_id", "item_id", name="pk_incident_item"),
    )
    op.create_index("ix_incident_item_item_id", "incident_item", ["item_id"])

    op.create_table(
        "item_category",
        sa.Column("item_id", ROW_ID, nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("sure", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["item.id"], name="fk_item_category_item_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("item_id", "category", name="pk_item_category"),
    )
    op.create_index("ix_item_category_category_item_id", "item_category", ["category", "item_id"])

    op.create_table(
        "item_key",
        sa.Column("feed_id", ROW_ID, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("item_id", ROW_ID, nullable=False),
        sa.ForeignKeyConstraint(["feed_id"], ["feed.id"], name="fk_item_key_feed_id"),
        sa.ForeignKeyConstraint(
            ["item_id"], ["item.id"], name="fk_item_key_item_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("feed_id", "kind", "value", name="pk_item_key"),
    )
    op.create_index("ix_item_key_item_id", "item_key", ["item_id"])

    op.create_table(
        "item_revision",
        sa.Column("item_id", ROW_ID, nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seen_at", TIME, nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("changed", sa.JSON(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("reading", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["item.id"], name="fk_item_revision_item_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("item_id", "n", name="pk_item_revision"),
    )

    op.create_table(
        "decision",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("incident_id", ROW_ID, nullable=False),
        sa.Column("change_id", ROW_ID, nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("team", sa.Text()),
        sa.Column("due_at", TIME),
        sa.Column("why", sa.JSON(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("shadow", sa.Boolean(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.Column("made_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["change_id"], ["incident_change.id"], name="fk_decision_change_id"
        ),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name="fk_decision_incident_id"),
        sa.PrimaryKeyConstraint("id", name="pk_decision"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_decision_change_id", "decision", ["change_id"])
    op.create_index("ix_decision_incident_id_state", "decision", ["incident_id", "state"])
    op.create_index("ix_decision_made_at", "decision", ["made_at"])
    op.create_index("ix_decision_state_due_at", "decision", ["state", "due_at"])
