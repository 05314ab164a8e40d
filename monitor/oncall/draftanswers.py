"""A reply to the draft of a digest: it changes the next issue, as the command and the form do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.parser import BytesHeaderParser
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from alerts import clean, dates, phrases, words
from alerts.brief import Brief
from alerts.context import languages_of
from alerts.digest.draftreply import Wish, read_reply
from alerts.incoming import Incoming
from alerts.message import same_address
from alerts.policy import DigestPlan, Person, Policy
from monitor.config.settings import Settings
from monitor.digest import edit
from monitor.oncall import letters
from storage.records import DigestEdits, Notice

if TYPE_CHECKING:
    from storage.database import Connection

PLAN_HEADER, DAY_HEADER = "X-Crisis-Draft", "X-Crisis-Digest"
_QUOTED = 160


@dataclass(frozen=True, slots=True)
class Draft:
    """Of which issue a mail is the draft."""

    plan: DigestPlan
    day: date


def draft_of(notice: Notice, policy: Policy) -> Draft | None:
    """The issue that this notice is the draft of; None for any other notice."""
    if notice.kind != "digest":
        return None
    headers = BytesHeaderParser().parsebytes(notice.mime)
    plan = next((each for each in policy.digests if each.id == headers.get(PLAN_HEADER)), None)
    if plan is None:
        return None
    return Draft(plan, date.fromisoformat(str(headers[DAY_HEADER])))


def take(
    conn: Connection,
    policy: Policy,
    settings: Settings,
    mail: Incoming,
    notice: Notice,
    draft: Draft,
    key: str,
    now: datetime,
) -> tuple[str, str, int]:
    """Change the issue as the reply asks, and say by mail what became of it.

    What the reply was, a detail, and the notice that it answers. The notice was found by its
    reply mark; the sender must be its recipient as well.
    """
    if mail.kind != "answer":
        return "auto_reply", "", notice.id
    to = policy.people.get(notice.person)
    if not same_address(mail.sender, notice.recipient):
        colleagues = policy.people.values()
        other = next((each for each in colleagues if same_address(each.email, mail.sender)), None)
        if other is not None:
            owner = {lang: phrases.office(notice.person, lang, policy) for lang in ("th", "en")}
            said: dict[str, tuple[str, ...]] = {
                lang: (words.say("oncall.answer_other_sender", lang, who=owner[lang]),)
                for lang in ("th", "en")
            }
            _say(conn, policy, settings, other, notice, key, said, now)
        return "other_sender", mail.sender, notice.id
    if to is None:  # no longer in alerts.yaml
        return "unknown", "", notice.id
    wish = read_reply(mail.lines)
    kind, edits, refused = _obeyed(conn, policy, draft, wish, notice.person, now)
    said = {
        language: _answer(language, policy, draft, notice, wish, edits, refused)
        for language in ("th", "en")
    }
    _say(conn, policy, settings, to, notice, key, said, now)
    return kind, "", notice.id


def _obeyed(
    conn: Connection, policy: Policy, draft: Draft, wish: Wish, by: str, now: datetime
) -> tuple[str, DigestEdits | None, edit.Refused | None]:
    """What the reply was, what then stands, and why nothing was done where nothing was."""
    if wish.unread:
        refused = edit.Refused("unread", line=clean.one_line(wish.unread, _QUOTED))
        return "draft_refused", None, refused
    wanted = edit.Wanted(
        bottom_line_th=wish.bottom_line_th,
        bottom_line_en=wish.bottom_line_en,
        hide=wish.hide or None,
        pick=wish.pick or None,
        show=wish.show or None,
        clear=wish.clear,
    )
    try:
        edits = edit.change(conn, draft.plan, policy, wanted=wanted, by=by, now=now, day=draft.day)
    except edit.Refused as error:
        return "draft_refused", None, error
    return ("draft_changed" if wish.asks else "draft_kept"), edits, None


def _answer(
    language: str,
    policy: Policy,
    draft: Draft,
    notice: Notice,
    wish: Wish,
    edits: DigestEdits | None,
    refused: edit.Refused | None,
) -> tuple[str, ...]:
    """What we say: the first line is what was done, the rest what now stands."""
    if refused is not None or edits is None:
        why = refused.in_(language) if refused else ""
        how = words.say("digest_edit.reply_how", language)
        return (words.say("digest_edit.answer_refused", language, why=why), how)
    zone = ZoneInfo(policy.timezone)
    due = datetime.combine(draft.day, draft.plan.at, zone).astimezone(UTC)
    head = words.say(
        "digest_edit.answer_changed" if wish.asks else "digest_edit.answer_kept",
        language,
        zone=zone,
        at=dates.moment(due, language, zone),
        who=phrases.office(notice.person, language, policy),
    )
    return (
        head,
        *edit.standing(edits, language),
        words.say("digest_edit.answer_again", language),
    )


def _say(
    conn: Connection,
    policy: Policy,
    settings: Settings,
    to: Person,
    about: Notice,
    key: str,
    said: Mapping[str, tuple[str, ...]],
    now: datetime,
) -> None:
    briefs = [
        Brief(language, said[language][0], said[language][1:]) for language in languages_of(to)
    ]
    letters.answer_with(conn, policy, settings, to, about, briefs, now, letter=key)
