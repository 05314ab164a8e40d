"""Silences as officers make and end them, and the mail that tells what one hid when it ends."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from alerts import clean
from alerts.context import DrillMode
from alerts.listmail import Listed, ListMail, render_list
from alerts.message import message_id, to_mime
from alerts.policy import Person, Policy
from alerts.roster import told
from monitor import modes
from monitor.config.settings import Settings
from monitor.config.words_near import near
from monitor.countryname import code_of_name
from monitor.names import known_country
from monitor.refusal import Refusal
from storage import audit, decisions, feeds, incidents, meta, outbox, silences
from storage.records import Decision, NewNotice, Silence, Why

if TYPE_CHECKING:
    from storage.database import Connection

USUAL = timedelta(hours=24)
LONGEST = timedelta(days=7)
_WAITED = timedelta(days=1)  # what was decided before it began, and waited
_LOOK_BACK = timedelta(days=2)  # for one that ended while the program stood still


class Refused(Refusal):
    """A silence that cannot be."""

    section = "silences.fault"


@dataclass(frozen=True, slots=True)
class Wish:
    """What an officer wants silenced, why, and until when; the parts that are given must all hold.

    `number` is an incident's; only such a silence keeps a FLASH quiet.
    """

    reason: str
    until: datetime | None = None
    number: str | None = None
    countries: tuple[str, ...] = ()
    hazards: tuple[str, ...] = ()
    feeds: tuple[str, ...] = ()


def add(conn: Connection, wish: Wish, policy: Policy, *, by: str, now: datetime) -> Silence:
    """Make the silence; 24 hours unless it says otherwise. Raises Refused in plain words."""
    reason = clean.one_line(wish.reason, 200)
    if not reason:
        raise Refused("reason")
    until = wish.until or now + USUAL
    if until <= now:
        raise Refused("past")
    if until > now + LONGEST:
        raise Refused("long")
    incident = incidents.by_number(conn, wish.number) if wish.number else None
    if wish.number and incident is None:
        raise Refused("no_incident", number=wish.number)
    if incident and (wish.countries or wish.hazards or wish.feeds):
        raise Refused("both")
    if not (incident or wish.countries or wish.hazards or wish.feeds):
        raise Refused("nothing")
    wish = _settled(conn, wish, policy)
    made = silences.add(
        conn,
        owner=by,
        reason=reason,
        starts_at=now,
        ends_at=until,
        incident_id=incident.id if incident else None,
        countries=wish.countries,
        hazards=wish.hazards,
        feeds=wish.feeds,
    )
    audit.record(
        conn, at=now, who=by, action="add silence", subject=f"silence {made.id}",
        after={
            "incident": wish.number, "countries": list(wish.countries),
            "hazards": list(wish.hazards), "feeds": list(wish.feeds),
            "reason": reason, "until": until.isoformat(),
        },
    )  # fmt: skip
    return made


def end(conn: Connection, silence_id: int, *, by: str, now: datetime) -> None:
    """End it now. Raises Refused if it has ended already or never was."""
    if not silences.end(conn, silence_id, now):
        raise Refused("no_silence", id=silence_id)
    audit.record(conn, at=now, who=by, action="end silence", subject=f"silence {silence_id}")


def hidden(conn: Connection, of: Silence) -> list[Decision]:
    """The last decision of every incident that it kept quiet, oldest incident first."""
    found: dict[int, Decision] = {}
    for made in decisions.silenced(conn, of.starts_at - _WAITED):
        if any(why.code == "silenced" and why.values.get("silence") == of.id for why in made.why):
            found[made.incident_id] = made
    return [found[incident_id] for incident_id in sorted(found)]


def tell_ended(conn: Connection, policy: Policy, settings: Settings, *, now: datetime) -> int:
    """Mail what the silences that have ended hid; each once, to its owner and to who has duty.

    How many mails. One that hid nothing needs none.
    """
    made = 0
    for silence in silences.ended_between(conn, now - _LOOK_BACK, now):
        key = f"silence.{silence.id}.told"
        if meta.get(conn, key) is not None:
            continue
        meta.set(conn, key, "", now)
        entries = tuple(
            Listed(incidents.get(conn, each.incident_id), "", why=())
            for each in hidden(conn, silence)
        )
        if entries:
            mode = modes.current(conn, "drill", now)
            drill = DrillMode(mode.since, mode.by) if mode else None
            for team, person in _readers(silence, policy, now):
                mail = _mail(silence, person, entries, policy, settings, now, drill=drill)
                notice = _notice(silence, mail, team, settings)
                made += outbox.enqueue(conn, notice, now) is not None
    return made


def _settled(conn: Connection, wish: Wish, policy: Policy) -> Wish:
    """The wish with countries and hazards as codes, however they were written. Raises Refused."""
    wish = replace(
        wish,
        countries=tuple(_place(each, policy) for each in wish.countries),
        hazards=tuple(_hazard(each) for each in wish.hazards),
    )
    names = [state.name for state in feeds.states(conn) if state.listed] if wish.feeds else []
    for name in wish.feeds:
        if name not in names:
            raise Refused("feed", name=name, near=near(name, names))
    return wish


def _place(written: str, policy: Policy) -> str:
    """A region as it is named, else the code of a country by its code or name."""
    text = written.strip()
    if text in ("home", *policy.regions):
        return text
    if known_country(text.upper()):
        return text.upper()
    code = code_of_name(text)
    if code is None:
        raise Refused("country", code=text, near=near(text, policy.regions))
    return code


def _hazard(written: str) -> str:
    from monitor.config.policyrefs import hazard_keys, hazard_named

    key = hazard_named(written)
    if key is None:
        raise Refused("hazard", key=written, near=near(written, hazard_keys()))
    return key


def _readers(of: Silence, policy: Policy, now: datetime) -> Iterable[tuple[str, Person]]:
    """The owner, if he is somebody of alerts.yaml, and who has duty in the teams of the digests.

    Without a digest, in the teams that rules tell. A person is named once.
    """
    found: dict[str, tuple[str, Person]] = {}
    live = [rule for rule in policy.rules if rule.enabled and not rule.shadow]
    told_by = policy.digests or live
    teams = dict.fromkeys(team for each in told_by for team in each.teams if team in policy.teams)
    owner = next(
        (each for each in policy.people.values() if of.owner in (each.id, each.email)), None
    )
    if owner is not None and teams:
        found[owner.id] = (next(iter(teams)), owner)
    for team in teams:
        for person in told(policy.teams[team], "primary", policy, now).people:
            found.setdefault(person.id, (team, person))
    return found.values()


def _mail(
    of: Silence, person: Person, entries: tuple[Listed, ...], policy: Policy, settings: Settings,
    now: datetime, *, drill: DrillMode | None,
) -> ListMail:  # fmt: skip
    values = {"owner": of.owner, "because": of.reason, "until": of.ends_at.isoformat()}
    return ListMail(
        kind="silence",
        person=person,
        policy=policy,
        now=now,
        why=Why("silence_ended", values),
        entries=entries,
        base_url=settings.base_url,
        drill=drill is not None,
        drill_mode=drill,
        message_id=message_id(
            f"silence.{of.id}", 1, person.email, sender=settings.mail_from,
            origin=of.starts_at.isoformat(),
        ),
    )  # fmt: skip


def _notice(of: Silence, mail: ListMail, team: str, settings: Settings) -> NewNotice:
    message = render_list(mail)
    return NewNotice(
        kind="silence",
        recipient=mail.person.email,
        person=mail.person.id,
        team=team,
        language=mail.person.language,
        level=mail.level,
        subject=message.subject,
        message_id=mail.message_id,
        mime=to_mime(
            message,
            sender=settings.mail_from,
            recipient=mail.person.email,
            message_id=mail.message_id,
            now=mail.now,
        ),
        due_at=mail.now,
        why=(mail.why,),
        exercise=mail.drill,
    )
