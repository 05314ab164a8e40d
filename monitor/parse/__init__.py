"""Bytes of a feed in, entries out: one module per format, routed by content."""
