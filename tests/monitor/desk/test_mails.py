"""Notices and digests: their state, their texts, their files."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from storage import digests, outbox
from tests.monitor.desk import world
from tests.monitor.desk.browsing import Elements, fetch
from tests.storage import make


@pytest.mark.asyncio
async def test_a_notice_shows_office_state_answer_and_both_texts(filled: world.StandIn) -> None:
    answer = await fetch(filled, "/mails/2?lang=en")
    page = Elements(answer.text)
    assert "backup officer" in answer.text
    assert "parked: needs mending" in answer.text
    assert "550 no such mailbox &lt;script&gt;" in answer.text
    assert "สถานะคนไทย: ยังไม่ทราบ &lt;script&gt;" in answer.text
    (frame,) = page.named("iframe")
    assert frame["sandbox"] == ""
    assert frame["src"] == "/mails/2/html"
    assert "backup@ministry.example" not in answer.text, "people are shown by office"


@pytest.mark.asyncio
async def test_a_notice_is_downloaded_byte_for_byte(filled: world.StandIn) -> None:
    answer = await fetch(filled, "/mails/1.eml")
    with filled.database.read() as conn:
        assert answer.content == outbox.get(conn, 1).mime
    assert answer.headers["content-type"] == "message/rfc822"
    assert answer.headers["content-disposition"] == 'attachment; filename="notice-1.eml"'


@pytest.mark.asyncio
async def test_a_notice_that_is_no_proper_mail_is_still_shown(
    filled: world.StandIn, now: datetime
) -> None:
    odd = (
        b"\x00\xff not a mail",
        b"Content-Type: text/plain; charset=nobody-knows\r\n\r\n\xe0\xb9\x80 text",
        b"Content-Type: multipart/alternative; boundary=x\r\n\r\n--y\r\n",
        b"Content-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!!",
        b"",
    )
    with filled.database.write() as conn:
        ids = [
            outbox.enqueue(conn, replace(make.notice(now, f"<odd{n}@x>"), mime=mime), now)
            for n, mime in enumerate(odd)
        ]
    for notice_id in ids:
        answer = await fetch(filled, f"/mails/{notice_id}")
        assert answer.status_code == 200


@pytest.mark.asyncio
async def test_a_decided_digest_and_the_next_one_can_be_read(
    filled: world.StandIn, now: datetime
) -> None:
    from monitor.digest.daily import ready_now, settle

    with filled.database.write() as conn:
        plan = filled.policy.digests[0]
        settle(conn, ready_now(conn, plan, filled.policy, filled.settings, now=now), now=now)
    listed = (await fetch(filled, "/digests?lang=en")).text
    (link,) = [
        each["href"] for each in Elements(listed).named("a") if "/digests/daily-" in each["href"]
    ]
    issued = await fetch(filled, link + "?lang=en")
    assert issued.status_code == 200
    assert "Myanmar – M7.7 earthquake near Sagaing" in issued.text
    (frame,) = Elements(issued.text).named("iframe")
    assert (await fetch(filled, frame["src"])).status_code == 200
    ahead = (await fetch(filled, "/digests/latest?lang=en&plan=daily")).text
    assert "A preview as of now; sent to nobody" in ahead
    assert "plan=daily" in Elements(ahead).named("iframe")[0]["src"]


@pytest.mark.asyncio
async def test_the_edition_for_forwarding_the_pdf_and_the_form_are_on_the_page(
    filled: world.StandIn,
) -> None:
    page = (await fetch(filled, "/digests/latest?lang=en&edition=onward")).text
    assert "without acknowledgements, duty offices" in page
    assert 'name="bottom_line_en"' not in page
    assert "FROM: Ministry of Foreign Affairs" in page
    desk = (await fetch(filled, "/digests/latest?lang=en")).text
    assert 'name="bottom_line_en"' in desk
    links = [each["href"] for each in Elements(desk).named("a")]
    (pdf,) = [link for link in links if "/pdf" in link]
    answer = await fetch(filled, pdf)
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")


@pytest.mark.asyncio
async def test_an_issue_is_compared_with_the_one_before_it(
    filled: world.StandIn, now: datetime
) -> None:
    from monitor.digest.daily import as_json, content_for

    plan = filled.policy.digests[0]
    with filled.database.write() as conn:
        content = content_for(conn, plan, filled.policy, now=now)
        for back in (0, 1):
            day = replace(content, local_date=now.date() - timedelta(days=back), incidents=())
            digests.decide(
                conn,
                name="evening",
                local_date=day.local_date,
                period_start=now,
                period_end=now,
                now=now,
                late=False,
                content=as_json(content if back == 0 else day),
            )
    href = f"/digests/evening/{now.date().isoformat()}/compare?lang=en"
    page = await fetch(filled, href)
    assert page.status_code == 200
    assert "Only in the later: ◆ FLASH · Myanmar" in page.text
    first = (now.date() - timedelta(days=1)).isoformat()
    assert (await fetch(filled, f"/digests/evening/{first}/compare")).status_code == 404


@pytest.mark.asyncio
async def test_a_policy_without_digests_has_no_preview(filled: world.StandIn) -> None:
    filled.policy = replace(filled.policy, digests=())
    assert (await fetch(filled, "/digests")).status_code == 200
    assert (await fetch(filled, "/digests/latest")).status_code == 404


@pytest.mark.asyncio
async def test_a_notice_that_became_a_file_is_not_called_sent(
    filled: world.StandIn, now: datetime
) -> None:
    with filled.database.write() as conn:
        made = outbox.enqueue(conn, make.notice(now, "<file@x>"), now)
        assert made is not None
        outbox.mark_sent(conn, made, now, "written to 20260328T062000Z-FLASH.eml")
    answer = await fetch(filled, f"/mails/{made}?lang=en")
    assert "written as a file, not sent" in answer.text
    assert "accepted by the mail server" not in answer.text
