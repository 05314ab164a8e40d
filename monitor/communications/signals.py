"""What ministries' words say by themselves, each a change that the rules are asked about.

Several of them change advice on one country; they ease it; they speak of what no hazard source
told of; they speak of a grave incident and none of our own feeds does. Thresholds: `voices` of
alerts.yaml; docs/advice.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from alerts.policy import Policy
from monitor.communications.table import home_voice
from monitor.communications.watch import AdviceStep, as_new, is_eased, is_raised
from monitor.incidents.afresh import work_out
from monitor.incidents.floors import raised
from storage import advice, incidents, itemreads
from storage.records import (
    AdviceGiven,
    Incident,
    Item,
    Level,
    NewAdvice,
    Role,
    Why,
)

if TYPE_CHECKING:
    from storage.database import Connection

REPORTS = ("reported", "harmed")
MACHINE_SETS = ("unknown", "none_reported", "reported")
MOST = 10_000
_INSTANT = timedelta(microseconds=1)


def after_advice(
    conn: Connection, steps: Sequence[AdviceStep], policy: Policy, *, now: datetime
) -> None:
    """What the changes of advice of one transaction say by themselves."""
    for step in steps:
        incident_id = itemreads.get(conn, step.item.id).incident_id
        if incident_id is not None and is_eased(step.old, step.new):
            _eased(conn, incidents.get(conn, incident_id), step, policy, now)
    for country in dict.fromkeys(step.country for step in steps if step.country):
        _cluster(conn, country, policy, now)


def after_items(
    conn: Connection, taken: Iterable[tuple[Item, int]], policy: Policy, *, now: datetime
) -> None:
    """What newly linked items say: voices without a signal, and of our people."""
    spoken: dict[int, None] = {}
    for item, incident_id in taken:
        if item.role is Role.COMMUNICATION:
            spoken[incident_id] = None
        if item.reading.nationals in (*REPORTS, "none_reported"):
            _nationals(conn, item, incidents.get(conn, incident_id), policy, now)
    for incident_id in spoken:
        _voices(conn, incidents.get(conn, incident_id), policy, now)


def after_time(conn: Connection, policy: Policy, *, now: datetime) -> int:
    """Grave incidents of which others spoke long enough ago and our own feeds did not; how many.

    Only while every one of our own feeds can be read: otherwise nobody knows.
    """
    voice = home_voice(conn, now)
    if voice.feeds == 0 or voice.failing:
        return 0
    found = 0
    for incident in incidents.listing(conn, states=("open",), min_level=Level.ALERT, limit=MOST):
        if incident.exercise or incident.withdrawn:
            continue
        spoken = incidents.communications(conn, incident.id, by_hand=True)
        peers = [each for each in spoken if not each.home and each.speaker != policy.home_country]
        if not peers or len(peers) < len(spoken):
            continue
        if now - min(each.at for each in peers) < policy.voices.home_silent_after:
            continue
        if _told(conn, incident, "home_silent"):
            continue
        speakers = _codes(each.speaker for each in peers)
        why = Why("home_silent", {"countries": speakers, "count": voice.feeds})
        _tell(conn, incident, "home_silent", None, speakers, why, policy, now)
        found += 1
    return found


def _eased(
    conn: Connection, incident: Incident, step: AdviceStep, policy: Policy, now: datetime
) -> None:
    code = "advice_lifted" if step.new.step == 1 else "advice_lowered"
    why = Why(
        code,
        {
            "publisher": step.item.publisher,
            "country": step.country or "ZZ",
            "old": step.old.step,
            "new": step.new.step,
        },
    )
    old, new = _words(step.old), _words(step.new)
    _tell(conn, incident, "advice_eased", old, new, why, policy, now, item=step.item)


def _cluster(conn: Connection, country: str, policy: Policy, now: datetime) -> None:
    since = now - policy.voices.advice_within
    changed = [
        each
        for each in advice.changed_between(conn, since, now + _INSTANT, country)
        if each.speaker is not None and each.speaker != policy.home_country
    ]
    newest = {each.speaker: each for each in changed}
    if len(newest) < policy.voices.advice_ministries:
        return
    earlier = incidents.changes_of_kind(conn, "advice_cluster", since)
    if any(why.values.get("country") == country for change in earlier for why in change.why):
        return
    incident = _gravest(conn, changed)
    if incident is None:
        return
    up = sum(_went_up(conn, each) for each in newest.values())
    speakers = _codes(newest)
    hours = round(policy.voices.advice_within.total_seconds() / 3600)
    why = Why(
        "advice_cluster",
        {"countries": speakers, "country": country, "count": len(newest), "hours": hours},
    )
    level = Level.ALERT if up >= policy.voices.advice_ministries else Level.WATCH
    _tell(
        conn, raised(incident, level, why), "advice_cluster", None, speakers, why, policy, now,
        before=incident,
    )  # fmt: skip


def _voices(conn: Connection, incident: Incident, policy: Policy, now: datetime) -> None:
    if incident.exercise or "opened" in incident.held:
        return
    members = itemreads.of_incident(conn, incident.id)
    if any(each.role is Role.SIGNAL for each in members):
        return
    since = now - policy.voices.speak_within
    speakers = dict.fromkeys(
        each.speaker
        for each in reversed(members)
        if each.speaker and not each.home and each.first_seen_at >= since
    )
    if len(speakers) < policy.voices.speakers or _told(conn, incident, "voices"):
        return
    codes = _codes(speakers)
    why = Why("voices", {"countries": codes, "count": len(speakers)})
    _tell(
        conn, raised(incident, Level.WATCH, why), "voices", None, codes, why, policy, now,
        before=incident,
    )  # fmt: skip


def _nationals(
    conn: Connection, item: Item, incident: Incident, policy: Policy, now: datetime
) -> None:
    """Keep what an item says of our people; an officer's word stands, and is told beside it."""
    said = "reported" if item.reading.nationals in REPORTS else item.reading.nationals
    history = incidents.nationals_of(conn, incident.id)
    held = "nationals" in incident.held
    known = [MACHINE_SETS.index(each.status) for each in history if each.status in MACHINE_SETS]
    if not held and MACHINE_SETS.index(said) <= max(known, default=0):
        return
    incidents.note_nationals(
        conn, incident_id=incident.id, at=item.values.published_at or now, status=said, counts={},
        source=item.publisher, note=item.values.title[:200], by="machine", now=now,
    )  # fmt: skip
    if held and item.reading.nationals in REPORTS:
        why = Why("nationals_report", {"publisher": item.publisher})
        _tell(
            conn, incident, "nationals_report", incident.nationals, "reported", why, policy, now,
            item=item,
        )  # fmt: skip


