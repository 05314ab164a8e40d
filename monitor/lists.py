"""The mails with a list that a flood makes: one to a person, with every incident that it tells."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import TYPE_CHECKING

from alerts.context import DrillMode
from alerts.listmail import Listed, ListMail, render_list
from alerts.message import Message, message_id, to_mime
from alerts.policy import Policy
from alerts.situation import PlannedNotice
from monitor.config.settings import Settings
from storage import outbox
from storage.records import Incident, NewNotice, Why

if TYPE_CHECKING:
    from storage.database import Connection


def identifier_of(incident: Incident, planned: PlannedNotice, settings: Settings) -> str:
    """The Message-ID of a notice about an incident."""
    return message_id(
        incident.number,
        planned.number,
        planned.person.email,
        sender=settings.mail_from,
        origin=incident.opened_at.isoformat(),
        part=f"s{planned.step}" if planned.step else "",
    )


class Lists:
    """What one run tells in lists, by person."""

    def __init__(
        self, policy: Policy, settings: Settings, now: datetime, *, drill: DrillMode | None
    ) -> None:
        self._policy = policy
        self._settings = settings
        self._now = now
        self._drill = drill is not None
        self._drill_mode = drill
        self._found: dict[str, list[tuple[Incident, PlannedNotice]]] = defaultdict(list)

    def add(self, incident: Incident, planned: PlannedNotice) -> None:
        """Tell this one in the person's list."""
        self._found[planned.person.id].append((incident, planned))

    def send(self, conn: Connection) -> int:
        """Put a mail for every person into the outbox, and what it tells beside it; how many."""
        return sum(self._send(conn, found) for found in self._found.values())

    def _send(self, conn: Connection, found: list[tuple[Incident, PlannedNotice]]) -> int:
        now, person = self._now, found[0][1].person
        incident = found[0][0]
        identifier = message_id(
            f"flood.{now:%Y%m%dT%H%M%S}",
            1,
            person.email,
            sender=self._settings.mail_from,
            origin=f"{incident.number} {incident.opened_at.isoformat()} {now.isoformat()}",
        )
        why = next(why for why in found[0][1].why if why.code == "grouped")
        mail = ListMail(
            kind="flood",
            person=person,
            policy=self._policy,
            now=now,
            why=why,
            entries=tuple(
                Listed(incident, each.kind, each.number, _of_the_rules(each.why))
                for incident, each in found
            ),
            base_url=self._settings.base_url,
            drill=self._drill,
            message_id=identifier,
            drill_mode=self._drill_mode,
        )
        message = render_list(mail)
        sent = NewNotice(
            kind="flood",
            recipient=person.email,
            person=person.id,
            team=found[0][1].team,
            language=person.language,
            level=mail.level,
            subject=message.subject,
            message_id=identifier,
            mime=self._mime(message, person.email, identifier),
            due_at=now,
            why=(why,),
            exercise=self._drill,
        )
        if outbox.enqueue(conn, sent, now) is None:
            return 0
        stub = _stub(identifier)
        told = [
            NewNotice(
                kind=planned.kind,
                recipient=person.email,
                person=person.id,
                team=planned.team,
                language=person.language,
                level=planned.level,
                subject=message.subject,
                message_id=identifier_of(incident, planned, self._settings),
                mime=stub,
                due_at=planned.due_at,
                incident_id=incident.id,
                number=planned.number,
                step=planned.step,
                why=planned.why,
                exercise=self._drill,
            )
            for incident, planned in found
        ]
        outbox.note_grouped(conn, told, now, identifier)
        return 1

    def _mime(self, message: Message, recipient: str, identifier: str) -> bytes:
        return to_mime(
            message,
            sender=self._settings.mail_from,
            recipient=recipient,
            message_id=identifier,
            now=self._now,
        )


def _stub(identifier: str) -> bytes:
    """What stands in the place of a mail that is never sent: where it was told."""
    return (
        f"In-Reply-To: {identifier}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
        f"Told in the mail with the list: {identifier}\r\n"
    ).encode("ascii", "replace")


def _of_the_rules(whys: tuple[Why, ...]) -> tuple[Why, ...]:
    return tuple(why for why in whys if why.code in ("rule", "unstable", "escalation"))[:1]
