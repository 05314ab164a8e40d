"""Mails that several people read alike: the same as if each had been rendered by itself."""

from __future__ import annotations

from dataclasses import replace
from html import unescape

import pytest

from alerts import alike
from alerts.alike import Alike
from alerts.policy import Both
from alerts.render import render_alert
from tests.alerts.policies import BACKUP, DAY, NIGHT
from tests.alerts.test_render import KINDS, Text, context

LINK = "https://desk.ministry.example/ack/2025-0412.n1~29~mark?a=1&b=2"
ODD = replace(DAY, id="odd", role=Both("เวร <b>&\"'", "officer <b>&\"'\x07"))


@pytest.mark.parametrize("given", KINDS.values(), ids=KINDS.keys())
def test_what_is_filled_in_is_what_would_have_been_rendered(given: object) -> None:
    together = Alike()
    for number, person in enumerate((DAY, NIGHT, BACKUP, ODD)):
        one = replace(
            given,  # type: ignore[type-var]
            person=person,
            message_id=f"<2025-0412.n1.r{number}@ministry.example>" if number else "",
            ack_url=LINK if number != 1 else "",
        )
        filled, alone = together.render(one), render_alert(one)
        assert filled.text == alone.text
        assert unescape(filled.html) == unescape(alone.html)
        assert Text(filled.html).links == Text(alone.html).links
        assert (filled.subject, filled.headers, filled.languages) == (
            alone.subject,
            alone.headers,
            alone.languages,
        )


def test_only_what_differs_is_rendered_again(monkeypatch: pytest.MonkeyPatch) -> None:
    rendered = []
    monkeypatch.setattr(
        alike, "render_alert", lambda given: rendered.append(given) or render_alert(given)
    )
    together = Alike()
    for number in range(5):
        together.render(context(person=DAY, message_id=f"<{number}@ministry.example>"))
    together.render(context(person=NIGHT))
    together.render(context(person=DAY, number=2, kind="update"))
    assert len(rendered) == 3  # a reader's language and what is told make another mail


def test_no_mark_is_left_in_a_mail() -> None:
    message = Alike().render(context(person=BACKUP, ack_url=LINK, message_id="<1@b.example>"))
    assert "invalid" not in message.text + message.html
    assert "xxxx" not in message.text + message.html
