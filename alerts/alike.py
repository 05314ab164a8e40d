"""What several people read alike is rendered once: role, link and Message-ID are filled in.

Ten officers of a team get ten mails that differ in these three places; each stands as a mark that
no source can know, and is put in its place as cleaned and escaped as the renderer would have done.
"""

from __future__ import annotations

import secrets
from dataclasses import replace
from html import escape

from alerts import clean
from alerts.context import AlertContext
from alerts.message import Message
from alerts.policy import Both, Person
from alerts.render import render_alert

_SECRET = secrets.token_hex(12)
_PADDING = "x" * 96  # at least as long as what comes in its place, so that the mail stays small


def _mark(name: str) -> str:
    return f"{name}-{_SECRET}{_PADDING}"


_ROLE_TH, _ROLE_EN, _ID = _mark("roleth"), _mark("roleen"), _mark("id")
_LINK = f"https://{_SECRET}.invalid/{_mark('link')}"


class Alike:
    """The mails of one incident as they are rendered one after the other."""

    def __init__(self) -> None:
        self._known: list[tuple[AlertContext, Message]] = []

    def render(self, context: AlertContext) -> Message:
        """The mail, as `alerts.render.render_alert` makes it."""
        shared = replace(
            context,
            person=Person("", Both(_ROLE_TH, _ROLE_EN), "", context.person.language),
            message_id=_ID if context.message_id else "",
            ack_url=_LINK if clean.link(context.ack_url) else "",
        )
        made = next((message for known, message in self._known if known == shared), None)
        if made is None:
            made = render_alert(shared)
            self._known.append((shared, made))
        return _filled(made, context)


def _filled(message: Message, context: AlertContext) -> Message:
    role = context.person.role
    places = (
        (_ROLE_TH, clean.body(role.th)),
        (_ROLE_EN, clean.body(role.en)),
        (_ID, clean.body(context.message_id.strip("<>"))),
        (_LINK, clean.link(context.ack_url) or ""),
    )
    text, html = message.text, message.html
    for mark, given in places:
        text = text.replace(mark, given)
        html = html.replace(mark, escape(given))
    return replace(message, text=text, html=html)
