"""A small IMAP server on loopback: enough of RFC 3501 for a program that only reads an inbox."""

from __future__ import annotations

import re
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

USER, PASSWORD = "desk", "p:w/d"


@dataclass(slots=True)
class ImapServer:
    """The running server; `mails` are those of its one folder, numbered from `first`."""

    port: int = 0
    mails: list[bytes] = field(default_factory=list)
    validity: int = 7
    first: int = 10
    mute: bool = False
    offers_tls: bool = False  # by STARTTLS
    commands: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        """For MONITOR_INBOX."""
        return f"imap://{USER}:p%3Aw%2Fd@127.0.0.1:{self.port}/INBOX?tls=none"

    def answer(self, line: str) -> tuple[list[bytes], str]:
        """The untagged lines and the end of the answer to one command."""
        self.commands.append(line)
        word = line.upper()
        if word.startswith("CAPABILITY"):
            more = b" STARTTLS" if self.offers_tls else b""
            return [b"* CAPABILITY IMAP4rev1" + more], "OK done"
        if word.startswith("LOGIN"):
            good = line == f'LOGIN {USER} "{PASSWORD}"'
            return [], "OK in" if good else "NO [AUTHENTICATIONFAILED] wrong user or password"
        if word.startswith(("SELECT", "EXAMINE")):
            if "INBOX" not in word:
                return [], "NO no such folder"
            count = len(self.mails)
            return [b"* %d EXISTS" % count, b"* OK [UIDVALIDITY %d] ok" % self.validity], "OK read"
        if found := re.match(r"UID SEARCH UID (\d+):\*", word):
            numbers = [self.first + each for each in range(len(self.mails))]
            # As the standard has it: `9:*` names the last mail even when it is older than 9.
            wanted = [each for each in numbers if each >= int(found[1])] or numbers[-1:]
            return [b"* SEARCH " + b" ".join(b"%d" % each for each in wanted)], "OK found"
        if found := re.match(r"UID FETCH (\d+) ", word):
            raw = self.mails[int(found[1]) - self.first]
            place = int(found[1]) - self.first + 1
            head = b"* %d FETCH (UID %s BODY[]<0> {%d}\r\n" % (place, found[1].encode(), len(raw))
            return [head + raw + b")"], "OK fetched"
        return [], "OK done"


@contextmanager
def imapserver(
    context: ssl.SSLContext | None = None, *, starttls: ssl.SSLContext | None = None
) -> Iterator[ImapServer]:
    """Run a server on a free port of this machine, secured from the start or when asked."""
    state = ImapServer(offers_tls=starttls is not None)
    stop = threading.Event()

    class Talk(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            if state.mute:
                stop.wait(30)
                return
            self.wfile.write(b"* OK ready\r\n")
            while line := self.rfile.readline():
                tag, _, rest = line.decode().strip().partition(" ")
                untagged, end = state.answer(rest)
                if rest.upper().startswith("LOGOUT"):
                    untagged = [b"* BYE"]
                self.wfile.write(b"".join(each + b"\r\n" for each in untagged))
                self.wfile.write(f"{tag} {end}\r\n".encode())
                if rest.upper().startswith("LOGOUT"):
                    return
                if rest.upper() == "STARTTLS" and starttls is not None:
                    self.request = starttls.wrap_socket(self.request, server_side=True)
                    self.setup()

        def finish(self) -> None:
            super().finish()
            self.request.close()  # the server knows only the one that it was before STARTTLS

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        allow_reuse_address = True

        def get_request(self):  # type: ignore[no-untyped-def]
            talk, address = super().get_request()
            return (context.wrap_socket(talk, server_side=True) if context else talk), address

        def handle_error(self, request: object, client_address: object) -> None:
            return  # a client that leaves in the middle is no fault of a test

    with Server(("127.0.0.1", 0), Talk) as server:
        state.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield state
        finally:
            stop.set()
            server.shutdown()
            thread.join()
