"""Plain values that cross between the packages; importing this loads no database library.

Times are aware and in UTC. Country codes are ISO 3166 alpha-2. Hazards are GLIDE codes where
one exists, and our own finer human-made keys (`alerts/words.toml` lists them all).
Records that are stored carry their row's `id`; the ones named `New…` do not have one yet.
"""

from __future__ import annotations

from storage.records.alerting import (
    CHANNEL,
    Decision,
    Delivery,
    Digest,
    DigestEdits,
    NewDecision,
    NewNotice,
    Notice,
    Silence,
)
from storage.records.basics import (
    Category,
    Json,
    Level,
    Role,
    Scalar,
    Why,
)
from storage.records.feeds import (
    FeedIdentity,
    FeedState,
    LostEntries,
    PollResult,
)
from storage.records.incidents import (
    AdviceGiven,
    Change,
    Communication,
    Incident,
    NationalsStatus,
    NewAdvice,
    Sketch,
    Trace,
)
from storage.records.items import (
    Advice,
    Correction,
    Figure,
    Hazard,
    Item,
    ItemValues,
    Judgement,
    Place,
    Reading,
    Tag,
)

__all__ = [
    "CHANNEL",
    "Advice",
    "AdviceGiven",
    "Category",
    "Change",
    "Communication",
    "Correction",
    "Decision",
    "Delivery",
    "Digest",
    "DigestEdits",
    "FeedIdentity",
    "FeedState",
    "Figure",
    "Hazard",
    "Incident",
    "Item",
    "ItemValues",
    "Json",
    "Judgement",
    "Level",
    "LostEntries",
    "NationalsStatus",
    "NewAdvice",
    "NewDecision",
    "NewNotice",
    "Notice",
    "Place",
    "PollResult",
    "Reading",
    "Role",
    "Scalar",
    "Silence",
    "Sketch",
    "Tag",
    "Trace",
    "Why",
]
