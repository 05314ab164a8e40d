"""Under which identities an entry is kept, so that the next poll knows it again.

Native id first, then link, then title and time. An identity that several different entries of
one document share identifies none of them: each then gets one made with its link or title.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import chain
from urllib.parse import urlsplit

from monitor.parse import links
from monitor.parse.draft import Draft, drop_empty_times, finish
from monitor.parse.entry import Entry, Hints, Key
from monitor.parse.text import title_text

_STAMP = re.compile(r"#\d{4}-\d\d-\d\dT[0-9:.+Z-]+$")  # GOV.UK: the update time is in the id
_CDC_NOTICE = re.compile(r"/travel/notices/(?:level\d|watch|alert|warning)/([\w-]+)", re.I)
_NOTHING = "says nothing "
_LONGEST = 1000  # characters of an identity
_OLDEST = datetime.min.replace(tzinfo=UTC)


def finish_all(drafts: Sequence[Draft], hints: Hints, home: str | None = None) -> tuple[Entry, ...]:
    """Entries of one document, in order, each under identities that it alone has.

    `home` is the publisher's own page; a link to it identifies nothing. Entries that repeat an
    identity as versions of the same thing are reduced to the newest.
    """
    return tuple(entry for _, entry, _, _ in finish_each(drafts, hints, home))


def finish_each(
    drafts: Sequence[Draft], hints: Hints, home: str | None = None
) -> Iterator[tuple[int, Entry, list[str], bool]]:
    """As `finish_all`, each entry with its draft's place, what it claims, and whether alone.

    In any other document, too, an entry is finished in the same way as long as nobody else has
    one of its claims.
    """
    for draft in drafts:
        drop_empty_times(draft)
    groups = [_group(draft) for draft in drafts]
    in_group = Counter(groups)
    kept = _newest_only(drafts, groups)
    own = _spelled(home)
    choices = [tuple(dict.fromkeys(_keys(drafts[place], hints, own))) for place in kept]
    holders = Counter(chain.from_iterable(choices))
    for place, keys in zip(kept, choices, strict=True):
        draft, unique = drafts[place], keys
        alone = in_group[groups[place]] == 1 and not groups[place].startswith(_NOTHING)
        if any(holders[key] > 1 for key in keys):
            alone = False
            own_only = (_alone(draft, key, hints, holders[key]) for key in keys)
            unique = tuple(key for key in own_only if key is not None)
        claims = [groups[place], *[f"{key.kind}\x1e{key.value}" for key in keys]]
        yield place, finish(draft, hints, unique or (_title_time(draft),)), claims, alone


def _spelled(home: str | None) -> str | None:
    try:
        return links.identity(home) if home else None
    except ValueError:  # an address that is none, such as https://[
        return None


def _newest_only(drafts: Sequence[Draft], groups: Sequence[str]) -> list[int]:
    """The places of the newest of each group."""
    best: dict[str, int] = {}
    for place, group in enumerate(groups):
        known = best.get(group)
        if known is None or (drafts[place].newest or _OLDEST) > (drafts[known].newest or _OLDEST):
            best[group] = place
    return sorted(best.values())


def _group(draft: Draft) -> str:
    """What makes two entries of one document the same thing twice."""
    if draft.merge_key:
        return draft.merge_key
    if not (draft.native_id or draft.link or draft.title or draft.summary):
        return f"{_NOTHING}{id(draft)}"
    return "\x1f".join((draft.native_id or "", draft.link or "", draft.title, _time(draft)))


def _keys(draft: Draft, hints: Hints, home: str | None) -> list[Key]:
    link = links.opened(draft.link, draft.base or hints.url)
    notice = _CDC_NOTICE.search(urlsplit(link).path) if link and "cdc.gov" in link else None
    if notice:  # the level is part of the address and of the id
        return [Key("id", f"cdc-notice/{notice.group(1).lower()}")]
    keys = [Key(key.kind, key.value[:_LONGEST]) for key in draft.keys if key.value.strip()]
    known = bool(keys)
    if draft.native_id and (named := draft.native_id.strip()[:_LONGEST]):
        keys.append(Key("id", _STAMP.sub("", named) or named))
    if known:
        return keys
    if link and links.names_a_page(link):
        spelled = links.identity(link)
        if spelled != home:
            keys.append(Key("link", spelled))
    if draft.newest is not None or not keys:
        keys.append(_title_time(draft))
    return keys


def _alone(draft: Draft, key: Key, hints: Hints, holders: int) -> Key | None:
    if holders == 1:
        return key
    if key.kind != "id":
        return None
    link = links.opened(draft.link, draft.base or hints.url) or ""
    rest = f"{links.identity(link) if link else ''} {title_text(draft.title)}"
    return Key("id", f"{key.value}\x1f{rest}"[:1500])


def _title_time(draft: Draft) -> Key:
    words = title_text(draft.title or draft.summary).casefold()
    return Key("title_time", f"{words[:300]}|{_time(draft)}")


def _time(draft: Draft) -> str:
    moment = draft.published or draft.updated
    return moment.at.isoformat() if moment else ""
