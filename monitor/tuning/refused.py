"""What cannot be done to the feed list, in the language of whoever asked."""

from __future__ import annotations

from monitor.errors import ConfigError
from monitor.refusal import Refusal


class NotChanged(Refusal, ConfigError):
    """Nothing was changed: a key of `[tuning.refused]` and its values."""

    section = "tuning.refused"
