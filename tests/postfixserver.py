"""A Postfix of a test's own: its folder, its port on loopback, its mailboxes; nobody else's."""

from __future__ import annotations

import os
import pwd
import re
import shutil
import smtplib
import socket
import socketserver
import subprocess
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

HOST, DOMAIN = "localhost", "ministry.example"
WITHIN_S = 60.0  # a busy machine
SIZE_LIMIT = 200_000  # bytes of a message
_PRIVATE = ("active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming",
            "private", "saved", "trace")  # fmt: skip
_MAIN = """\
compatibility_level = 3.6
queue_directory = {home}/queue
data_directory = {home}/data
maillog_file = {home}/log
maillog_file_prefixes = {home}
myhostname = {host}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
smtpd_peername_lookup = no
disable_dns_lookups = yes
mydestination =
local_recipient_maps =
alias_maps =
alias_database =
local_transport = error:no local delivery
default_transport = error:no delivery beyond this machine
relay_transport = error:no delivery beyond this machine
virtual_mailbox_domains = {domain}
virtual_mailbox_base = {home}/boxes
virtual_mailbox_maps = texthash:{home}/boxes.map
virtual_minimum_uid = 1
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
message_size_limit = {size}
smtpd_tls_security_level = encrypt
smtpd_tls_chain_files = {home}/server.pem
smtpd_recipient_restrictions =
    check_recipient_access texthash:{home}/access.map,
    check_policy_service inet:127.0.0.1:{greylist},
    permit_auth_destination, reject
"""
_MASTER = """\
127.0.0.1:{port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
anvil unix - - n - 1 anvil
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
postlog unix-dgram n - n - 1 postlogd
"""


_SESSION = re.compile(r" disconnect from \S+ (.*)")


class Absent(Exception):
    """There is no Postfix here, or none that can be started; the message says why."""


