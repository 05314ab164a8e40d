"""Settings come from the environment once, are checked, and never print their secrets."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.config.settings import read_settings, shown
from monitor.errors import ConfigError


def test_everything_has_a_default() -> None:
    found = read_settings({})
    assert found.database_url == "sqlite:///var/monitor.db"
    assert found.listen.url == "http://127.0.0.1:8080"
    assert found.base_url == "http://127.0.0.1:8080"
    assert found.smtp_url is None
    assert found.model_dir == Path("var/model")


def test_a_setting_may_come_from_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "smtp"
    secret.write_text("smtp://desk:pw@mail.example:587\n", encoding="utf-8")
    assert read_settings({"MONITOR_SMTP_URL_FILE": str(secret)}).smtp_url == (
        "smtp://desk:pw@mail.example:587"
    )
    with pytest.raises(ConfigError, match="both set"):
        read_settings({"MONITOR_SMTP_URL_FILE": str(secret), "MONITOR_SMTP_URL": "smtp://x"})


@pytest.mark.parametrize(
    ("environ", "word"),
    [
        ({"MONITOR_LISTEN": "8080"}, "host:port"),
        ({"MONITOR_LISTEN": "127.0.0.1:eighty"}, "host:port"),
        ({"MONITOR_DATABASE_URL": "mysql://x"}, "sqlite:///"),
        ({"MONITOR_SMTP_URL": "mail.example"}, "smtp://"),
        ({"MONITOR_LOG_FORMAT": "xml"}, "json"),
        ({"MONITOR_FEEDZ": "x"}, "MONITOR_FEEDS"),
        ({"MONITOR_LISTE": "x"}, "did you mean .*MONITOR_LISTEN"),
        ({"MONITOR_WORDS_FILE": "/no/such/file"}, r"file \(No such file or directory\)"),
    ],
)
def test_a_wrong_setting_is_named_with_what_to_write(environ: dict[str, str], word: str) -> None:
    with pytest.raises(ConfigError, match=word):
        read_settings(environ)


def test_secrets_do_not_print() -> None:
    found = read_settings(
        {
            "MONITOR_SMTP_URL": "smtp://desk:pa55word@mail.example:587",
            "MONITOR_DATABASE_URL": "postgresql://m:pa55word@db.example/monitor",
            "MONITOR_SECRET_KEY": "pa55word",
            "MONITOR_HEARTBEAT_URL": "https://u:pa55word@ping.example/x",
        }
    )
    assert "pa55word" not in repr(found)
    assert "pa55word" not in str(shown(found))
    assert "mail.example" in str(shown(found))


def test_the_signing_key_is_made_once_and_is_private(tmp_path: Path) -> None:
    settings = read_settings({"MONITOR_VAR": str(tmp_path / "var")})
    first = settings.secret()
    assert len(first) >= 48
    assert settings.secret() == first
    assert (tmp_path / "var" / "secret").stat().st_mode & 0o777 == 0o600


def test_an_unwritable_folder_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("a file stands in the way", encoding="utf-8")
    settings = read_settings({"MONITOR_VAR": str(tmp_path / "var")})
    with pytest.raises(ConfigError, match="cannot write to the folder"):
        settings.make_var()


@pytest.mark.parametrize(
    ("listen", "loopback"),
    [
        ("127.0.0.1:1", True),
        ("[::1]:1", True),
        ("localhost:1", True),
        ("0.0.0.0:1", False),
        ("192.0.2.1:1", False),
        ("desk.example:1", False),
    ],
)
def test_only_loopback_counts_as_this_machine(listen: str, loopback: bool) -> None:
    assert read_settings({"MONITOR_LISTEN": listen}).listen.loopback is loopback


def test_a_database_in_a_folder_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    settings = read_settings({"MONITOR_DATABASE_URL": f"sqlite:///{tmp_path}/none/m.db"})
    with pytest.raises(ConfigError, match="MONITOR_DATABASE_URL: the folder"):
        settings.require_database_folder()
