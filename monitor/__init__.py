"""The crisis-communication monitor: from feeds.yaml to a duty officer's inbox."""

__version__ = "0.1.0"
