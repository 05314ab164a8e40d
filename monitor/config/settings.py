"""The operator's settings: `MONITOR_…` environment variables, read once, here and nowhere else.

Each may also be given as `MONITOR_…_FILE`, the name of a file that holds the value.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from alerts.message import plain_address
from monitor.config import oncall
from monitor.config.words_near import near
from monitor.errors import ConfigError

PREFIX = "MONITOR_"
LOG_FORMATS = ("text", "json")


@dataclass(frozen=True, slots=True)
class Listen:
    """Where the desk page listens."""

    host: str
    port: int

    @property
    def loopback(self) -> bool:
        """True when only this machine can reach it."""
        if self.host == "localhost":
            return True
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return False

    @property
    def url(self) -> str:
        """The address to type into a browser."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything an operator can set; secrets do not show in the repr."""

    var: Path
    feeds: Path
    alerts: Path
    model_dir: Path
    listen: Listen
    database_url: str = field(repr=False)
    smtp_url: str | None = field(default=None, repr=False)
    mail_from: str = "Crisis Monitor <monitor@localhost>"
    base_url: str = ""
    heartbeat_url: str | None = field(default=None, repr=False)
    proxy: str | None = field(default=None, repr=False)
    allow_hosts: tuple[str, ...] = ()
    secret_key: str | None = field(default=None, repr=False)
    contact: str | None = None
    words: Path | None = None
    log_format: str = "text"
    reply_to: str | None = None
    inbox: str | None = field(default=None, repr=False)
    channels: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    webhook_secret: str | None = field(default=None, repr=False)
    export: tuple[str, ...] = ()

    @property
    def outbox_dir(self) -> Path:
        """Where mails are written as files when no mail server is set."""
        return self.var / "outbox"

    @property
    def sqlite_path(self) -> Path | None:
        """The database file, None on PostgreSQL."""
        if not self.database_url.startswith("sqlite:///"):
            return None
        return Path(self.database_url.removeprefix("sqlite:///"))

    @property
    def answers_read(self) -> bool:
        """Whether a reply to a mail is read: it needs an address and an inbox."""
        return self.reply_to is not None and self.inbox is not None

    def make_var(self) -> None:
        """Create the folder for what the program writes. Raises ConfigError if that fails."""
        if self.var.exists() and not self.var.is_dir():
            raise ConfigError(
                f"cannot write to the folder {self.var}: it is a file: remove it, or set "
                "MONITOR_VAR to another folder"
            )
        try:
            self.var.mkdir(parents=True, exist_ok=True)
            probe = self.var / f".writable-{secrets.token_hex(4)}"
            probe.touch()
            probe.unlink()
        except OSError as error:
            raise ConfigError(
                f"cannot write to the folder {self.var} ({error.strerror or error}): "
                "make it writable, or set MONITOR_VAR to another folder"
            ) from error

    def require_database_folder(self) -> None:
        """Raises ConfigError when the folder of the SQLite database is not there."""
        path = self.sqlite_path
        if path is not None and not path.parent.is_dir():
            raise ConfigError(
                f"MONITOR_DATABASE_URL: the folder {path.parent} does not exist: create it, or "
                "name another"
            )

    def secret(self) -> str:
        """The signing key; made in `var/secret`, readable by its owner only, when none is set."""
        if self.secret_key:
            return self.secret_key
        path = self.var / "secret"
        if not path.exists():
            self.make_var()
            path.touch(mode=0o600)
            path.write_text(secrets.token_urlsafe(48), encoding="ascii")
        return path.read_text(encoding="ascii").strip()


