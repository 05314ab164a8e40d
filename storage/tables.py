"""The tables. Times are UTC; a changed table needs a migration under `storage/migrations/`."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    UniqueConstraint,
    text,
)

from storage.columns import ROW_ID, Figures, LevelNumber, SafeText, UtcDateTime, Whys, Words

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)


def _id() -> Column[int]:
    return Column("id", ROW_ID, primary_key=True)


def _to(name: str, target: str, *, key: bool = False, ondelete: str | None = None) -> Column[int]:
    return Column(
        name, ROW_ID, ForeignKey(target, ondelete=ondelete), nullable=False, primary_key=key
    )


feed = Table(
    "feed",
    metadata,
    _id(),
    Column("key", SafeText, nullable=False, unique=True),
    Column("name", SafeText, nullable=False),
    Column("url", SafeText, nullable=False),
    Column("kind", SafeText, nullable=False),
    Column("publisher", SafeText, nullable=False),
    Column("country", SafeText),
    Column("tier", SafeText, nullable=False),
    Column("home", Boolean, nullable=False),
    Column("priority", Boolean, nullable=False),
    Column("listed", Boolean, nullable=False),
    Column("etag", SafeText),
    Column("last_modified", SafeText),
    Column("body_digest", SafeText),
    Column("state", SafeText, nullable=False),
    Column("detail", SafeText, nullable=False),
    Column("state_since", UtcDateTime),
    Column("first_seen_at", UtcDateTime),
    Column("last_poll_at", UtcDateTime),
    Column("last_ok_at", UtcDateTime),
    Column("last_news_at", UtcDateTime),
    Column("due_at", UtcDateTime),
    Column("not_before", UtcDateTime),
    Column("failures", Integer, nullable=False),
    Column("usual_gap_s", Double),
    Column("moved_to", SafeText),
    Column("moved_count", Integer, nullable=False),
    Column("parked", Boolean, nullable=False),
    Column("leased_until", UtcDateTime),
    Column("leased_by", SafeText),
    Column("habit", SafeText),
    Column("certificate_ends", UtcDateTime),
    Column("tags", Words),
    Index("ix_feed_due", "listed", "parked", "due_at"),
    sqlite_autoincrement=True,
)

poll = Table(
    "poll",
    metadata,
    _id(),
    _to("feed_id", "feed.id"),
    Column("at", UtcDateTime, nullable=False, index=True),
    Column("state", SafeText, nullable=False),
    Column("detail", SafeText, nullable=False),
    Column("ok", Boolean, nullable=False),
    Column("http_status", Integer),
    Column("duration_ms", Integer, nullable=False),
    Column("size", ROW_ID, nullable=False),
    Column("entries", Integer, nullable=False),
    Column("new", Integer, nullable=False),
    Column("revised", Integer, nullable=False),
    Column("deferred", Integer, nullable=False),
    Column("etag", SafeText),
    Column("last_modified", SafeText),
    Column("body_digest", SafeText),
    Column("moved_to", SafeText),
    Column("lost", Integer, nullable=False, server_default=text("0")),
    Index("ix_poll_feed_id_at", "feed_id", "at"),
    sqlite_autoincrement=True,
)

item = Table(
    "item",
    metadata,
    _id(),
    _to("feed_id", "feed.id"),
    Column("role", SafeText, nullable=False),
    Column("first_seen_at", UtcDateTime, nullable=False),
    Column("revision", Integer, nullable=False),  # the newest
    Column("hash", SafeText, nullable=False),  # of the newest revision
    Column("title", SafeText, nullable=False),  # of the newest revision
    Column("disposition", Whys, nullable=False),
    Index("ix_item_first_seen_at_id", "first_seen_at", "id"),
    Index("ix_item_feed_id_first_seen_at_id", "feed_id", "first_seen_at", "id"),
    sqlite_autoincrement=True,
)

item_key = Table(
    "item_key",
    metadata,
    _to("feed_id", "feed.id", key=True),
    Column("kind", SafeText, primary_key=True),
    Column("value", SafeText, primary_key=True),
    Column(
        "item_id", ROW_ID, ForeignKey("item.id", ondelete="CASCADE"), nullable=False, index=True
    ),
)

item_revision = Table(
    "item_revision",
    metadata,
    _to("item_id", "item.id", key=True, ondelete="CASCADE"),
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("hash", SafeText, nullable=False),
    Column("changed", Words, nullable=False),
    Column("content", JSON, nullable=False),
    Column("reading", JSON, nullable=False),
)

item_category = Table(  # the labels of the newest revision, to list by them
    "item_category",
    metadata,
    _to("item_id", "item.id", key=True, ondelete="CASCADE"),
    Column("category", SafeText, primary_key=True),
    Column("sure", Boolean, nullable=False),
    Index("ix_item_category_category_item_id", "category", "item_id"),
)

correction = Table(  # officers' words on items; they outlive the item, for models learn them
    "correction",
    metadata,
    _id(),
    Column("item_id", ROW_ID, ForeignKey("item.id", ondelete="SET NULL"), index=True),
    Column("at", UtcDateTime, nullable=False, index=True),
    Column("by", SafeText, nullable=False),
    Column("note", SafeText, nullable=False),
    Column("title", SafeText, nullable=False),
    Column("summary", SafeText, nullable=False),
    Column("language", SafeText),
    Column("corrected", Words, nullable=False),
    Column("before", JSON, nullable=False),
    Column("after", JSON, nullable=False),
    sqlite_autoincrement=True,
)

incident_number = Table(  # the last number given in each year; numbers are never given twice
    "incident_number",
    metadata,
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("last", Integer, nullable=False),
)

incident = Table(
    "incident",
    metadata,
    _id(),
    Column("year", Integer, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("title_en", SafeText, nullable=False),
    Column("title_th", SafeText, nullable=False),
    Column("hazard", SafeText),
    Column("categories", Words, nullable=False),
    Column("level", LevelNumber, nullable=False),
    Column("level_why", Whys, nullable=False),
    Column("state", SafeText, nullable=False),
    Column("exercise", Boolean, nullable=False),
    Column("countries", Words, nullable=False),
    Column("place", SafeText),
    Column("lat", Double),
    Column("lon", Double),
    Column("event_at", UtcDateTime),
    Column("opened_at", UtcDateTime, nullable=False, index=True),
    Column("last_item_at", UtcDateTime, nullable=False),
    Column("level_since", UtcDateTime, nullable=False),
    Column("figures", Figures, nullable=False),
    Column("nationals", SafeText, nullable=False),
    Column("confirmation", SafeText, nullable=False),
    Column("sources", Integer, nullable=False),
    Column("independent_sources", Integer, nullable=False),
    Column("alert_levels", Words, nullable=False),
    Column("severity", SafeText),
    Column("urgency", SafeText),
    Column("certainty", SafeText),
    Column("leave_calls", Integer, nullable=False),
    Column("lifted", Boolean, nullable=False),
    Column("withdrawn", Boolean, nullable=False),
    Column("merged_into", ROW_ID, ForeignKey("incident.id"), index=True),
    Column("acknowledged_at", UtcDateTime),
    Column("acknowledged_by", SafeText),
    Column("acknowledged_level", LevelNumber),
    Column("held", Words),  # what officers set; absent in rows of an older version
    Column("floor", LevelNumber),
    Column("floor_why", Whys),
    UniqueConstraint("year", "seq"),
    Index("ix_incident_level_last_item_at", "level", "last_item_at"),
    Index("ix_incident_state_last_item_at", "state", "last_item_at"),
    sqlite_autoincrement=True,
)

incident_event = Table(  # identities of an event that hold across feeds; the first one keeps it
    "incident_event",
    metadata,
    Column("kind", SafeText, primary_key=True),
    Column("value", SafeText, primary_key=True),
    Column("incident_id", ROW_ID, ForeignKey("incident.id"), nullable=False, index=True),
)

incident_item = Table(
    "incident_item",
    metadata,
    _to("incident_id", "incident.id", key=True),
    Column(
        "item_id",
        ROW_ID,
        ForeignKey("item.id", ondelete="CASCADE"),
        primary_key=True,
        nullable=False,
        index=True,
    ),
    Column("linked_at", UtcDateTime, nullable=False),
    Column("why", Whys, nullable=False),
    Column("by", SafeText, nullable=False),
)

incident_change = Table(
    "incident_change",
    metadata,
    _id(),
    _to("incident_id", "incident.id"),
    Column("at", UtcDateTime, nullable=False, index=True),
    Column("kind", SafeText, nullable=False),
    Column("item_id", ROW_ID, ForeignKey("item.id", ondelete="SET NULL"), index=True),
    Column("old", SafeText),
    Column("new", SafeText),
    Column("why", Whys, nullable=False),
    Column("by", SafeText, nullable=False),
    Index("ix_incident_change_incident_id_at", "incident_id", "at"),
    sqlite_autoincrement=True,
)

acknowledgement = Table(
    "acknowledgement",
    metadata,
    _id(),
    Column("incident_id", ROW_ID, ForeignKey("incident.id"), nullable=False, index=True),
    Column("at", UtcDateTime, nullable=False),
    Column("by", SafeText, nullable=False),
    Column("channel", SafeText, nullable=False),
    Column("level", LevelNumber, nullable=False),
    Column("undone_at", UtcDateTime),
    Column("undone_by", SafeText),
    sqlite_autoincrement=True,
)

spoken = Table(  # communications that an officer recorded: no feed carried them
    "spoken",
    metadata,
    _id(),
    _to("incident_id", "incident.id"),
    Column("at", UtcDateTime, nullable=False),
    Column("speaker", SafeText),
    Column("publisher", SafeText, nullable=False),
    Column("home", Boolean, nullable=False),
    Column("channel", SafeText, nullable=False),
    Column("kind", SafeText, nullable=False),
    Column("title", SafeText, nullable=False),
    Column("link", SafeText),
    Column("by", SafeText, nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    Index("ix_spoken_incident_id_at", "incident_id", "at"),
    sqlite_autoincrement=True,
)

advice_given = Table(  # the travel advice of each ministry over time, one row for each change
    "advice_given",
    metadata,
    _id(),
    _to("feed_id", "feed.id"),
    Column("line", SafeText, nullable=False),
    Column("item_id", ROW_ID, ForeignKey("item.id", ondelete="SET NULL"), index=True),
    Column("country", SafeText),
    Column("area", SafeText),
    Column("level", SafeText),
    Column("wording", SafeText),
    Column("step", SmallInteger),
    Column("flags", Words, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("first", Boolean, nullable=False),
    Column("newest", Boolean, nullable=False),
    Index("ix_advice_given_feed_id_line", "feed_id", "line"),
    Index("ix_advice_given_country_seen_at", "country", "seen_at"),
    sqlite_autoincrement=True,
)

nationals = Table(  # what was known of our people, by whom, and since when
    "nationals",
    metadata,
    _id(),
    _to("incident_id", "incident.id"),
    Column("at", UtcDateTime, nullable=False),
    Column("status", SafeText, nullable=False),
    Column("counts", JSON, nullable=False),
    Column("source", SafeText, nullable=False),
    Column("note", SafeText, nullable=False),
    Column("by", SafeText, nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    Index("ix_nationals_incident_id_at", "incident_id", "at"),
    sqlite_autoincrement=True,
)

decision = Table(
    "decision",
    metadata,
    _id(),
    _to("incident_id", "incident.id"),
    Column("change_id", ROW_ID, ForeignKey("incident_change.id"), nullable=False, index=True),
    Column("rule", SafeText, nullable=False),
    Column("team", SafeText),
    Column("due_at", UtcDateTime),
    Column("why", Whys, nullable=False),
    Column("state", SafeText, nullable=False),
    Column("shadow", Boolean, nullable=False),
    Column("step", Integer, nullable=False),
    Column("level", LevelNumber, nullable=False),
    Column("made_at", UtcDateTime, nullable=False, index=True),
    Index("ix_decision_state_due_at", "state", "due_at"),
    Index("ix_decision_incident_id_state", "incident_id", "state"),
    sqlite_autoincrement=True,
)

digest = Table(
    "digest",
    metadata,
    _id(),
    Column("name", SafeText, nullable=False),
    Column("local_date", Date, nullable=False),
    Column("period_start", UtcDateTime, nullable=False),
    Column("period_end", UtcDateTime, nullable=False),
    Column("decided_at", UtcDateTime, nullable=False),
    Column("late", Boolean, nullable=False),
    Column("content", JSON, nullable=False),
    UniqueConstraint("name", "local_date"),
    sqlite_autoincrement=True,
)

notice = Table(
    "notice",
    metadata,
    _id(),
    Column("kind", SafeText, nullable=False),
    Column("recipient", SafeText, nullable=False),
    Column("person", SafeText, nullable=False),
    Column("team", SafeText, nullable=False),
    Column("language", SafeText, nullable=False),
    Column("level", LevelNumber, nullable=False),
    Column("subject", SafeText, nullable=False),
    Column("message_id", SafeText, nullable=False, unique=True),
    Column("mime", LargeBinary, nullable=False),
    Column("created_at", UtcDateTime, nullable=False, index=True),
    Column("due_at", UtcDateTime, nullable=False),
    Column("state", SafeText, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("incident_id", ROW_ID, ForeignKey("incident.id"), index=True),
    Column("digest_id", ROW_ID, ForeignKey("digest.id"), index=True),
    Column("number", Integer, nullable=False),
    Column("step", Integer, nullable=False),
    Column("why", Whys, nullable=False),
    Column("exercise", Boolean, nullable=False),
    Column("sent_at", UtcDateTime),
    Column("response", SafeText, nullable=False),
    Column("leased_until", UtcDateTime),
    Column("leased_by", SafeText),
    Index("ix_notice_state_level_due_at", "state", "level", "due_at"),
    sqlite_autoincrement=True,
)

delivery = Table(
    "delivery",
    metadata,
    _id(),
    Column("notice_id", ROW_ID, ForeignKey("notice.id"), nullable=False, index=True),
    Column("at", UtcDateTime, nullable=False),
    Column("outcome", SafeText, nullable=False),
    Column("response", SafeText, nullable=False),
    sqlite_autoincrement=True,
)

silence = Table(
    "silence",
    metadata,
    _id(),
    Column("incident_id", ROW_ID, ForeignKey("incident.id"), index=True),
    Column("countries", Words, nullable=False),
    Column("hazards", Words, nullable=False),
    Column("feeds", Words, nullable=False),
    Column("owner", SafeText, nullable=False),
    Column("reason", SafeText, nullable=False),
    Column("starts_at", UtcDateTime, nullable=False),
    Column("ends_at", UtcDateTime, nullable=False, index=True),
    sqlite_autoincrement=True,
)

audit = Table(
    "audit",
    metadata,
    _id(),
    Column("at", UtcDateTime, nullable=False, index=True),
    Column("who", SafeText, nullable=False),
    Column("action", SafeText, nullable=False),
    Column("subject", SafeText, nullable=False, index=True),
    Column("before", JSON(none_as_null=True)),
    Column("after", JSON(none_as_null=True)),
    sqlite_autoincrement=True,
)

meta = Table(
    "meta",
    metadata,
    Column("key", SafeText, primary_key=True),
    Column("value", SafeText, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
