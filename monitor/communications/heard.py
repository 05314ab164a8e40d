"""What ministries said in one transaction, and the signals that follow from it at its end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from alerts.policy import Policy
from monitor.communications import signals
from monitor.communications.watch import AdviceStep, again, changed, given, line_of
from monitor.incidents.unsaid import LAST_CHANGE
from storage import advice
from storage.records import Item, NewAdvice

if TYPE_CHECKING:
    from storage.database import Connection


@dataclass(slots=True)
class Heard:
    """Gathers while items are taken; `finish` follows when the incidents are stored."""

    first: list[NewAdvice] = field(default_factory=list)
    notices: list[tuple[Item, NewAdvice]] = field(default_factory=list)
    steps: list[AdviceStep] = field(default_factory=list)
    taken: list[tuple[Item, int]] = field(default_factory=list)

    def note_first(self, item: Item, keys: Sequence[tuple[str, str]], now: datetime) -> None:
        """A line of advice that was not there before is kept; it is no change."""
        said = item.values.advice
        if said is None:
            return
        line = line_of(item.values, keys)
        new = given(item, said, line, now=now, first=True)
        if LAST_CHANGE in item.values.flags and line == said.country:
            self.notices.append((item, new))  # one notice of many about that country
        else:
            self.first.append(new)

    def note(self, item: Item, incident_id: int | None) -> None:
        """An item that was taken into an incident."""
        if incident_id is not None:
            self.taken.append((item, incident_id))

    def note_revised(
        self,
        conn: Connection,
        before: Item,
        after: Item,
        keys: Sequence[tuple[str, str]],
        incident_id: int | None,
        now: datetime,
    ) -> None:
        """A revision: its advice may have changed, and it may be news to its incident."""
        step = changed(conn, before, after, line_of(after.values, keys), now=now)
        if step is not None:
            self.steps.append(step)
        if before.incident_id is None or before.reading.nationals != after.reading.nationals:
            self.note(after, incident_id)

    def finish(self, conn: Connection, policy: Policy, now: datetime) -> None:
        """Keep what was seen first, and put to the rules what the words say by themselves."""
        advice.add_first(conn, self.first)
        for item, said in self.notices:
            step = again(conn, said, item)
            if step is not None:
                self.steps.append(step)
        signals.after_items(conn, self.taken, policy, now=now)
        signals.after_advice(conn, self.steps, policy, now=now)
