"""Which network addresses may be connected to, and the exceptions an administrator sets.

The check belongs to the moment of connecting, on the socket address: names, odd spellings of
numbers and answers of a name service that change in between cannot get around it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

from monitor.errors import ConfigError

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# A list of our own beside `is_global`: that is true for multicast, NAT64 and 6to4 addresses, and
# differs between versions of Python. Source: IANA special-purpose address registries.
_CLOSED_4: tuple[tuple[IPv4Network, str], ...] = tuple(
    (IPv4Network(network), why)
    for network, why in (
        ("0.0.0.0/8", "unspecified"),
        ("10.0.0.0/8", "private"),
        ("100.64.0.0/10", "shared by carriers"),
        ("127.0.0.0/8", "loopback"),
        ("169.254.0.0/16", "link-local"),
        ("172.16.0.0/12", "private"),
        ("192.0.0.0/24", "reserved"),
        ("192.0.2.0/24", "documentation"),
        ("192.88.99.0/24", "6to4 relay"),
        ("192.168.0.0/16", "private"),
        ("198.18.0.0/15", "benchmarking"),
        ("198.51.100.0/24", "documentation"),
        ("203.0.113.0/24", "documentation"),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved"),
    )
)
_CLOSED_6: tuple[tuple[IPv6Network, str], ...] = tuple(
    (IPv6Network(network), why)
    for network, why in (
        ("::/128", "unspecified"),
        ("::1/128", "loopback"),
        ("::ffff:0:0/96", "IPv4-mapped"),
        ("::/96", "IPv4-compatible"),
        ("64:ff9b::/96", "NAT64"),
        ("64:ff9b:1::/48", "NAT64"),
        ("100::/64", "discard"),
        ("2001::/32", "Teredo"),
        ("2001::/23", "reserved"),
        ("2001:db8::/32", "documentation"),
        ("2002::/16", "6to4"),
        ("3fff::/20", "documentation"),
        ("5f00::/16", "segment routing"),
        ("fc00::/7", "private"),
        ("fe80::/10", "link-local"),
        ("fec0::/10", "site-local"),
        ("ff00::/8", "multicast"),
    )
)
_UNICAST_6 = IPv6Network("2000::/3")  # all that is given out for the public internet


def why_closed(address: Address) -> str | None:
    """Why this address is not to be connected to, in a word or two; None when it is public."""
    if isinstance(address, IPv4Address):
        for network4, why in _CLOSED_4:
            if address in network4:
                return why
    else:
        if address.scope_id:
            return "bound to one network card"
        for network6, why in _CLOSED_6:
            if address in network6:
                return why
        if address not in _UNICAST_6:
            return "reserved"
    return None if address.is_global else "not public"


def literal(host: str) -> Address | None:
    """The address that a host name spells out, as the resolver would read it; None for a name.

    Decimal, octal, hexadecimal and shortened forms count: `2130706433` is 127.0.0.1.
    """
    bare = host.strip("[]").rstrip(".")
    try:
        return ip_address(bare)
    except ValueError:
        parts = bare.split(".")
    if not 1 <= len(parts) <= 4:
        return None
    try:
        numbers = [_number(part) for part in parts]
    except ValueError:
        return None
    *heads, last = numbers
    if any(head > 255 for head in heads) or last >= 256 ** (5 - len(parts)):
        return None
    value = last
    for place, head in enumerate(heads):
        value += head << (24 - 8 * place)
    return IPv4Address(value)


@dataclass(frozen=True, slots=True)
class Permit:
    """What closed addresses one configured origin may reach; mostly none."""

    by_name: str | None = None  # the entry that names this host: all its addresses
    networks: tuple[tuple[Network, str], ...] = ()  # network and the entry that gave it

    def __bool__(self) -> bool:
        return self.by_name is not None or bool(self.networks)

    def entry_for(self, address: Address) -> str | None:
        """The entry that lets this origin reach a closed address; None when none does."""
        for network, entry in self.networks:
            if address.version == network.version and address in network:
                return entry
        return self.by_name


NO_PERMIT = Permit()


@dataclass(frozen=True, slots=True)
class _Entry:
    text: str
    name: str | None
    network: Network | None
    port: int | None


@dataclass(frozen=True, slots=True)
class AllowList:
    """The administrator's exceptions: host names, addresses and networks, with or without port."""

    entries: tuple[_Entry, ...] = field(default=())

    @classmethod
    def of(cls, texts: Iterable[str]) -> AllowList:
        """Read entries: `host`, `host:port`, `10.1.2.3`, `[fd00::1]:8080`, `10.0.0.0/8`.

        Raises ConfigError naming the entry that is none of these.
        """
        return cls(tuple(_entry(text) for text in texts))

    def permit(self, host: str, port: int) -> Permit:
        """What the configured origin of a feed may reach beyond public addresses."""
        if not self.entries:
            return NO_PERMIT
        name = host.lower().rstrip(".")
        by_name = None
        networks: list[tuple[Network, str]] = []
        for entry in self.entries:
            if entry.port is not None and entry.port != port:
                continue
            if entry.network is not None:
                networks.append((entry.network, entry.text))
            elif entry.name == name:
                by_name = entry.text
        return Permit(by_name, tuple(networks))


def _number(part: str) -> int:
    if not part.isascii() or not part.isalnum():
        raise ValueError(part)
    if part[:2].lower() == "0x":
        return int(part[2:] or "0", 16)
    return int(part, 8) if part[0] == "0" else int(part)


def _entry(text: str) -> _Entry:
    fault = ConfigError(
        f"MONITOR_ALLOW_HOSTS: {text!r} is no host, host:port, address or network: "
        "write for example feeds.intranet.example:8080 or 10.1.0.0/16"
    )
    bare = text.strip().lower()
    if "/" in bare:
        try:
            return _Entry(text, None, ip_network(bare, strict=False), None)
        except ValueError:
            raise fault from None
    host, port = _split_port(bare, fault)
    try:
        address = ip_address(host)
    except ValueError:
        return _Entry(text, _name(host, fault), None, port)
    return _Entry(text, None, ip_network(address), port)


def _split_port(text: str, fault: ConfigError) -> tuple[str, int | None]:
    if text.startswith("["):
        host, bracket, rest = text[1:].partition("]")
        if not bracket or (rest and not rest.startswith(":")):
            raise fault
        digits = rest[1:]
        told = bool(rest)
    elif text.count(":") == 1:
        host, _, digits = text.partition(":")
        told = True
    else:
        return text, None
    if not told:
        return host, None
    if not (digits.isascii() and digits.isdigit() and 0 < int(digits[:6]) < 65_536):
        raise fault
    return host, int(digits)


def _name(host: str, fault: ConfigError) -> str:
    try:
        name = host.rstrip(".").encode("idna").decode("ascii")
    except UnicodeError:
        raise fault from None
    if not name or not all(each.isalnum() or each in "-_." for each in name):
        raise fault
    return name
