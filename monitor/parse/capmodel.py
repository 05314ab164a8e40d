"""A CAP alert as plain values, whether it came as XML or as JSON (OASIS CAP 1.1 and 1.2)."""

from __future__ import annotations

from dataclasses import dataclass

Pair = tuple[str, str]
# The state of a signature (see Alert.signature) and the flag under which an item keeps it.
SIGNATURE_FLAGS = {
    "unsigned": "unsigned",
    "signed": "signed",
    "verified": "signature_verified",
    "bad": "signature_bad",
}
SIGNATURE_WHY = "signature_why_"  # begins the flag that says why a signature is bad


@dataclass(frozen=True, slots=True)
class Area:
    """One area: its words, shapes as CAP text ("lat,lon lat,lon"), and codes."""

    description: str = ""
    polygons: tuple[str, ...] = ()
    circles: tuple[str, ...] = ()
    geocodes: tuple[Pair, ...] = ()


@dataclass(frozen=True, slots=True)
class Info:
    """One info block: one language, or one stretch of areas and time."""

    language: str = ""
    categories: tuple[str, ...] = ()
    event: str = ""
    responses: tuple[str, ...] = ()
    urgency: str = ""
    severity: str = ""
    certainty: str = ""
    effective: str = ""
    onset: str = ""
    expires: str = ""
    sender_name: str = ""
    headline: str = ""
    description: str = ""
    instruction: str = ""
    web: str = ""
    parameters: tuple[Pair, ...] = ()
    event_codes: tuple[Pair, ...] = ()
    areas: tuple[Area, ...] = ()

    def parameter(self, *names: str) -> str:
        """The first parameter called one of `names`, whatever its case; empty for none."""
        wanted = {name.lower() for name in names}
        return next((value for name, value in self.parameters if name.lower() in wanted), "")


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert message.

    `signature`: unsigned; signed (there is a signature, and no certificate to check it with);
    verified; bad (no signature on it holds under the certificates); empty where the message
    came in a form that carries none. `signature_why` says of a bad one what is wrong with it, by
    one of the codes of `monitor.parse.signature.REASONS`.
    """

    identifier: str = ""
    sender: str = ""
    sent: str = ""
    status: str = ""
    msg_type: str = ""
    source: str = ""
    note: str = ""
    references: str = ""
    incidents: str = ""
    infos: tuple[Info, ...] = ()
    signature: str = ""
    signature_why: str = ""

    @property
    def triple(self) -> str:
        """sender,identifier,sent: how other messages refer to this one."""
        return f"{self.sender},{self.identifier},{self.sent}"
