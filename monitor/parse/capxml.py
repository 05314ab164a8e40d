"""CAP alerts out of XML: bare, several in one file, in Atom entries, in EDXL envelopes."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING

from lxml import etree

from monitor.parse.capmodel import Alert, Area, Info, Pair
from monitor.parse.entry import Hints, NotAFeed
from monitor.parse.xmlsafe import (
    Element,
    child,
    children,
    local,
    namespace,
    read_xml,
    text_at,
    text_of,
)

if TYPE_CHECKING:
    from monitor.parse.signature import Verifier

_CAP = re.compile(r"urn:oasis:names:tc:emergency:cap:1\.[0-9]|http://www\.incident\.com/cap/1\.0")
_MENTIONS_CAP = etree.XPath("contains(string(.), 'urn:oasis:names:tc:emergency:cap')")
_MAX_ALERTS = 5000
_MAX_INFOS = 1000  # of one alert; real ones have some dozens, languages by areas
_SQUEEZE = re.compile(r"\s+")


def is_alert(element: Element) -> bool:
    """Whether the element is a CAP alert: by namespace, or by shape where there is none."""
    if local(element) != "alert":
        return False
    space = namespace(element)
    return bool(_CAP.match(space)) or (child(element, "identifier") is not None)


def alerts_in(root: Element) -> list[Element]:
    """All alert elements of a document, in order; those written as text are read too."""
    found = [element for element in root.iter("{*}alert") if is_alert(element)]
    if not found and _MENTIONS_CAP(root):
        for element in root.iter():
            written = element.text
            if (
                isinstance(element.tag, str)
                and written
                and "urn:oasis:names:tc:emergency:cap" in written
            ):
                inner = _reparsed(written)
                if inner is not None and is_alert(inner):
                    found.append(inner)
    return found[:_MAX_ALERTS]


def not_operational(root: Element) -> str:
    """What an EDXL envelope says of all that is in it: exercise, test, system, else empty."""
    if not local(root).lower().startswith("edxldistribution"):
        return ""
    marks = (text_of(part).strip().lower() for part in root.iter("{*}distributionStatus"))
    return next((mark for mark in marks if mark in ("exercise", "test", "system")), "")


class Signatures:
    """How the signatures of one document's alerts stand; without certificates they are noted."""

    def __init__(self, hints: Hints) -> None:
        self._hints = hints
        self._verifier: Verifier | None = None

    @property
    def notes(self) -> tuple[str, ...]:
        """What the reader of the document should know about the checking."""
        if self._verifier is not None and self._verifier.spent:
            return ("checking signatures took too long: some were not checked",)
        return ()

    def state(self, element: Element, alert: Alert) -> tuple[str, str]:
        """unsigned, signed, verified or bad, and for the last one why.

        Verified only if `alert` is what was signed.
        """
        if not any(local(part) == "Signature" for part in element):
            return "unsigned", ""
        if not self._hints.certificates:
            return "signed", ""
        if self._verifier is None:
            from monitor.parse.signature import Verifier  # heavy: only where something is checked

            self._verifier = Verifier(self._hints.certificates, self._hints.at)
        for part in self._verifier.signed_parts(element):
            if part.tag == element.tag and _values(part) == alert:
                return "verified", ""
        return ("signed", "") if self._verifier.spent else ("bad", self._verifier.why)


def read_alert(element: Element, signatures: Signatures | None = None) -> Alert:
    """The values of one alert element. Missing parts are empty; nothing is checked here but
    the signature, by `signatures`.
    """
    alert = _values(element)
    checked = signatures or Signatures(Hints())
    state, why = checked.state(element, alert)
    return replace(alert, signature=state, signature_why=why)


def _values(element: Element) -> Alert:
    return Alert(
        identifier=_one_line(text_at(element, "identifier")),
        sender=_one_line(text_at(element, "sender")),
        sent=_one_line(text_at(element, "sent")),
        status=text_at(element, "status"),
        msg_type=text_at(element, "msgType"),
        source=text_at(element, "source"),
        note=text_at(element, "note"),
        references=text_at(element, "references"),
        incidents=text_at(element, "incidents"),
        infos=tuple(_info(part) for part in islice(children(element, "info"), _MAX_INFOS)),
    )


