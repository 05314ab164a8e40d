"""How many entries a flood cost is kept with each poll."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Polls of before lost none that we know of."""
    op.add_column(
        "poll", sa.Column("lost", sa.Integer(), nullable=False, server_default=sa.text("0"))
    )
