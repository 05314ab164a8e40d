"""Undo gzip and deflate on the raw stream, a little at a time, and stop at the size limit.

The client's own decoders give one piece of up to a gibibyte for a few hundred bytes, and take a
compressed body that ends half-way for a whole one.
"""

from __future__ import annotations

import zlib

from monitor.fetch.faults import Fault

STEP = 256 * 1024  # the most that one call of zlib may give
GZIP = 16 + zlib.MAX_WBITS
ZLIB = zlib.MAX_WBITS
RAW_DEFLATE = -zlib.MAX_WBITS
MOST_MEMBERS = 4096  # parts of one gzip body; block-compressed files have some hundreds
GZIP_MAGIC = b"\x1f\x8b"
# Words for "not compressed", right and wrong ones that servers really send.
_NO_CODING = frozenset(["", "identity", "none", "binary", "8bit", "utf-8", "utf8"])


class Body:
    """Collects a response's body, decoded; `add` every raw piece, then `finish`.

    `encoding` is the Content-Encoding header. `limit` is in bytes and holds for the raw and for
    the decoded body. Raises Fault with the states bad_encoding, too_large and truncated.
    """

    def __init__(self, encoding: str, limit: int) -> None:
        self._coding = _coding(encoding)
        self._limit = limit
        self._raw_size = 0
        self._size = 0
        self._pieces: list[bytes] = []
        self._head = b""  # of a compressed body, until its form is known
        self._decoder: zlib._Decompress | None = None
        self._members = 0
        self._ended = False

    def add(self, raw: bytes) -> None:
        """Take the next raw piece."""
        self._raw_size += len(raw)
        if self._raw_size > self._limit:
            raise too_large(self._limit)
        if not self._coding:
            self._keep(raw)
        elif not self._ended:
            self._decode(raw)

    def finish(self) -> bytes:
        """The whole decoded body."""
        whole = self._ended or (self._members and self._decoder is None)
        if self._coding and self._raw_size and not whole:
            raise Fault("truncated", f"The {self._coding} body ends before its end mark.")
        return b"".join(self._pieces)

    @property
    def head(self) -> bytes:
        """What has been decoded so far."""
        return b"".join(self._pieces)

    def _decode(self, raw: bytes) -> None:
        rest = self._head + raw
        self._head = b""
        while rest and not self._ended:
            if self._decoder is None:
                if len(rest) < 2:  # two bytes tell the form
                    self._head = rest
                    return
                if self._members and rest[:2] != GZIP_MAGIC:
                    self._ended = True  # padding after the last part, as gzip itself reads it
                    return
                self._decoder = self._start(rest)
            rest = self._inflate(self._decoder, rest)

    def _inflate(self, decoder: zlib._Decompress, raw: bytes) -> bytes:
        """Decode all of `raw`; what follows the end mark is given back."""
        while True:
            try:
                piece = decoder.decompress(raw, STEP)
            except zlib.error:
                raise Fault(
                    "bad_encoding", f"The body is announced as {self._coding} but is not."
                ) from None
            self._keep(piece)
            if decoder.eof:
                return self._end_member(decoder.unused_data)
            raw = decoder.unconsumed_tail
            if not raw and len(piece) < STEP:  # a full step may have left something inside
                return b""

    def _end_member(self, rest: bytes) -> bytes:
        self._decoder = None
        self._members += 1
        if self._coding != "gzip" or self._members >= MOST_MEMBERS:
            self._ended = True
        return rest

    def _start(self, first: bytes) -> zlib._Decompress:
        if self._coding == "gzip":
            return zlib.decompressobj(GZIP)
        # "deflate" means a zlib wrapper, but some servers send the bare stream. A wrapper starts
        # with method 8 and two bytes that are together a multiple of 31 (RFC 1950, section 2.2).
        wrapped = first[0] & 0x0F == 8 and (first[0] << 8 | first[1]) % 31 == 0
        return zlib.decompressobj(ZLIB if wrapped else RAW_DEFLATE)

    def _keep(self, piece: bytes) -> None:
        self._size += len(piece)
        if self._size > self._limit:
            raise too_large(self._limit)
        if piece:
            self._pieces.append(piece)


def too_large(limit: int) -> Fault:
    """The fault of a body that passes `limit` bytes."""
    return Fault("too_large", f"The body is larger than {limit / 2**20:.4g} MiB; reading stopped.")


def _coding(header: str) -> str:
    """gzip, deflate or nothing; at most one layer, since each more multiplies a bomb."""
    names = [name.strip().lower() for name in header.split(",")]
    codings = [name.removeprefix("x-") for name in names if name not in _NO_CODING]
    if not codings:
        return ""
    if len(codings) == 1 and codings[0] in ("gzip", "deflate"):
        return codings[0]
    shown = ", ".join(name[:20] for name in codings[:3])
    shown = "".join(each if each.isprintable() else "?" for each in shown)
    raise Fault("bad_encoding", f"The body is compressed as {shown}, which was not offered.")
