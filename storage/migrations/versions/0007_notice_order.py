"""Notices are found in the order in which they go out, however many wait."""

from __future__ import annotations

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Put the level before the time."""
    op.drop_index("ix_notice_state_due_at", table_name="notice")
    op.create_index("ix_notice_state_level_due_at", "notice", ["state", "level", "due_at"])
