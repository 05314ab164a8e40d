"""The waits a server asks for in its headers; they come in every form, also absurd ones."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

LONGEST = timedelta(days=365)  # larger numbers are cut to this, so that no sum can overflow
_NUMBER = re.compile(r"[0-9]{1,18}(?:\.[0-9]{1,9})?", re.ASCII)
_NUMBERS = re.compile(r"[0-9]{1,9}(?:\s*,\s*[0-9]{1,9}){1,4}", re.ASCII)
_MAX_AGE = re.compile(r'(?:^|[,\s])max-age\s*=\s*"?([0-9]+)"?\s*(?:$|[,;])', re.ASCII | re.I)
_NO_STORE = re.compile(r"(?:^|[,\s])no-(?:cache|store)\s*(?:$|[,;=])", re.ASCII | re.I)


def retry_after(value: str | None, *, date: str | None, now: datetime) -> timedelta | None:
    """The wait that a Retry-After header asks for, 0 to a year; None when it asks for none.

    A moment is measured from the answer's own Date header, so that a server's wrong clock does
    not matter, else from `now`. Source: RFC 9110, section 10.2.3.
    """
    text = (value or "").strip()
    if not text:
        return None
    if _NUMBERS.fullmatch(text):  # two headers, joined: the longer wait is the safer one
        text = max(text.split(","), key=float).strip()
    if _NUMBER.fullmatch(text):
        return min(timedelta(seconds=min(float(text), LONGEST.total_seconds())), LONGEST)
    if text.isascii() and text.isdigit():  # more digits than any wait needs
        return LONGEST
    moment = http_date(text)
    if moment is None:
        return None
    wait = moment - (http_date(date) or now)
    return min(wait, LONGEST) if wait > timedelta(0) else None


def max_age(cache_control: str | None, age: str | None) -> timedelta | None:
    """How long the answer stays fresh by Cache-Control's max-age less Age; None when not told.

    no-cache and no-store count as not told. Source: RFC 9111, sections 4.2 and 5.2.2.
    """
    text = (cache_control or "")[:1000]
    found = _MAX_AGE.search(text)
    if found is None or _NO_STORE.search(text):
        return None
    fresh_s = _seconds(found[1])
    old_s = _seconds((age or "").strip())
    return timedelta(seconds=max(0.0, fresh_s - old_s))


def http_date(text: str | None) -> datetime | None:
    """A moment in one of HTTP's three forms, aware and in UTC; None when it is none."""
    try:
        moment = parsedate_to_datetime((text or "")[:100])
        return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _seconds(digits: str) -> float:
    if not _NUMBER.fullmatch(digits):
        return LONGEST.total_seconds() if digits.isascii() and digits.isdigit() else 0.0
    return min(float(digits), LONGEST.total_seconds())
