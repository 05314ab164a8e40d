"""The two files as one: what neither shows by itself, and both faults when both are wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

from alerts.policy import Policy
from monitor.config.faults import Fault, FileFault, hint, joined, said
from monitor.config.feedlist import FeedList, read_feedlist
from monitor.config.policyfile import read_policy
from monitor.config.yamlfile import digest_of, raw_of
from monitor.errors import ConfigError
from monitor.names import known_country

Read = TypeVar("Read")


def read_together(
    feeds: Path, alerts: Path, environ: Mapping[str, str], known: FeedList | None = None
) -> tuple[FeedList, Policy]:
    """Both files, read and checked. Raises ConfigError with the faults of both.

    `known` is taken for the feed list where the file has not changed since it was read.
    """
    faults: list[ConfigError] = []
    feedlist = _or_fault(lambda: _as_known(known, feeds) or read_feedlist(feeds, environ), faults)
    policy = _or_fault(lambda: read_policy(alerts), faults)
    if feedlist is None or policy is None:
        raise joined(faults)
    check_together(feedlist, policy, alerts)
    return feedlist, policy


def check_together(feedlist: FeedList, policy: Policy, alerts: Path) -> None:
    """Refuse what would watch nothing, tell nobody, or names a region that is not there.

    Raises ConfigError with one line per fault.
    """
    faults: list[Fault] = []
    if not feedlist.enabled:
        faults.append(Fault(feedlist.path, said("no_feed_on")))
    if not any(rule.enabled for rule in policy.rules):
        faults.append(Fault(alerts, said("no_rule_on")))
    choice = ("world", "home", *policy.regions)
    for feed in feedlist.feeds:
        for word in feed.coverage:
            if word not in choice and not known_country(word):
                what = said("no_region", given=repr(word), hint=hint(word, choice))
                entry = ("feeds", feed.name)
                faults.append(Fault(feedlist.path, what, feed.line, "coverage", entry))
    if faults:
        raise FileFault(*faults[:20])


def _as_known(known: FeedList | None, path: Path) -> FeedList | None:
    same = known is not None and known.path == path and digest_of(raw_of(path)) == known.digest
    return known if same else None


def _or_fault(read: Callable[[], Read], faults: list[ConfigError]) -> Read | None:
    try:
        return read()
    except ConfigError as error:
        faults.append(error)
        return None
