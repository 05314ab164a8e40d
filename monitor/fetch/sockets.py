"""The sockets of all fetches: none to a closed address, and none that receives without end."""

from __future__ import annotations

import errno
import socket
from contextvars import ContextVar
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Any

import structlog
from aiohttp.connector import AddrInfoType

from monitor.fetch.addresses import NO_PERMIT, Permit, why_closed

GOES_ON = "the answer goes on and on"

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Attempt:
    """One hop of one fetch: what it may reach, and what the guard refused it."""

    permit: Permit = NO_PERMIT
    refused: list[str] = field(default_factory=list)


ATTEMPT: ContextVar[Attempt] = ContextVar("attempt")


class MeteredSocket(socket.socket):
    """Receives at most `allowance` bytes after each request it sends.

    Interim answers, chunk extensions and trailers belong to no body, so the limit on bodies does
    not see them; a flood of them would keep the loop busy until the deadline.
    """

    allowance = 0
    _received = 0

    def send(self, data: Any, flags: int = 0, /) -> int:
        """As ever; what is received from here on answers it."""
        self._received = 0
        return super().send(data, flags)

    def recv(self, bufsize: int, flags: int = 0, /) -> bytes:
        """As ever; raises OSError (EMSGSIZE) past the allowance."""
        data = super().recv(bufsize, flags)
        self._count(len(data))
        return data

    def recv_into(self, buffer: Any, nbytes: int = 0, flags: int = 0) -> int:
        """As ever; raises OSError (EMSGSIZE) past the allowance. TLS reads this way."""
        size = super().recv_into(buffer, nbytes, flags)
        self._count(size)
        return size

    def _count(self, size: int) -> None:
        self._received += size
        if self._received > self.allowance:
            raise OSError(errno.EMSGSIZE, GOES_ON)


class Guard:
    """Makes the sockets; `allowance` is the most bytes that one answer may have in all.

    With `behind_proxy` it lets every address pass: all connections go to the administrator's
    proxy, which has to check addresses itself.
    """

    def __init__(self, allowance: int, *, behind_proxy: bool = False) -> None:
        self._allowance = allowance
        self._behind_proxy = behind_proxy
        self._told: set[tuple[str, str]] = set()

    def socket_for(self, info: AddrInfoType) -> socket.socket:
        """A socket for this address; raises PermissionError for a closed one."""
        family, kind, proto, _, place = info
        if not self._behind_proxy:
            self._check(place)
        made = MeteredSocket(family, kind, proto)
        made.allowance = self._allowance
        return made

    def _check(self, place: tuple[Any, ...]) -> None:
        host = str(place[0])
        address = ip_address(host)
        scoped = len(place) == 4 and bool(place[3])
        why = "bound to one network card" if scoped else why_closed(address)
        if why is None:
            return
        attempt = ATTEMPT.get(None) or Attempt()
        entry = attempt.permit.entry_for(address)
        if entry is None:
            attempt.refused.append(f"{host} ({why})")
            raise PermissionError(f"{host} is {why}")
        if (entry, host) not in self._told:
            self._told.add((entry, host))
            log.info("closed_address_allowed", entry=entry, address=host, why=why)
