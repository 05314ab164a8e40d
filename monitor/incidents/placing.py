"""Where an item goes, with what a link alone cannot know: how grave the item is by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from alerts import levels
from alerts.policy import Policy
from monitor.incidents.alone import alone
from monitor.incidents.link import Link, choose
from monitor.incidents.subject import Subject
from monitor.incidents.window import Window
from storage.records import Item, Level, Why


def place(
    subject: Subject,
    item: Item,
    by_event: Mapping[tuple[str, str], int],
    window: Window,
    policy: Policy,
) -> Link:
    """The incident that `item`, looked at as `subject`, joins or opens.

    An aftershock joins its earthquake unless it is graver than that is held to be: then it is an
    incident of its own, told as related, so that the desk hears of it.
    """
    link = choose(subject, by_event, window)
    parent = window.get(link.incident_id)
    if parent is None or link.why[0].code != "link_aftershock":
        return link
    level, _ = levels.level_of(
        alone(
            item.values,
            item.reading,
            now=item.first_seen_at,
            publisher=item.publisher,
            tier=item.tier,
            role=item.role,
            feed_kind=item.feed_kind,
        ),
        policy,
    )
    if level <= max(parent.level, Level.INFO):
        return link
    why = Why("aftershock_graver", {"level": level.name})
    return replace(link, incident_id=None, opens=True, why=(why,), relates_to=parent.id)
