"""Text in, tags with reasons out. No network, no database, no clock."""
