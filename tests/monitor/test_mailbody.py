"""A message that is looked at outside a mail program shows the pictures that it encloses."""

from __future__ import annotations

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from alerts.pictures import data_address
from monitor.mailbody import body_of, page_of

PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)


def message(html: str) -> EmailMessage:
    made = EmailMessage()
    made.set_content("the same in words")
    made.add_alternative(html, subtype="html")
    part = made.get_body(("html",))
    assert isinstance(part, EmailMessage)
    part.add_related(PNG, "image", "png", cid="<map@pictures.invalid>")
    return message_from_bytes(made.as_bytes(), policy=default)  # type: ignore[return-value]


def test_an_enclosed_picture_stands_in_the_page() -> None:
    page = page_of(message('<p>here</p><img alt="a map" src="cid:map@pictures.invalid">'))
    assert f'src="{data_address(PNG)}"' in page
    assert "cid:" not in page


def test_a_picture_that_is_not_enclosed_stays_a_name() -> None:
    assert 'src="cid:other@x"' in page_of(message('<img alt="" src="cid:other@x">'))


def test_a_message_of_words_alone_has_no_page() -> None:
    made = EmailMessage()
    made.set_content("only words")
    assert page_of(made) == ""
    assert body_of(made, "plain") == "only words\n"
