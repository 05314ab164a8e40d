"""Turns what the client raises into named states and plain sentences.

The transport shows a refused connection, an unknown name and a hang-up all as a connect
time-out; what really happened is in the chain of causes.
"""

from __future__ import annotations

import errno
import re
import socket
import ssl
from collections.abc import Iterator

import aiohttp
import httpx
from aiohttp import http_exceptions

from alerts.feedhealth import (
    BAD_LENGTH,
    EXPIRED,
    NOT_HTTP,
    NOT_YET_VALID,
    UNTRUSTED,
    WRONG_NAME,
)
from monitor.fetch.faults import Fault
from monitor.fetch.sockets import GOES_ON

# What a network can make the client raise. Everything else is an error of ours and goes on up.
NETWORK_ERRORS = (
    httpx.TransportError,
    httpx.InvalidURL,
    aiohttp.ClientError,
    http_exceptions.HttpProcessingError,
    OSError,  # time-outs, TLS and name service errors are its children
)

NO_ADDRESS = "The address is not a valid web address."
_UNREACHABLE = frozenset(
    [errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EHOSTDOWN, errno.ENETDOWN, errno.EADDRNOTAVAIL]
)
_LENGTH_HEADERS = ("content-length", "transfer-encoding")
_PARSER_WORDS = re.compile(r"[A-Za-z][A-Za-z '-]{2,60}")  # what follows quotes the server
_CERTIFICATES = {  # codes of OpenSSL's verification: X509_V_ERR_…
    9: NOT_YET_VALID,
    10: EXPIRED,
    18: UNTRUSTED,  # signed by itself
    19: UNTRUSTED,  # by an authority that signed itself
    20: UNTRUSTED,  # by an authority that is not in the list
    21: UNTRUSTED,  # the same, with nothing sent between
    62: WRONG_NAME,
    64: WRONG_NAME,  # an address, not a name
}
_TLS_WORDS = (  # reason given by OpenSSL, in words
    ("WRONG_VERSION_NUMBER", "the other side does not speak TLS on this port"),
    ("HTTP_REQUEST", "the other side does not speak TLS on this port"),
    ("UNSUPPORTED_PROTOCOL", "the other side offers only outdated versions of TLS"),
    ("PROTOCOL_VERSION", "the other side offers only other versions of TLS"),
    ("DH_KEY_TOO_SMALL", "the other side's key is too weak"),
    ("LEGACY", "the other side offers only an unsafe form of renegotiation"),
    ("HANDSHAKE_FAILURE", "the other side refused the handshake"),
    ("UNEXPECTED_EOF", "the other side hung up during the handshake"),
)


class WrongLength(aiohttp.ClientPayloadError):
    """The body goes on after its announced end, so nobody knows where it ends."""


def fault_of(error: BaseException, host: str, *, reading: bool, redirected: bool = False) -> Fault:
    """The fault behind what the client raised while it talked to `host`.

    `reading`: the headers had been read, so what broke is the body. `redirected`: the publisher
    chose the address, so a wrong one is a wrong redirect.
    """
    chain = list(_chain(error))
    if any(GOES_ON in str(each) for each in chain):  # the client keeps but its text
        return Fault("too_large", f"The answer of {host} goes on and on; reading stopped.")
    for cause in chain:
        fault = _fault(cause, host)
        if fault is not None:
            break
    else:
        fault = Fault("refused", f"The connection to {host} failed ({type(error).__name__}).")
    if redirected and fault.detail == NO_ADDRESS:
        return Fault("redirect_refused", "A redirect leads to something that is no web address.")
    if reading and fault.state in ("refused", "http_5xx"):
        return Fault("truncated", f"{host} closed the connection before the body's end.")
    return fault


def _fault(error: BaseException, host: str) -> Fault | None:
    """The fault that one exception of the chain stands for; None when another tells more."""
    if isinstance(error, ssl.SSLError | ssl.CertificateError):
        return Fault("tls", _tls_words(error, host))
    if isinstance(error, socket.gaierror):
        return Fault("cannot_resolve", _name_words(error, host))
    if isinstance(error, http_exceptions.LineTooLong):
        return Fault("too_large", "A line of the response headers is too long.")
    if isinstance(error, WrongLength):
        return Fault("truncated", f"{host} {BAD_LENGTH}: the body goes on after its end.")
    if isinstance(error, http_exceptions.PayloadEncodingError | aiohttp.ClientPayloadError):
        return Fault("truncated", "The body broke off before its announced end.")
    if isinstance(error, aiohttp.ClientHttpProxyError):
        return Fault("refused", f"The proxy answered HTTP {error.status}.")
    if isinstance(error, http_exceptions.HttpProcessingError):
        return _broken(error.message, host)
    if isinstance(error, aiohttp.ServerDisconnectedError | ConnectionResetError | BrokenPipeError):
        return Fault("refused", f"{host} closed the connection without an answer.")
    if isinstance(error, aiohttp.ConnectionTimeoutError):
        return Fault("timed_out", f"No connection to {host} came about in time.")
    if isinstance(error, TimeoutError):
        return Fault("timed_out", f"{host} did not answer in time.")
    if isinstance(error, ConnectionRefusedError):
        return Fault("refused", f"{host} refused the connection.")
    if isinstance(error, aiohttp.InvalidURL | httpx.InvalidURL):
        return Fault("cannot_resolve", NO_ADDRESS)
    if isinstance(error, OSError) and error.errno in _UNREACHABLE:
        return Fault("refused", f"There is no route to {host}.")
    return None


def _broken(message: str, host: str) -> Fault:
    """The fault of an answer that is no valid HTTP, by the first words of the parser's message."""
    words = _PARSER_WORDS.match(message.strip())
    shown = words[0].strip().lower() if words else "it cannot be read"
    if "too many headers" in shown:
        return Fault("too_large", "The response has too many headers.")
    if any(name in shown for name in _LENGTH_HEADERS):  # nobody knows where the body ends
        return Fault("truncated", f"{host} {BAD_LENGTH}: {shown}.")
    state = "truncated" if "chunk" in shown else "http_5xx"
    return Fault(state, f"The answer of {host} {NOT_HTTP}: {shown}.")


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The exception's causes, the first cause first."""
    found: list[BaseException] = []
    step: BaseException | None = error
    while step is not None and step not in found:
        found.append(step)
        step = step.__cause__ or step.__context__
    yield from reversed(found)


def _tls_words(error: ssl.SSLError | ssl.CertificateError, host: str) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        why = (error.verify_message or "it cannot be checked").rstrip(".")
        kind = _CERTIFICATES.get(error.verify_code)
        said = f"{kind} ({why})" if kind else f"its certificate was not accepted: {why}"
        return f"No secure connection to {host}: {said}."
    reason = (error.reason or "") if isinstance(error, ssl.SSLError) else ""
    for name, words in _TLS_WORDS:
        if name in reason:
            return f"No secure connection to {host}: {words}."
    shown = reason.replace("_", " ").lower() or type(error).__name__
    return f"No secure connection to {host}: {shown}."


def _name_words(error: socket.gaierror, host: str) -> str:
    if error.errno == socket.EAI_AGAIN:
        return f"The name service did not answer for {host}."
    return f"The name {host} was not found."
