"""The other addresses of feeds that cannot be read: tried, proposed, never switched to silently."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from alerts.feedhealth import proposed_address
from alerts.policy import Policy
from monitor.checking import throw_away
from monitor.classifying import Classifiers
from monitor.config.feedlist import Feed, FeedList, identities
from monitor.config.settings import Settings
from storage import feeds

if TYPE_CHECKING:
    from storage.database import Connection


@dataclass(frozen=True, slots=True)
class Trial:
    """How one other address answered."""

    url: str
    state: str
    ok: bool
    entries: int


@dataclass(frozen=True, slots=True)
class Tried:
    """A feed's other addresses; `best` is the first that can be read and has entries."""

    feed: str
    url: str
    trials: tuple[Trial, ...]
    best: str | None

    def as_json(self) -> dict[str, Any]:
        """For --json."""
        return asdict(self)


def dead_feeds(conn: Connection, feedlist: FeedList) -> list[Feed]:
    """The enabled feeds whose last poll failed and that have other addresses to try."""
    states = feeds.states(conn)
    failing = {state.key: state for state in states if state.failures or proposed_address(state)}
    found = []
    for key, feed in identities(feedlist.enabled, states).items():
        state = failing.get(key)
        if state is None:
            continue
        moved = proposed_address(state)
        others = dict.fromkeys([*([moved] if moved else []), *feed.alternates])
        if others:
            found.append(replace(feed, alternates=tuple(others)))
    return found


async def try_alternates(
    settings: Settings,
    chosen: Sequence[Feed],
    policy: Policy,
    classifiers: Classifiers | None = None,
) -> list[Tried]:
    """Read every other address of these feeds once, storing nothing."""
    trials = [
        replace(feed, name=f"{number}", id=f"trial-{number}", url=url, alternates=())
        for number, (feed, url) in enumerate(
            (feed, url) for feed in chosen for url in feed.alternates
        )
    ]
    if not trials:
        return [Tried(feed.name, feed.url, (), None) for feed in chosen]
    distinct = {trial.url: trial for trial in trials}
    async with throw_away(
        settings, [*distinct.values()], policy, classifiers=classifiers
    ) as program:
        reports = {report.feed: report for report in await program.poll_all()}
    by_url = {url: reports[trial.name] for url, trial in distinct.items()}
    found = []
    for feed in chosen:
        answers = tuple(
            Trial(url, by_url[url].state, by_url[url].ok, by_url[url].entries)
            for url in feed.alternates
        )
        best = next((each.url for each in answers if each.ok and each.entries), None)
        found.append(Tried(feed.name, feed.url, answers, best))
    return found
