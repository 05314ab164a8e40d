"""Tuning the feed list: edits, history, looks at what feeds bring, import and export."""
