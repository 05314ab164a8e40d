"""What a feed's documents are usually like, and when its site's certificate ends."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# What the type of storage.columns stood for when this was written.
TIME = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    """Nothing is known yet of the feeds of before."""
    op.add_column("feed", sa.Column("habit", sa.Text()))
    op.add_column("feed", sa.Column("certificate_ends", TIME))
