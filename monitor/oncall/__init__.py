"""On-call work: who takes an incident on, by which road, and whether the notice arrived."""
