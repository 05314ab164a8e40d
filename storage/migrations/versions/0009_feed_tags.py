"""The words under which the feed list files a feed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Feeds of before have none until the list is next read, which every start does."""
    op.add_column("feed", sa.Column("tags", sa.JSON()))
