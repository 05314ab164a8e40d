"""Serves the demo's feeds on loopback, as they stand at the demo's own time."""

from __future__ import annotations

import hashlib
import socket

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from monitor.clock import Clock
from monitor.demo.documents import document
from monitor.demo.scenario import Scenario

HOST = "127.0.0.1"


def feed_server(scenario: Scenario, clock: Clock) -> Starlette:
    """The feeds under `/ID`, with ETag and 304, and with the outages of the scenario."""
    sources = {source.id: source for source in scenario.sources}

    async def feed(request: Request) -> Response:
        source = sources.get(request.path_params["id"])
        if source is None:
            return PlainTextResponse("no such feed\n", status_code=404)
        now = clock.now()
        outage = scenario.outage(source.id, now)
        if outage is not None:
            return PlainTextResponse("internal server error\n", status_code=outage.status)
        body, content_type = document(scenario, source, now)
        etag = f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
        headers = {"ETag": etag, "Cache-Control": "no-cache"}
        if etag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        return Response(body, media_type=content_type, headers=headers)

    async def index(_: Request) -> Response:
        lines = "".join(
            f'<li><a href="/{source.id}">{source.name}</a> ({source.shape})</li>'
            for source in scenario.sources
        )
        head = (
            '<!doctype html><html lang="en"><meta charset="utf-8"><title>Feeds of the demo</title>'
        )
        return HTMLResponse(f"{head}<h1>Feeds of the demo</h1><ul>{lines}</ul></html>")

    return Starlette(routes=[Route("/", index), Route("/{id}", feed)])


def loopback_socket() -> socket.socket:
    """A socket on a free port of this machine's loopback address."""
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    bound.bind((HOST, 0))
    return bound