class _Greylist(socketserver.ThreadingTCPServer):
    """A policy service as greylisting programs are: the first try of an address is put off."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, listed: frozenset[str]) -> None:
        super().__init__(("127.0.0.1", 0), _Policy)
        self._listed, self._asked, self._asking = listed, Counter[str](), threading.Lock()

    def puts_off(self, to: str) -> bool:
        """Whether this is the first question about an address that is listed."""
        with self._asking:
            self._asked[to] += 1
            return to in self._listed and self._asked[to] == 1


class _Policy(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        to = ""
        for line in self.rfile:
            name, _, value = line.decode().strip().partition("=")
            if name == "recipient":
                to = value
            elif not name:  # an empty line ends a question
                self._answer(to)

    def _answer(self, to: str) -> None:
        server = self.server
        assert isinstance(server, _Greylist)
        action = "450 4.2.0 Greylisted, come again" if server.puts_off(to) else "dunno"
        self.wfile.write(f"action={action}\n\n".encode())


@dataclass(slots=True)
class Postfix:
    """The running server; `boxes` are those that it has, each with a Maildir."""

    home: Path
    port: int
    boxes: tuple[str, ...]
    process: subprocess.Popen[bytes] = field(repr=False)

    def log(self) -> str:
        """What it has logged so far."""
        path = self.home / "log"
        return path.read_text(errors="replace") if path.exists() else ""

    def settled(self, messages: int) -> None:
        """Wait until it has put so many messages away and nobody is connected.

        Raises TimeoutError with the end of the log.
        """
        until = time.monotonic() + WITHIN_S
        while not _is_settled(log := self.log(), messages):
            if time.monotonic() > until:
                raise TimeoutError(f"Postfix has not put away {messages} messages:\n{log[-3000:]}")
            time.sleep(0.05)

    def sessions(self) -> list[dict[str, int]]:
        """The sessions in which a message was begun: how often each command succeeded."""
        told = _SESSION.findall(self.log())
        counts = [dict(pair.split("=") for pair in each.split()) for each in told]
        found = [
            {name: int(count.split("/")[0]) for name, count in each.items()} for each in counts
        ]
        return [each for each in found if "mail" in each]

    def delivered(self) -> list[tuple[str, bytes]]:
        """What lies in the mailboxes: whose, and the file with the lines that delivery added."""
        return [
            (f"{box}@{DOMAIN}", path.read_bytes())
            for box in self.boxes
            for path in sorted((self.home / "boxes" / box / "new").glob("*"))
        ]


@contextmanager
def postfix(
    certificate: Path,
    *,
    boxes: tuple[str, ...],
    refused: frozenset[str] = frozenset(),
    greylisted: frozenset[str] = frozenset(),
) -> Iterator[Postfix]:
    """Run it with this certificate (key and chain in one PEM file); raises Absent.

    It takes mail for `boxes` over STARTTLS only, answers 550 to `refused`, which are addresses,
    and 450 to the first try of `greylisted`. It delivers nothing beyond its own folder.
    """
    program = _master()
    with tempfile.TemporaryDirectory(prefix="monitor-postfix-") as folder:
        home = Path(folder)
        server = _Greylist(greylisted)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            port = _free_port()
            _furnish(home, port, server.server_address[1], certificate, boxes, refused)
            with (home / "errors").open("wb") as errors:
                process = subprocess.Popen(
                    [program, "-c", home / "config", "-d"],
                    stdin=subprocess.DEVNULL, stdout=errors, stderr=errors, cwd="/",
                )  # fmt: skip
            running = Postfix(home, port, boxes, process)
            try:
                _await_greeting(running)
                yield running
            finally:
                process.terminate()  # it ends its own daemons
                process.wait(WITHIN_S)
        finally:
            server.shutdown()
            server.server_close()


def _is_settled(log: str, messages: int) -> bool:
    came, left = log.count(" connect from "), log.count(" disconnect from ")
    return log.count(": removed\n") >= messages and came == left


def _master() -> Path:
    """Postfix's main program. Raises Absent."""
    postconf = shutil.which("postconf", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if postconf is None:
        raise Absent("Postfix is not installed")
    if os.geteuid() != 0:
        raise Absent("Postfix is started by root only")
    said = subprocess.run(
        [postconf, "-dh", "daemon_directory"], check=True, capture_output=True, text=True
    )
    return Path(said.stdout.strip()) / "master"


def _furnish(
    home: Path,
    port: int,
    greylist: int,
    certificate: Path,
    boxes: tuple[str, ...],
    refused: frozenset[str],
) -> None:
    """Its configuration, and the folders that it wants, each with the owner that it wants."""
    try:
        owner, nobody = pwd.getpwnam("postfix"), pwd.getpwnam("nobody")
    except KeyError as error:
        raise Absent(f"Postfix runs as users that are not here: {error}") from error
    home.chmod(0o755)
    for name in ("config", "queue", "queue/pid", "queue/public", "data", "boxes"):
        (home / name).mkdir()
    for name in _PRIVATE:
        (home / "queue" / name).mkdir(mode=0o700)
        os.chown(home / "queue" / name, owner.pw_uid, -1)
    for path in (home / "data", home / "queue" / "public"):
        os.chown(path, owner.pw_uid, -1)
    os.chown(home / "boxes", nobody.pw_uid, nobody.pw_gid)
    shutil.copyfile(certificate, home / "server.pem")
    (home / "server.pem").chmod(0o600)
    (home / "boxes.map").write_text("".join(f"{box}@{DOMAIN} {box}/\n" for box in boxes))
    (home / "access.map").write_text("".join(f"{to} 550 5.1.1 no such box\n" for to in refused))
    main = _MAIN.format(
        home=home, host=HOST, domain=DOMAIN, size=SIZE_LIMIT, greylist=greylist,
        uid=nobody.pw_uid, gid=nobody.pw_gid,
    )  # fmt: skip
    (home / "config" / "main.cf").write_text(main)
    (home / "config" / "master.cf").write_text(_MASTER.format(port=port))


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def _await_greeting(running: Postfix) -> None:
    """Raises Absent when it does not greet."""
    until = time.monotonic() + WITHIN_S
    while True:
        try:
            with smtplib.SMTP("127.0.0.1", running.port, timeout=WITHIN_S):
                return
        except OSError as error:
            if running.process.poll() is None and time.monotonic() < until:
                time.sleep(0.1)
                continue
            said = (running.home / "errors").read_text(errors="replace") + running.log()
            raise Absent(f"Postfix cannot be started: {said[-500:] or error}") from error
