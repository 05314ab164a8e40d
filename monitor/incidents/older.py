"""Whether an entry that differs from the stored one is merely an older version of it.

Lists of travel advice come from several servers, and some of these lag: for a request or two an
older version of a country comes back. Taking it would tell of a change that never was.
"""

from __future__ import annotations

from datetime import datetime

from storage.records import ItemValues


def is_older_advice(before: ItemValues, after: ItemValues) -> bool:
    """True when both are travel advice and the newest date of `after` lies before that of `before`.

    Without a date on either side the content alone counts.
    """
    if before.advice is None or after.advice is None:
        return False
    told, now_told = _newest(before), _newest(after)
    return told is not None and now_told is not None and now_told < told


def _newest(values: ItemValues) -> datetime | None:
    return max((at for at in (values.published_at, values.updated_at) if at), default=None)
