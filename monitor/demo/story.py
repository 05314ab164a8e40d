"""Tells the onlooker what happens, one line each, in plain English."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from alerts import words
from alerts.dates import zone_label
from monitor.demo.replay import Step
from storage.records import Change, Item, Level, Notice, Role, Why

WIDTH = 118
_LEVELS = {Level.FLASH: "1;37;41", Level.ALERT: "1;31", Level.WATCH: "33", Level.INFO: "2"}
_NATIONALS = {
    "unknown": "nothing known",
    "none_reported": "none reported affected",
    "reported": "reported, unconfirmed",
    "harmed": "reported, unconfirmed",
}
_KINDS = {
    "update": "update",
    "raised": "level raised",
    "lowered": "level lowered",
    "corrected": "correction",
    "lifted": "warning lifted",
    "withdrawn": "withdrawn",
    "closed": "closed",
    "taken": "taken",
}


@dataclass(slots=True)
class Story:
    """Turns steps into lines. `colour` is for terminals; `zone` is the desk's own clock."""

    zone: ZoneInfo
    colour: bool = False
    _failing: set[str] = field(default_factory=set)
    begun: bool = False
    _last: str = ""

    def lines(self, step: Step) -> list[str]:
        """What to print for this step; empty when nothing worth a line happened."""
        told = [*self._feeds(step), *self._items(step), *self._changes(step), *self._mails(step)]
        if not told and not step.said:
            return []
        found = [] if not step.said else ["", *(self._painted("1;36", f"  {s}") for s in step.said)]
        clock = step.at.astimezone(self.zone)
        for what, text in told:
            stamp = f"{clock:%H:%M}"
            shown = stamp if stamp != self._last else " " * len(stamp)
            self._last = stamp
            found.append(f"{shown}  {what:<9} {text}")
        if step.said:
            self._last = ""
        return found

    def opening(self, step: Step, feeds: int) -> list[str]:
        """For the first step, where every feed is read for the first time."""
        self.begun = True
        clock = step.at.astimezone(self.zone)
        read = sum(poll.ok for poll in step.polls)
        return [
            f"It is {clock:%A %d %B %Y, %H:%M} in {zone_label(self.zone, 'en')}. "
            f"{read} of {feeds} feeds are read; {len(step.items)} older entries are stored, "
            "and nobody is told of them.",
        ]

    # --- one kind of line each -------------------------------------------------------------------

    def _feeds(self, step: Step) -> Iterator[tuple[str, str]]:
        for poll in step.polls:
            if not poll.ok and poll.feed not in self._failing:
                self._failing.add(poll.feed)
                again = f"next try in {poll.next_poll_s / 60:.0f} minutes"
                reason = words.say_or(f"feed.{poll.state}", "en", poll.state)
                yield (
                    "feed",
                    self._painted("1;31", f"{poll.feed}: {reason} ({poll.detail}); {again}"),
                )
            elif poll.ok and poll.feed in self._failing:
                self._failing.discard(poll.feed)
                yield "feed", self._painted("32", f"{poll.feed} is read again")

    def _items(self, step: Step) -> Iterator[tuple[str, str]]:
        opened = {change.item_id for change in step.changes if change.kind == "opened"}
        for item in step.items:
            what = "ministry" if item.role is Role.COMMUNICATION else "item"
            text = _cut(f"{item.publisher}: {item.values.title}")
            why = self._why(item, step)
            if item.incident_id is None:
                yield what, self._painted("2", text)
                yield "", self._painted("2", f"no incident: {why}")
                continue
            yield what, text
            if item.id not in opened:
                number = step.incidents[item.incident_id].number
                yield "", self._painted("2", f"joins {number}: {why}")

        for item in step.revised:
            yield "revised", _cut(f"{item.publisher}: {item.values.title}")

    def _why(self, item: Item, step: Step) -> str:
        why: tuple[Why, ...] = item.disposition
        if item.incident_id is not None:
            why = step.why.get(item.id, ())
        return _cut("; ".join(words.reasons(why, "en", zone=self.zone)))

    def _changes(self, step: Step) -> Iterator[tuple[str, str]]:
        for change in step.changes:
            if (text := self._change(change, step)) is not None:
                yield "incident", text

    def _change(self, change: Change, step: Step) -> str | None:
        incident = step.incidents[change.incident_id]
        number = incident.number
        if change.kind == "opened":
            level = self._level(incident.level)
            drill = " (a drill: nobody is told)" if incident.exercise else ""
            return f"{number} opened {level}{drill}: {incident.title_en}"
        if change.kind in ("level_raised", "level_lowered"):
            because = _cut("; ".join(words.reasons(change.why[:1], "en", zone=self.zone)))
            new = self._level(Level[change.new or "INFO"])
            return f"{number} {change.kind.partition('_')[2]} {change.old} → {new}: {because}"
        if change.kind == "nationals":
            was, now = (_NATIONALS.get(each or "", each) for each in (change.old, change.new))
            told = f"a new report ({now})" if was == now else f"{was} → {now}"
            return f"{number} our nationals: {told}"
        if change.kind == "acknowledged":
            return self._painted("32", f"{number} acknowledged by {change.by}")
        simple = {
            "corrected": f"{number} corrected: {change.old} → {change.new}",
            "figure": f"{number} figure: {change.old or 'none yet'} → {change.new}",
            "advice": f"{number} travel advice: {change.old} → {change.new}",
            "lifted": f"{number} lifted: the danger is over",
            "withdrawn": f"{number} withdrawn by its source",
            "home_silent": f"{number} others have spoken, and none of our own ministry's feeds",
            "advice_eased": f"{number} travel advice eased: {change.old} → {change.new}",
            "advice_cluster": f"{number} several ministries changed their advice: {change.new}",
            "voices": f"{number} ministries speak, no hazard source has: {change.new}",
        }
        return simple.get(change.kind)

    def _mails(self, step: Step) -> Iterator[tuple[str, str]]:
        digest = [notice for notice in step.notices if notice.kind == "digest"]
        if digest:
            people = ", ".join(notice.person for notice in digest)
            draft = all(notice.digest_id is None for notice in digest)
            what = "the draft of the daily report" if draft else "the daily report"
            yield (
                "digest",
                self._painted("1;32", f"{what} goes to {people}: {_cut(digest[0].subject)}"),
            )
        for notice in step.notices:
            if notice.kind != "digest":
                yield "mail", self._mail(notice)

    def _mail(self, notice: Notice) -> str:
        person = self._painted("1", notice.person)
        if notice.kind == "escalation":
            return f"nobody has acknowledged: {person} is told: {_cut(notice.subject)}"
        if notice.kind == "reminder":
            return f"nobody has acknowledged: {person} is reminded: {_cut(notice.subject)}"
        kind = f" ({_KINDS[notice.kind]})" if notice.kind in _KINDS else ""
        return f"to {person}{kind}: {_cut(notice.subject)}"

    def _level(self, level: Level) -> str:
        return self._painted(_LEVELS[level], level.name)

    def _painted(self, code: str, text: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.colour else text


def _cut(text: str, width: int = WIDTH) -> str:
    text = " ".join(text.split())
    return text if len(text) <= width else text[: width - 1] + "…"
