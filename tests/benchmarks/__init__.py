"""Timings of the hot paths, on made-up data and loopback only: `make bench` prints them."""
