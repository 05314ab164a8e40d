"""Documents changed as a careless publisher, a bad line or an attacker would: repeatable."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

# What parsers trip over: openings without ends, odd numbers, odd characters, odd encodings.
TOKENS: tuple[bytes, ...] = (
    b"<", b">", b"&", b"]]>", b"<![CDATA[", b"<!--", b"-->", b"<?xml ", b"?>", b"<!DOCTYPE x [",
    b"]>", b"</", b"/>", b"'", b'"', b"&#", b"&#0;", b"&#xD800;", b"&#x110000;", b"&amp;lt;",
    b"&nosuch;", b"<item>", b"</item>", b"<entry>", b"</channel>", b"<alert>", b"<info>",
    b" xmlns='x'", b" xml:base='http://['", b"[", b"]", b"{", b"}", b",", b":", b"null", b"true",
    b"NaN", b"Infinity", b"-1", b"1e999999", b"9" * 400, b"9" * 5000, b"-0.0", b"\\u0000",
    b"\\ud800", b"\\", b"\x00", b"\xff", b"\xfe\xff", b"\xef\xbb\xbf", b"\x1b$B", b"\x85",
    b"\xe2\x80\xae", b"\xe2\x80\x8b", b"\xe2\x81\xa6", b"\xf3\xa0\x80\x81", b"\xcc\x81" * 50,
    b"\r\n", b"\t", b" " * 300, b"javascript:", b"http://[::1", b"//", b"http://a:99999/",
    b"file:///", b"2569", b"0000-00-00", b"9999-12-31T23:59:60Z", b"+99:99", b"32", b"24:00",
    b"./-", b"1/2/", b"%00", b"%", b"..", b"(", b"*", b"+", b"\xe0\xb9\x89", b"encoding='utf-16'",
    b"encoding='idna'",
)  # fmt: skip
LIMIT = 200_000

Change = Callable[[bytearray, random.Random, Sequence[bytes]], None]


def dice(seed: int | str) -> random.Random:
    """The chance of a run: the same seed, the same damage."""
    return random.Random(seed)  # noqa: S311 - repeatable on purpose


def mutated(body: bytes, chance: random.Random, others: Sequence[bytes] = ()) -> bytes:
    """`body` after one to six changes; parts of `others` may be put into it."""
    changed = bytearray(body)
    for _ in range(chance.choice((1, 1, 1, 2, 3, 6))):
        chance.choice(_CHANGES)(changed, chance, others)
    return bytes(changed[:LIMIT])


def _span(body: bytearray, chance: random.Random, longest: int) -> tuple[int, int]:
    start = chance.randint(0, len(body))
    return start, min(len(body), start + chance.randint(0, longest))


def _flip(body: bytearray, chance: random.Random, _others: Sequence[bytes]) -> None:
    if body:
        body[chance.randrange(len(body))] = chance.randrange(256)


def _drop(body: bytearray, chance: random.Random, _others: Sequence[bytes]) -> None:
    start, end = _span(body, chance, 60)
    del body[start:end]


def _cut(body: bytearray, chance: random.Random, _others: Sequence[bytes]) -> None:
    del body[chance.randint(0, len(body)) :]


def _double(body: bytearray, chance: random.Random, _others: Sequence[bytes]) -> None:
    start, end = _span(body, chance, 400)
    body[end:end] = body[start:end] * chance.choice((1, 2, 20))


def _insert(body: bytearray, chance: random.Random, _others: Sequence[bytes]) -> None:
    at = chance.randint(0, len(body))
    body[at:at] = chance.choice(TOKENS)


def _replace(body: bytearray, chance: random.Random, _others: Sequence[bytes]) -> None:
    start, end = _span(body, chance, 12)
    body[start:end] = chance.choice(TOKENS)


def _splice(body: bytearray, chance: random.Random, others: Sequence[bytes]) -> None:
    if others:
        start, end = _span(bytearray(other := chance.choice(others)), chance, 600)
        at = chance.randint(0, len(body))
        body[at:at] = other[start:end]


def _swap(body: bytearray, chance: random.Random, _others: Sequence[bytes]) -> None:
    start, end = _span(body, chance, 80)
    part = bytes(body[start:end])
    del body[start:end]
    at = chance.randint(0, len(body))
    body[at:at] = part


_CHANGES: tuple[Change, ...] = (
    _flip, _drop, _cut, _double, _insert, _insert, _replace, _replace, _splice, _swap,
)  # fmt: skip
