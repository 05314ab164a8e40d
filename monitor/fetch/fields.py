"""The header fields of one answer, read once: what the client's own view costs, a poll feels."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from monitor.fetch.faults import Fault

MAX_HEADER_BYTES = 64 * 1024
_AS_IT_IS = "".join(chr(each) for each in range(128))  # all of ASCII


class Fields:
    """Header fields by name in lower case; raises Fault (too_large) past 64 KiB in all."""

    __slots__ = ("_values",)

    def __init__(self, raw: Sequence[tuple[bytes, bytes]]) -> None:
        values: dict[bytes, bytes | list[bytes]] = {}
        size = 0
        for name, value in raw:
            size += len(name) + len(value) + 4
            key = name.lower()
            held = values.setdefault(key, value)
            if held is not value:  # rarely more than one
                if not isinstance(held, list):
                    held = values[key] = [held]
                held.append(value)
        if size > MAX_HEADER_BYTES:
            raise Fault("too_large", "The response headers are larger than 64 KiB.")
        self._values = values

    def get(self, name: bytes) -> str | None:
        """The field's value, several joined by a comma; None when the answer has none."""
        held = self._values.get(name)
        if held is None:
            return None
        joined = b", ".join(held) if isinstance(held, list) else held
        return joined.decode("latin-1").strip()

    def target(self) -> str | None:
        """Where a redirect leads; bytes that are neither ASCII nor UTF-8 are escaped as they came.

        None when it does not say, or says two things.
        """
        held = self._values.get(b"location")
        if isinstance(held, list):
            held = held[0] if len(set(held)) == 1 else None
        if held is None:
            return None
        try:
            return held.decode()
        except UnicodeDecodeError:
            return quote(held, safe=_AS_IT_IS)
