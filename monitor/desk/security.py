"""What holds for every answer: only names of ours, headers that forbid the rest, and GET and HEAD
but for the few addresses that take a form.

A page elsewhere can point its own name at this machine (DNS rebinding) and read what the browser
is given under that name; so a request must ask for a name that is ours.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from monitor.config.settings import Settings
from monitor.desk.forms import from_elsewhere

PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; frame-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# A mail's own HTML: its inline styles, nothing from outside, no script, no origin.
MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; "
    "base-uri 'none'; frame-ancestors 'self'; sandbox"
)
EDIT = "/digests/edit"
# Addresses that take a POST: how they begin, how they end.
ACTS = (
    ("/ack/", ""),
    ("/incidents/", "/act"),
    ("/feeds/tune/", ""),
    *((path, path) for path in ("/silences", EDIT, "/feeds/add", "/feeds/alternates",
                                "/feeds/import", "/feeds/changes")),
)  # fmt: skip
HEADERS = {
    "Content-Security-Policy": PAGE_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class Guard:
    """Stands before the pages; `refuse` draws the answer to a wrong method."""

    def __init__(
        self, app: ASGIApp, settings: Settings, refuse: Callable[[Request], Awaitable[Response]]
    ) -> None:
        self.app = app
        self._names = names(settings)
        self._refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or hand on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    if name not in headers or name == "Cache-Control":
                        headers[name] = value
            await send(message)

        request = Request(scope)
        if not self._is_ours(request):
            answer: Response = PlainTextResponse("This name is not served here.\n", 400)
            await answer(scope, receive, send_guarded)
        elif scope["method"] not in ("GET", "HEAD") and not _may_act(request):
            answer = await self._refuse(request)
            await answer(scope, receive, send_guarded)
        else:
            await self.app(scope, receive, send_guarded)

    def _is_ours(self, request: Request) -> bool:
        asked = request.headers.getlist("host")
        return len(asked) == 1 and is_ours(asked[0], self._names)


def takes_form(request: Request) -> bool:
    """Whether this is a form sent to an address that takes forms."""
    path = request.url.path
    takes = any(path.startswith(start) and path.endswith(end) for start, end in ACTS)
    return request.method == "POST" and takes


def _may_act(request: Request) -> bool:
    """Whether this is a form of ours at an address that takes forms, sent by no other site."""
    return takes_form(request) and not from_elsewhere(request)


def names(settings: Settings) -> frozenset[str]:
    """The names besides this machine's own under which the pages may be asked for."""
    found = {"localhost", settings.listen.host.lower()}
    given = urlsplit(settings.base_url).hostname
    return frozenset(found | ({given} if given else set()))


def is_ours(host: str, known: frozenset[str]) -> bool:
    """Whether a Host header names us: one of `known`, or a loopback address; any port."""
    try:
        parts = urlsplit(f"//{host}")
        name = (parts.hostname or "").rstrip(".")
        _ = parts.port
    except ValueError:
        return False
    if not name or any(sign in host for sign in "/?#@\\ "):
        return False
    if name in known:
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False
