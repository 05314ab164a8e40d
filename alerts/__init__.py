"""Rules, levels, notices and the daily digest: from an incident change to a person."""
