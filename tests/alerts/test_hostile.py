"""Whatever a source writes, the mail goes out, and holds nothing that nobody meant to send."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from html.parser import HTMLParser
from urllib.parse import urlsplit

from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.context import AlertContext
from alerts.message import to_mime
from alerts.render import render_alert
from storage.records import (
    Advice,
    Change,
    Communication,
    Figure,
    ItemValues,
    Level,
    NationalsStatus,
    Reading,
    Tag,
    Why,
)
from tests.alerts.policies import DAY, NOW, ROSTERED, incident, item, policy

SENDER, TO = "Crisis Monitor <alerts@ministry.example>", DAY.email
HEADERS = {
    "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "X-Auto-Response-Suppress",
    "List-Id", "X-Crisis-Kind", "X-Crisis-Level", "X-Crisis-Category", "X-Crisis-Country",
    "X-Crisis-Incident", "X-Crisis-Notice", "X-Crisis-Rule", "X-Crisis-Reason",
    "X-Crisis-Exercise", "Importance", "X-Priority", "Content-Type", "Content-Language",
    "MIME-Version", "In-Reply-To", "References",
}  # fmt: skip
NASTY = (
    "\r\nBcc: all@elsewhere.example\r\n\r\n",
    "=?utf-8?b?eA0KQmNjOiBhbGxAZWxzZXdoZXJlLmV4YW1wbGU=?=",
    "=?utf-8?q?=0D=0ABcc:_all@elsewhere.example?=",
    "<script>alert(1)</script>", '"><img src=https://track.example/p.gif onerror=alert(1)>',
    "<svg><style><!--</style><img onerror=alert(1)>--><svg/onload=alert(1)>",
    "javascript:alert(1)", "data:text/html,x", "https://a.example/\r\nBcc: x", "//evil.example",
    "https://user@evil.example@good.example/", "\u2028\u2029\x85\x0b\x0c\x00", "\ud800", "\u202e",
    "{{ 7 * 7 }}", "{incident.level}", "%s%n", "--=_boundary--", ".\r\n", "]]>", "&#x202e;",
    "cid:map", "</title></head><body onload=alert(1)>",
)  # fmt: skip
ANYTHING = st.characters(exclude_categories=())
TEXTS = st.lists(
    st.sampled_from(NASTY) | st.text(ANYTHING, max_size=40), min_size=1, max_size=4
).map("".join)


class Found(HTMLParser):
    """The elements and addresses of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]


def alert(said: list[str]) -> AlertContext:
    """A notice in which strangers have written every text that they may write."""
    title, publisher, link, place, level, note, word, language = said
    told = item(
        id=34,
        publisher=publisher,
        values=ItemValues(title, link=link, language=language),
        reading=Reading(tags=(Tag("natural", 0.9, (word,)),), hazard=word, language=language),
    )
    return AlertContext(
        incident=incident(
            level=Level.FLASH, title_en=title, title_th=title, place=place, hazard=word,
            alert_levels=(level,), severity=level,
            figures=(Figure("dead", 3, note, publisher, NOW),),
            level_why=(Why("match_word", {"found": word}), Why(word, {"found": title})),
        ),
        kind="update",
        number=2,
        person=DAY,
        team=ROSTERED,
        policy=policy(),
        now=NOW,
        why=(Why("rule", {"rule": title}),),
        changes=tuple(
            Change(n, 7, NOW - timedelta(minutes=n), kind, 34, note, title, by=publisher)
            for n, kind in enumerate(("figure", "corrected", "advice", "joined", "note"))
        ),
        items=(told,),
        communications=(
            Communication(7, 34, None, publisher, False, word, title, link, NOW, 60.0,
                          Advice("MM", level, note)),
        ),
        nationals=NationalsStatus(1, 7, NOW, word, {"injured": 2}, publisher, note, "x", NOW),
        thread_subject=f"[FLASH] {title}",
        base_url="https://desk.ministry.example",
        message_id="<2026-0042.n2.r1@ministry.example>",
        with_map=False,
    )  # fmt: skip


def sent(of: AlertContext, reference: str) -> EmailMessage:
    mime = to_mime(
        render_alert(of),
        sender=SENDER,
        recipient=TO,
        message_id=of.message_id,
        now=NOW,
        references=("<root@ministry.example>", reference),
    )
    assert mime.isascii()
    assert max(map(len, mime.split(b"\r\n"))) <= 998
    assert b"\n" not in mime.replace(b"\r\n", b"")
    message = message_from_bytes(mime, policy=default)
    assert isinstance(message, EmailMessage)
    return message


@settings(max_examples=40, deadline=None)
@given(st.lists(TEXTS, min_size=8, max_size=8), TEXTS)
def test_no_text_adds_a_header_a_recipient_a_script_or_a_link(
    said: list[str], reference: str
) -> None:
    message = sent(alert(said), reference)
    names = message.keys()
    assert set(names) - {"List-Unsubscribe"} == HEADERS
    assert len(names) == len(set(names))
    assert message["To"] == TO
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/alternative", "text/plain", "text/html",
    ]  # fmt: skip
    assert 0 < len(str(message["Subject"])) <= 200
    html = message.get_body(("html",))
    assert html is not None
    page = Found(html.get_content())
    assert not set(page.tags) & {"script", "img", "svg", "iframe", "form", "object", "base"}
    for tag, name, value in page.attributes:
        assert not name.startswith("on")
        if name in ("href", "src"):
            parts = urlsplit(value)
            assert (tag, parts.scheme in ("http", "https")) == ("a", True)
            assert "@" not in parts.netloc


@settings(max_examples=20, deadline=None)
@given(st.lists(TEXTS, min_size=8, max_size=8), TEXTS)
def test_the_officer_still_reads_level_number_and_deed(said: list[str], subject: str) -> None:
    given_ = replace(alert(said), thread_subject=None)
    message = sent(given_, "<root@ministry.example>")
    assert f"#{given_.incident.number}" in str(message["Subject"])
    for kind in ("plain", "html"):
        body = message.get_body((kind,))
        assert body is not None
        text = body.get_content()
        for wanted in ("วิกฤต", "FLASH", given_.incident.number):
            assert wanted in text
