"""`/export/…`: what partners may fetch; every address is a 404 while the operator has it off."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from monitor.export import documents, gather
from monitor.export.view import as_json

if TYPE_CHECKING:
    from monitor.app import Program
    from storage.database import Connection

_CAP = ".cap.xml"


class ExportPage:
    """The endpoint for one program."""

    def __init__(self, program: Program) -> None:
        self._program = program

    async def __call__(self, request: Request) -> Response:
        """The document of that name. Raises HTTPException 404."""
        name = str(request.path_params["name"])
        return await self._program.writer.read(lambda conn: self._answer(conn, name))

    def _answer(self, conn: Connection, name: str) -> Response:
        settings, now = self._program.settings, self._program.clock.now()
        if name == "incidents.atom" and "atom" in settings.export:
            feed = documents.atom(gather.listed(conn, now), settings, now=now)
            return Response(feed, media_type="application/atom+xml")
        if name == "incidents.json" and "json" in settings.export:
            found = [as_json(each) for each in gather.listed(conn, now)]
            return Response(json.dumps(found, ensure_ascii=False), media_type="application/json")
        if name.endswith(_CAP) and "cap" in settings.export:
            one = gather.one(conn, name.removesuffix(_CAP))
            if one is not None:
                return Response(documents.cap(one, settings), media_type="application/cap+xml")
        raise HTTPException(404)
