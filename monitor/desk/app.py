"""The duty desk's pages as one ASGI application.

Every page is read in a thread on a read-only session, from the parts of the program that are in
force at that moment. Those that write: the link of a mail (`ack.py`), the form of deeds (`act.py`),
the page of silences, the form on a digest's draft (`draftform.py`), and the forms on the feed list
(`feeddesk.py`).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from monitor import health
from monitor.desk import digests, feedpages, mails, review
from monitor.desk.ack import AckPage
from monitor.desk.act import ActPage
from monitor.desk.advicepage import advice_country, advice_page
from monitor.desk.banner import banner
from monitor.desk.delaypage import delay_page
from monitor.desk.draftform import DraftForm
from monitor.desk.errors import error_page
from monitor.desk.exported import ExportPage
from monitor.desk.feedadd import AddFeed
from monitor.desk.feeddesk import FeedDesk
from monitor.desk.feedmoves import ExportFeeds, ImportFeeds
from monitor.desk.feedothers import OtherAddresses
from monitor.desk.feedpast import ListHistory
from monitor.desk.feedtable import feed_table
from monitor.desk.feedtune import TuneFeed
from monitor.desk.incident import incident, incident_picture
from monitor.desk.items import latest_items
from monitor.desk.page import Ask, Page, written
from monitor.desk.queue import queue
from monitor.desk.security import EDIT, HEADERS, MAIL_POLICY, Guard, takes_form
from monitor.desk.silences import SilencesPage
from monitor.desk.voice import Voice
from storage.errors import StorageError

if TYPE_CHECKING:
    from monitor.app import Program
    from storage.database import Connection

COOKIE = "desk_language"
_A_YEAR_S = 365 * 24 * 3600
_BOTH = ["GET", "POST"]
_STATIC = Path(__file__).with_name("static")

Endpoint = Callable[[Request], Awaitable[Response]]
Found = TypeVar("Found")


def desk(program: Program) -> Starlette:
    """The pages of this program."""
    pages = _Pages(program, program.clock.now())
    page, bare, form = pages.page, pages.bare, pages.form
    acts = form(ActPage(program, pages.ask).__call__)
    tuning = FeedDesk(program, pages.ask)
    app = Starlette(
        routes=[
            Route("/", page(queue)),
            Route("/incidents", page(queue)),
            Route("/incidents/{number}", page(incident)),
            Route("/incidents/{number}/act", acts, methods=_BOTH),
            Route("/ack/{token}", form(AckPage(program).__call__), methods=_BOTH),
            Route("/incidents/{number}/timeline.svg", pages.picture),
            Route("/items", page(latest_items)),
            Route("/items/{id:int}", page(review.item)),
            Route("/review", page(review.review)),
            Route("/advice", page(advice_page)),
            Route("/advice/{country}", page(advice_country)),
            Route("/communications", page(delay_page)),
            Route("/feeds", page(feed_table)),
            Route("/feeds/worth", page(feedpages.feed_worth)),
            Route("/feeds/coverage", page(feedpages.feed_coverage)),
            Route("/feeds/coverage.svg", pages.coverage),
            Route("/feeds/changes", form(ListHistory(tuning).__call__), methods=_BOTH),
            Route("/feeds/add", form(AddFeed(tuning).__call__), methods=_BOTH),
            Route("/feeds/tune/{key:path}", form(TuneFeed(tuning).__call__), methods=_BOTH),
            Route("/feeds/alternates", form(OtherAddresses(tuning).__call__), methods=_BOTH),
            Route("/feeds/import", form(ImportFeeds(tuning).__call__), methods=_BOTH),
            Route("/feeds/export.{form}", ExportFeeds(tuning).__call__),
            Route("/mails", page(mails.mails)),
            Route("/mails/{id}.eml", pages.eml),
            Route("/mails/{id}/html", bare(mails.mail_html)),
            Route("/mails/{id}", page(mails.mail)),
            Route("/silences", form(SilencesPage(program, pages.ask).__call__), methods=_BOTH),
            Route("/digests", page(digests.digest_list)),
            Route(EDIT, form(DraftForm(program, pages.ask).__call__), methods=_BOTH),
            Route("/digests/latest", page(digests.preview)),
            Route("/digests/latest/html", bare(digests.preview_html)),
            Route("/digests/latest/pdf", pages.pdf),
            Route("/digests/latest/json", pages.digest_json),
            Route("/digests/{name}/{day}/json", pages.digest_json),
            Route("/digests/{name}/{day}", page(digests.preview)),
            Route("/digests/{name}/{day}/html", bare(digests.preview_html)),
            Route("/digests/{name}/{day}/pdf", pages.pdf),
            Route("/digests/{name}/{day}/compare", page(digests.compared)),
            Route("/healthz", pages.healthz),
            Route("/export/{name}", ExportPage(program).__call__),
            Mount("/static", StaticFiles(directory=_STATIC)),
        ],
        middleware=[Middleware(Guard, settings=program.settings, refuse=pages.refuse)],
        exception_handlers={
            HTTPException: pages.http_error,
            StorageError: pages.storage_error,
            Exception: pages.bug,
        },
    )
    app.router.redirect_slashes = False  # its redirects would repeat what the address said
    return app


def _remembered(request: Request, ask: Ask, answer: Response) -> Response:
    """The answer, with the language that was asked for kept for the pages to come."""
    if request.query_params.get("lang") == ask.voice.language:
        answer.set_cookie(
            COOKIE,
            ask.voice.language,
            max_age=_A_YEAR_S,
            samesite="strict",
            httponly=True,
            secure=request.url.scheme == "https",
        )
    return answer


class _Pages:
    """The endpoints; `started` is when this process began to serve."""

    def __init__(self, program: Program, started: datetime) -> None:
        self._program = program
        self._started = started

    def page(self, read: Callable[[Connection, Ask], Page]) -> Endpoint:
        """An endpoint that frames what `read` finds, with the program's state on top."""

        def draw(conn: Connection, ask: Ask) -> str:
            return written(read(conn, ask), ask, banner(conn, ask))

        async def endpoint(request: Request) -> Response:
            ask = self.ask(request)
            return _remembered(request, ask, HTMLResponse(await self._read(draw, ask)))

        return endpoint

    def form(self, answered: Endpoint) -> Endpoint:
        """An endpoint that draws its own page: the language asked for is remembered as well."""

        async def endpoint(request: Request) -> Response:
            return _remembered(request, self.ask(request), await answered(request))

        return endpoint

    def bare(self, read: Callable[[Connection, Ask], str]) -> Endpoint:
        """An endpoint that shows a mail's own HTML, shut off from everything."""

        async def endpoint(request: Request) -> Response:
            html = await self._read(read, self.ask(request))
            return HTMLResponse(html, headers={"Content-Security-Policy": MAIL_POLICY})

        return endpoint

    async def eml(self, request: Request) -> Response:
        """A notice as a file, byte for byte as it goes out."""
        found = await self._read(mails.notice, self.ask(request))
        name = f"notice-{found.id}.eml"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(found.mime, media_type="message/rfc822", headers=headers)

    async def coverage(self, request: Request) -> Response:
        """What the list covers, as a picture that can be kept."""
        svg = await self._read(feedpages.coverage_picture, self.ask(request))
        return Response(svg, media_type="image/svg+xml")

    async def pdf(self, request: Request) -> Response:
        """A digest as an A4 PDF."""
        made = await self._read(digests.preview_pdf, self.ask(request))
        headers = {"Content-Disposition": 'inline; filename="digest.pdf"'}
        return Response(made, media_type="application/pdf", headers=headers)

    async def digest_json(self, request: Request) -> Response:
        """A digest as data."""
        return JSONResponse(await self._read(digests.preview_json, self.ask(request)))

    async def picture(self, request: Request) -> Response:
        """An incident's signals and communications on one time line, as SVG."""
        drawn = await self._read(incident_picture, self.ask(request))
        return Response(drawn, media_type="image/svg+xml")

    async def healthz(self, request: Request) -> Response:
        """Whether the program moves: 200 or 503."""

        def read(conn: Connection, ask: Ask) -> health.Health:
            return health.health(conn, started=self._started, now=ask.voice.now)

        try:
            found = await self._read(read, self.ask(request))
        except StorageError:  # its words name files and hosts; they are for the log
            found = health.Health(ok=False, poll_s=None, outbox_s=None, database="failing")
        return JSONResponse(found.as_json(), 200 if found.ok else 503)

    async def refuse(self, request: Request) -> Response:
        """The answer to a method that would change something."""
        return error_page(self.ask(request), 403 if takes_form(request) else 405)

    async def http_error(self, request: Request, error: Exception) -> Response:
        """The page for a 404 and its like."""
        status = error.status_code if isinstance(error, HTTPException) else 500
        return error_page(self.ask(request), status)

    async def storage_error(self, request: Request, error: Exception) -> Response:
        """The page for a database that cannot be read."""
        return error_page(self.ask(request), 503)

    async def bug(self, request: Request, error: Exception) -> Response:
        """The page for a fault of ours; the server logs the fault itself.

        It is drawn outside of the guard, so it brings the guard's headers.
        """
        answer = error_page(self.ask(request), 500)
        answer.headers.update(HEADERS)
        return answer

    async def _read(self, read: Callable[[Connection, Ask], Found], ask: Ask) -> Found:
        return await self._program.writer.read(lambda conn: read(conn, ask))

    def ask(self, request: Request) -> Ask:
        """What a request asks for, and in which language."""
        policy = self._program.policy
        asked = (request.query_params.get("lang"), request.cookies.get(COOKIE), *policy.languages)
        language = next((each for each in asked if each in ("th", "en")), "en")
        return Ask(
            program=self._program,
            voice=Voice(language, policy, self._program.clock.now()),
            path=request.url.path,
            query=dict(request.query_params),
            parts={name: str(value) for name, value in request.path_params.items()},
        )