def _tell(
    conn: Connection,
    incident: Incident,
    kind: str,
    old: str | None,
    new: str,
    why: Why,
    policy: Policy,
    now: datetime,
    *,
    item: Item | None = None,
    before: Incident | None = None,
) -> None:
    """Write the signal into the timeline and put it to the rules."""
    change = incidents.add_change(
        conn, incident_id=incident.id, at=now, kind=kind, item_id=item.id if item else None,
        old=old, new=new, why=(why,),
    )  # fmt: skip
    work_out(conn, incident, policy, now=now, before=before, changes=(change,), item=item)


def _told(conn: Connection, incident: Incident, kind: str) -> bool:
    return any(change.kind == kind for change in incidents.changes(conn, incident.id))


def _gravest(conn: Connection, changed: Sequence[AdviceGiven]) -> Incident | None:
    """The gravest incident that one of these changes stands in; among equals the first."""
    found: dict[int, Incident] = {}
    for each in changed:
        item = itemreads.get(conn, each.item_id) if each.item_id is not None else None
        if item is not None and item.incident_id is not None:
            found[item.incident_id] = incidents.survivor(conn, item.incident_id)
    return max(found.values(), key=lambda each: (each.level, -each.id), default=None)


def _went_up(conn: Connection, of: AdviceGiven) -> bool:
    earlier = advice.before(conn, of)
    return earlier is not None and is_raised(as_new(earlier), as_new(of))


def _words(of: NewAdvice) -> str:
    return " ".join(filter(None, (of.level, of.wording))) or "–"


def _codes(speakers: Iterable[str | None]) -> str:
    return ",".join(dict.fromkeys(code for code in speakers if code))
