"""Makers of data files; run by hand, never by the program."""
