"""The table of addresses, and the exceptions an administrator can write."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from monitor.errors import ConfigError
from monitor.fetch.addresses import NO_PERMIT, AllowList, literal, why_closed

CLOSED = {
    "127.0.0.1": "loopback",
    "127.255.255.254": "loopback",
    "0.0.0.0": "unspecified",
    "0.1.2.3": "unspecified",
    "10.0.0.1": "private",
    "10.255.255.255": "private",
    "172.16.0.1": "private",
    "172.31.255.255": "private",
    "192.168.0.1": "private",
    "100.64.0.1": "shared by carriers",
    "100.127.255.255": "shared by carriers",
    "169.254.169.254": "link-local",
    "192.0.0.1": "reserved",
    "192.0.0.170": "reserved",
    "192.0.2.1": "documentation",
    "198.51.100.1": "documentation",
    "203.0.113.1": "documentation",
    "192.88.99.1": "6to4 relay",
    "198.18.0.1": "benchmarking",
    "198.19.255.255": "benchmarking",
    "224.0.0.1": "multicast",
    "239.255.255.250": "multicast",
    "240.0.0.1": "reserved",
    "255.255.255.255": "reserved",
    "::": "unspecified",
    "::1": "loopback",
    "::7f00:1": "IPv4-compatible",
    "::ffff:127.0.0.1": "IPv4-mapped",
    "::ffff:8.8.8.8": "IPv4-mapped",
    "64:ff9b::7f00:1": "NAT64",
    "64:ff9b::808:808": "NAT64",
    "64:ff9b:1::1": "NAT64",
    "100::1": "discard",
    "2001::1": "Teredo",
    "2001:2::1": "reserved",
    "2001:10::1": "reserved",
    "2001:20::1": "reserved",
    "2001:db8::1": "documentation",
    "3fff::1": "documentation",
    "2002:7f00:1::": "6to4",
    "2002:808:808::1": "6to4",
    "5f00::1": "segment routing",
    "fc00::1": "private",
    "fd12:3456::1": "private",
    "fe80::1": "link-local",
    "fe80::1%eth0": "bound to one network card",
    "2606:4700::1111%2": "bound to one network card",
    "fec0::1": "site-local",
    "ff02::1": "multicast",
    "4000::1": "reserved",
    "::ffff:0:127.0.0.1": "reserved",
    "1::1": "reserved",
}
PUBLIC = [
    "8.8.8.8", "9.255.255.255", "11.0.0.0", "93.184.215.14", "100.63.255.255", "100.128.0.0",
    "126.255.255.255", "128.0.0.0", "169.253.255.255", "172.15.255.255", "172.32.0.0",
    "192.167.255.255", "198.17.255.255", "198.20.0.0", "223.255.255.254",
    "2001:200::1", "2400:cb00::1", "2606:4700:4700::1111", "2a00:1450::1", "2003::1",
]  # fmt: skip


@pytest.mark.parametrize("text", CLOSED)
def test_a_closed_address_is_named_as_what_it_is(text: str) -> None:
    assert why_closed(ip_address(text)) == CLOSED[text]


@pytest.mark.parametrize("text", PUBLIC)
def test_a_public_address_is_open(text: str) -> None:
    assert why_closed(ip_address(text)) is None


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "127.0.0.1"), ("127.0.0.1.", "127.0.0.1"), ("2130706433", "127.0.0.1"),
        ("0177.0.0.1", "127.0.0.1"), ("0x7f.0.0.1", "127.0.0.1"), ("0X7F000001", "127.0.0.1"),
        ("017700000001", "127.0.0.1"), ("127.1", "127.0.0.1"), ("127.0.1", "127.0.0.1"),
        ("10.65535", "10.0.255.255"), ("0", "0.0.0.0"), ("0x", "0.0.0.0"),
        ("4294967295", "255.255.255.255"), ("[::1]", "::1"), ("::ffff:7f00:1", "::ffff:7f00:1"),
    ],
)  # fmt: skip
def test_odd_spellings_of_an_address_are_read(host: str, address: str) -> None:
    assert literal(host) == ip_address(address)


@pytest.mark.parametrize(
    "host",
    [
        "", ".", "feed.example", "4294967296", "256.1.1.1", "1.2.3.4.5", "127.0.0.65536", "08.1",
        "0xg", "1..2", "1_0.1", "-1", "²", "a.1", "1.2.3.0x100",
    ],
)  # fmt: skip
def test_a_name_is_not_read_as_an_address(host: str) -> None:
    assert literal(host) is None


@pytest.mark.parametrize(
    "entry",
    [
        "", " ", ":80", "host:", "host:0", "host:65536", "host:99999999", "host:x", "[::1",
        "[::1]80", "[::1]:", "10.0.0.0/33", "10.0.0.0/x", "host/8", "http://host", "a b",
        "user@host", "*.example", "a" * 64, "10.0.0.0/8:80",
    ],
)  # fmt: skip
def test_a_wrong_exception_is_told_at_the_start_with_its_text(entry: str) -> None:
    with pytest.raises(ConfigError) as caught:
        AllowList.of(["good.example", entry])
    assert repr(entry) in str(caught.value)


def test_no_exceptions_permit_nothing() -> None:
    assert AllowList.of([]).permit("host.example", 80) is NO_PERMIT
    assert not NO_PERMIT
    assert not AllowList.of(["host.example:81"]).permit("host.example", 80)


@pytest.mark.parametrize(
    ("entry", "address", "permitted"),
    [
        ("10.0.0.0/8", "10.1.2.3", True),
        ("10.9.9.9/8", "10.1.2.3", True),
        ("10.0.0.0/8", "11.0.0.1", False),
        ("10.1.2.3", "10.1.2.3", True),
        ("10.1.2.3", "10.1.2.4", False),
        ("10.1.2.3", "::ffff:10.1.2.3", False),
        ("fd00::/8", "fd12::1", True),
        ("fd00::1", "fd00::1", True),
        ("[fd00::1]:80", "fd00::1", True),
        ("[fd00::1]:81", "fd00::1", False),
        ("ไทย.example", "10.1.2.3", True),
    ],
)
def test_an_exception_covers_what_it_says(entry: str, address: str, permitted: bool) -> None:
    permit = AllowList.of([entry]).permit("xn--o3cw4h.example", 80)
    assert (permit.entry_for(ip_address(address)) == entry) is permitted