def fields_as_alert(element: Element) -> Alert:
    """The cap: children that NWS puts on an Atom entry, as an alert of one info block.

    The entry itself carries id, title and summary, so those stay empty.
    """
    area = Area(
        description=text_at(element, "areaDesc"),
        polygons=_texts(element, "polygon"),
        circles=_texts(element, "circle"),
        geocodes=_pairs(element, "geocode"),
    )
    info = Info(
        categories=tuple(
            text_of(part) for part in children(element, "category") if _CAP.match(namespace(part))
        ),
        event=text_at(element, "event"),
        responses=_texts(element, "responseType"),
        urgency=text_at(element, "urgency"),
        severity=text_at(element, "severity"),
        certainty=text_at(element, "certainty"),
        effective=text_at(element, "effective"),
        onset=text_at(element, "onset"),
        expires=text_at(element, "expires"),
        parameters=_pairs(element, "parameter"),
        areas=(area,),
    )
    return Alert(
        status=_cap_text(element, "status"),
        msg_type=_cap_text(element, "msgType"),
        references=_cap_text(element, "references"),
        infos=(info,),
    )


def has_cap_fields(element: Element, spaces: frozenset[str]) -> bool:
    """Whether an Atom or RSS entry carries CAP fields; `spaces` are its children's namespaces."""
    if not any(map(_is_cap, spaces)):
        return False
    return any(_is_cap(namespace(part)) and local(part) != "alert" for part in element)


@lru_cache(maxsize=256)
def _is_cap(space: str) -> bool:
    return _CAP.match(space) is not None


def _info(element: Element) -> Info:
    return Info(
        language=text_at(element, "language"),
        categories=_texts(element, "category"),
        event=text_at(element, "event"),
        responses=_texts(element, "responseType"),
        urgency=text_at(element, "urgency"),
        severity=text_at(element, "severity"),
        certainty=text_at(element, "certainty"),
        effective=text_at(element, "effective"),
        onset=text_at(element, "onset"),
        expires=text_at(element, "expires"),
        sender_name=text_at(element, "senderName"),
        headline=text_at(element, "headline"),
        description=text_at(element, "description"),
        instruction=text_at(element, "instruction"),
        web=text_at(element, "web"),
        parameters=_pairs(element, "parameter"),
        event_codes=_pairs(element, "eventCode"),
        areas=tuple(_area(part) for part in children(element, "area")),
    )


def _area(element: Element) -> Area:
    # Point/coordinates is outside the standard; a fire service uses it
    points = tuple(f"{text_of(part)} 0" for part in element.iter() if local(part) == "coordinates")
    return Area(
        description=_one_line(text_at(element, "areaDesc")),
        polygons=_texts(element, "polygon"),
        circles=_texts(element, "circle") + points,
        geocodes=_pairs(element, "geocode"),
    )


def _texts(element: Element, name: str) -> tuple[str, ...]:
    return tuple(filter(None, (text_of(part) for part in children(element, name))))


def _pairs(element: Element, name: str) -> tuple[Pair, ...]:
    """valueName/value pairs; older NWS files put several pairs into one element."""
    found: list[Pair] = []
    for part in children(element, name):
        label = ""
        for inner in part:
            if local(inner) == "valueName":
                label = _one_line(text_of(inner))
            elif local(inner) == "value":
                found.append((label, text_of(inner)))
    return tuple(found)


def _cap_text(element: Element, name: str) -> str:
    return next(
        (text_of(part) for part in children(element, name) if _CAP.match(namespace(part))), ""
    )


def _one_line(text: str) -> str:
    return _SQUEEZE.sub(" ", text).strip()


def _reparsed(written: str) -> Element | None:
    try:
        return read_xml(written).root
    except (NotAFeed, etree.LxmlError):
        return None
