"""Fetching feeds: the only place that speaks HTTP outwards, to addresses that are all hostile."""
