"""Migrations: numbered, only ever added to, each in its own transaction (see storage.schema)."""
