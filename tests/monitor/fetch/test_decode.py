"""Undoing compression: whole bodies exactly, everything else a named fault."""

from __future__ import annotations

import gzip
import tracemalloc
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.fetch.decode import STEP, Body
from monitor.fetch.faults import Fault
from tests.hostile import bomb

TEXT = "ประกาศเตือน 22 พ.ย. ".encode() * 500


def decoded(raw: bytes, encoding: str, *, limit: int = 2**24, size: int = 1000) -> bytes:
    body = Body(encoding, limit)
    for start in range(0, len(raw), size):
        body.add(raw[start : start + size])
    return body.finish()


def state(raw: bytes, encoding: str, *, limit: int = 2**24) -> str:
    with pytest.raises(Fault) as caught:
        decoded(raw, encoding, limit=limit)
    return caught.value.state


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


@pytest.mark.parametrize("size", [1, 7, 1000, 10**6])
@pytest.mark.parametrize(
    ("encoding", "raw"),
    [
        ("", TEXT),
        ("identity", TEXT),
        ("gzip", gzip.compress(TEXT)),
        ("x-gzip", gzip.compress(TEXT)),
        (" GZIP , identity", gzip.compress(TEXT)),
        ("gzip", gzip.compress(TEXT[:99]) + gzip.compress(TEXT[99:])),
        ("gzip", gzip.compress(TEXT) + bytes(50)),
        ("gzip", gzip.compress(TEXT) + b"\n"),
        ("deflate", zlib.compress(TEXT)),
        ("deflate", raw_deflate(TEXT)),
        ("deflate", zlib.compress(TEXT) + b"more"),
    ],
    ids=[
        "none", "identity", "gzip", "x-gzip", "upper-case", "two-members", "padding", "line-end",
        "deflate", "raw-deflate", "after-the-end",
    ],
)  # fmt: skip
def test_a_whole_body_comes_out_as_it_went_in(encoding: str, raw: bytes, size: int) -> None:
    assert decoded(raw, encoding, size=size) == TEXT


@pytest.mark.parametrize("encoding", ["", "gzip", "deflate"])
def test_an_empty_body_is_empty_whatever_it_is_announced_as(encoding: str) -> None:
    assert decoded(b"", encoding) == b""


@pytest.mark.parametrize("length", [STEP - 1, STEP, STEP + 1, 2 * STEP, 3 * STEP + 258])
@pytest.mark.parametrize("pack", [raw_deflate, zlib.compress], ids=["raw", "zlib"])
def test_a_body_that_ends_at_the_edge_of_a_step_is_whole(
    pack: Callable[[bytes], bytes], length: int
) -> None:
    assert decoded(pack(bytes(length)), "deflate", size=10**6) == bytes(length)


def test_every_cut_of_a_compressed_body_is_seen() -> None:
    for encoding, raw in (
        ("gzip", gzip.compress(TEXT[:300])),
        ("deflate", zlib.compress(TEXT[:300])),
        ("deflate", raw_deflate(TEXT[:300])),
        ("gzip", gzip.compress(TEXT[:30]) + gzip.compress(TEXT[:30])),
    ):
        whole = {len(raw)}
        if encoding == "gzip" and raw.count(b"\x1f\x8b\x08") == 2:
            first = len(gzip.compress(TEXT[:30]))
            whole |= {first, first + 1}  # the first member alone, then at most padding
        for length in range(1, len(raw)):
            if length not in whole:
                assert state(raw[:length], encoding) == "truncated", (encoding, length)


@pytest.mark.parametrize(
    "encoding", ["br", "zstd", "compress", "gzip, gzip", "gzip, br", "\x1b[2J"]
)
def test_a_coding_that_was_not_offered_is_refused_in_printable_words(encoding: str) -> None:
    with pytest.raises(Fault) as caught:
        Body(encoding, 1000)
    assert caught.value.state == "bad_encoding"
    assert caught.value.detail.isprintable()


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_plain_text_announced_as_compressed_is_bad_encoding(encoding: str) -> None:
    assert state(b"\x07\x07<rss>not compressed</rss>", encoding) == "bad_encoding"


def test_a_gzip_body_with_a_wrong_check_sum_is_bad_encoding() -> None:
    raw = bytearray(gzip.compress(TEXT))
    raw[-6] ^= 1
    assert state(bytes(raw), "gzip") == "bad_encoding"


@pytest.mark.parametrize("encoding", ["", "gzip", "deflate"])
def test_the_limit_itself_is_allowed_and_one_more_byte_is_not(encoding: str) -> None:
    packs: dict[str, Callable[[bytes], bytes]] = {
        "": bytes,
        "gzip": gzip.compress,
        "deflate": zlib.compress,
    }
    pack = packs[encoding]
    assert decoded(pack(bytes(5000)), encoding, limit=5000) == bytes(5000)
    assert state(pack(bytes(5001)), encoding, limit=5000) == "too_large"


def test_a_compressed_body_that_never_gives_anything_is_too_large() -> None:
    nothing = gzip.compress(b"") * 1000
    assert state(nothing, "gzip", limit=len(nothing) - 1) == "too_large"


def test_a_body_of_very_many_members_ends_somewhere() -> None:
    assert decoded(gzip.compress(b"") * 10_000, "gzip", size=10**6) == b""


def test_a_bomb_of_a_gibibyte_stops_at_the_limit_in_little_memory() -> None:
    raw = bomb(1024)
    assert len(raw) < 2**21
    body = Body("gzip", 2**24)
    tracemalloc.start()
    with pytest.raises(Fault) as caught:
        body.add(raw)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert caught.value.state == "too_large"
    assert peak < 48 * 2**20


@settings(max_examples=80, deadline=None)
@given(
    raw=st.binary(max_size=400),
    packed=st.booleans(),
    encoding=st.sampled_from(["", "gzip", "deflate"]),
    size=st.integers(1, 50),
)
def test_any_bytes_give_a_body_or_a_fault(
    raw: bytes, packed: bool, encoding: str, size: int
) -> None:
    given_raw = gzip.compress(raw)[: len(raw)] if packed else raw
    try:
        end, body = "ok", decoded(given_raw, encoding, limit=1000, size=size)
    except Fault as fault:
        end, body = fault.state, b""
    assert end in ("ok", "truncated", "bad_encoding", "too_large")
    assert encoding or body == given_raw
