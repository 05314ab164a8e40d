"""Rules looked at before they count: faults, an example, history, on trial."""