def _value(environ: Mapping[str, str], name: str) -> str | None:
    """The setting's text from the variable or from the file that `…_FILE` names."""
    direct, by_file = environ.get(PREFIX + name), environ.get(f"{PREFIX}{name}_FILE")
    if direct is not None and by_file is not None:
        raise ConfigError(f"{PREFIX}{name} and {PREFIX}{name}_FILE are both set: keep one of them")
    if by_file is None:
        return direct.strip() if direct is not None else None
    try:
        return Path(by_file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{PREFIX}{name}_FILE: cannot read {by_file} ({_why(error)})") from error


def _why(error: OSError | UnicodeDecodeError) -> str:
    if isinstance(error, UnicodeDecodeError):
        return "it is not UTF-8 text"
    return error.strerror or str(error)


def _listen(text: str) -> Listen:
    host, _, port = text.rpartition(":")
    host = host.strip("[]")
    if not host or not port.isdigit() or not 0 <= int(port) <= 65535:
        raise ConfigError(
            f"MONITOR_LISTEN is {text!r}: write host:port, for example 127.0.0.1:8080"
        )
    return Listen(host, int(port))


def _checked_url(name: str, text: str | None, schemes: tuple[str, ...]) -> str | None:
    if not text:
        return None
    try:
        parts = urlsplit(text)
        usable = parts.scheme in schemes and bool(parts.hostname)
        _ = parts.port
    except ValueError:
        usable = False
    if not usable:
        wanted = " or ".join(f"{scheme}://host" for scheme in schemes)
        raise ConfigError(f"{PREFIX}{name} is not a usable address: write {wanted}…")
    return text


def _default_file(environ: Mapping[str, str], name: str, file_name: str) -> Path:
    """The named file, or the one in the working folder, or the one shipped with the program."""
    given = _value(environ, name)
    if given:
        return Path(given)
    here = Path(file_name)
    shipped = Path(__file__).parents[1] / "defaults" / file_name
    return here if here.exists() or not shipped.exists() else shipped


def read_settings(environ: Mapping[str, str]) -> Settings:
    """The settings of this environment. Raises ConfigError with the variable's name."""
    known = {
        "VAR", "FEEDS", "ALERTS", "MODEL_DIR", "LISTEN", "DATABASE_URL", "SMTP_URL", "MAIL_FROM",
        "BASE_URL", "HEARTBEAT_URL", "PROXY", "ALLOW_HOSTS", "SECRET_KEY", "CONTACT", "WORDS",
        "LOG_FORMAT", "REPLY_TO", "INBOX", "CHANNELS", "WEBHOOK_SECRET", "EXPORT",
    }  # fmt: skip
    for variable in environ:
        name = variable.removeprefix(PREFIX).removesuffix("_FILE")
        if not variable.startswith(PREFIX) or variable.startswith(f"{PREFIX}TEST_"):
            continue
        if name not in known:
            knows = f"; it knows {', '.join(PREFIX + each for each in sorted(known))}"
            raise ConfigError(
                f"{variable} is no setting of this program" + (near(name, known, PREFIX) or knows)
            )
    var = Path(_value(environ, "VAR") or "var")
    listen = _listen(_value(environ, "LISTEN") or "127.0.0.1:8080")
    database_url = _value(environ, "DATABASE_URL") or f"sqlite:///{var / 'monitor.db'}"
    if not database_url.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
        raise ConfigError(
            "MONITOR_DATABASE_URL must start with sqlite:///path or postgresql://user@host/name"
        )
    log_format = _value(environ, "LOG_FORMAT") or "text"
    if log_format not in LOG_FORMATS:
        raise ConfigError(f"MONITOR_LOG_FORMAT is {log_format!r}: write text or json")
    mail_from = _value(environ, "MAIL_FROM") or "Crisis Monitor <monitor@localhost>"
    if not plain_address(mail_from):
        raise ConfigError(
            f"MONITOR_MAIL_FROM is {mail_from!r}: write an address, for example "
            "Crisis Monitor <alerts@ministry.example>"
        )
    words = _value(environ, "WORDS")
    return Settings(
        var=var,
        feeds=_default_file(environ, "FEEDS", "feeds.yaml"),
        alerts=_default_file(environ, "ALERTS", "alerts.yaml"),
        model_dir=Path(_value(environ, "MODEL_DIR") or var / "model"),
        listen=listen,
        database_url=database_url,
        smtp_url=_checked_url("SMTP_URL", _value(environ, "SMTP_URL"), ("smtp", "smtps")),
        mail_from=mail_from,
        base_url=(
            _checked_url("BASE_URL", _value(environ, "BASE_URL"), ("http", "https")) or listen.url
        ).rstrip("/"),
        heartbeat_url=_checked_url(
            "HEARTBEAT_URL", _value(environ, "HEARTBEAT_URL"), ("http", "https")
        ),
        proxy=_checked_url("PROXY", _value(environ, "PROXY"), ("http", "https")),
        allow_hosts=tuple(
            part for part in (_value(environ, "ALLOW_HOSTS") or "").replace(",", " ").split()
        ),
        secret_key=_value(environ, "SECRET_KEY"),
        contact=_value(environ, "CONTACT"),
        words=Path(words) if words else None,
        log_format=log_format,
        **oncall.read(lambda name: _value(environ, name)),
    )


def shown(settings: Settings) -> dict[str, str]:
    """The settings as they may be printed: secrets are hidden, passwords in addresses too."""
    hidden = {"smtp_url", "heartbeat_url", "proxy", "secret_key", "database_url", "inbox"}
    out: dict[str, str] = {}
    for each in fields(settings):
        value = getattr(settings, each.name)
        if each.name == "channels":
            out[each.name] = ", ".join(name for name, _ in settings.channels)
        elif each.name == "webhook_secret":
            out[each.name] = "set" if value else ""
        elif each.name in hidden and value:
            out[each.name] = _without_password(str(value)) if each.name != "secret_key" else "set"
        else:
            out[each.name] = str(value.url if isinstance(value, Listen) else value)
    return out


def _without_password(url: str) -> str:
    parts = urlsplit(url)
    if parts.username is None and parts.password is None:
        return f"{parts.scheme}://{parts.netloc}{parts.path}"
    host = parts.hostname or ""
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://***@{host}{port}{parts.path}"
