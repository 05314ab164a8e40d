"""An advice page's last change that advises nothing: what the page advised before still holds."""

from __future__ import annotations

from storage.records import ItemValues

LAST_CHANGE = "advice_last_change"  # as the readers of such pages flag it


def holds_on(values: ItemValues) -> bool:
    """Whether the item leaves the advice as it was."""
    said = values.advice
    return LAST_CHANGE in values.flags and said is not None and not (said.wording or said.level)
