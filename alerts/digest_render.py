"""A digest's content in words: one mail for one reader."""

from __future__ import annotations

import base64
from zoneinfo import ZoneInfo

from alerts import clean, dates, templating, words
from alerts.context import languages_of
from alerts.digest import DigestContent
from alerts.digest_sections import issue
from alerts.digest_voice import Issue, Limits
from alerts.message import SUBJECT_LIMIT, Message
from alerts.policy import Person, Policy
from storage.records import Level

HTML_LIMIT = 60_000  # bytes after encoding
# How far every list is cut, until the mail is small enough.
_LIMITS = (
    Limits(),
    Limits(changes=6, top=4, headlines=1, categories=8, health=4, speakers=6, unalerted=5),
    Limits(changes=4, top=3, headlines=1, categories=5, health=3, speakers=4, unalerted=3, feeds=4),
    Limits(changes=3, top=2, headlines=0, categories=3, health=2, speakers=3, unalerted=2, feeds=3),
    Limits(
        changes=2,
        top=1,
        headlines=0,
        categories=2,
        health=1,
        speakers=2,
        advice=2,
        unalerted=1,
        feeds=2,
    ),
)


def subject(content: DigestContent, language: str, policy: Policy) -> str:
    """`[DIGEST] Sat 29 Mar 2025 – 1 FLASH, 3 ALERT, 9 WATCH · 2 feeds down`."""
    tag = words.say("message.digest", language)
    counts = [
        words.say(
            "digest.extra.level_count",
            language,
            level=level.name,
            count=content.open_levels.get(level.name, 0),
        )
        for level in (Level.FLASH, Level.ALERT, Level.WATCH)
    ]
    joined = " ".join(counts) if language == "th" else ", ".join(counts)
    line = f"[{tag}] {dates.day(content.local_date, language)} – {joined}"
    down = content.feeds_total - content.feeds_healthy
    if down:
        line += " · " + words.say("digest.feeds_down", language, count=down)
    return clean.header(line, SUBJECT_LIMIT)


def render_digest(
    content: DigestContent, person: Person, policy: Policy, *, base_url: str = ""
) -> Message:
    """The digest for one person: Thai, English, or Thai with the main parts in English below."""
    for limits in _LIMITS:
        message = _rendered(content, person, policy, base_url, limits)
        if len(base64.encodebytes(message.html.encode("utf-8", "replace"))) <= HTML_LIMIT:
            break
    return message


def _rendered(
    content: DigestContent, person: Person, policy: Policy, base_url: str, limits: Limits
) -> Message:
    languages = languages_of(person)
    zone = ZoneInfo(policy.timezone)
    issues: tuple[Issue, ...] = tuple(
        issue(
            content,
            language,
            person=person,
            policy=policy,
            zone=zone,
            base_url=clean.link(base_url) or "",
            limits=limits,
            whole=place == 0,
        )
        for place, language in enumerate(languages)
    )
    line = subject(content, languages[0], policy)
    return Message(
        subject=line,
        text=templating.text("digest.txt", blocks=issues),
        html=templating.html("digest.html", blocks=issues, subject=line),
        headers={
            "X-Crisis-Kind": "digest",
            "X-Crisis-Digest": content.local_date.isoformat(),
            "Precedence": "list",
        },
        list_name="digest",
        languages=languages,
    )
