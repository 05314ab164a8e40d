"""Runs migrations on the connection that storage.schema hands over; it owns the transaction."""

from __future__ import annotations

from alembic import context

from storage.schema import configured

configured(context)
context.run_migrations()
