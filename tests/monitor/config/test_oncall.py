"""The settings of on-call work: what is read, and what is refused with its remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.config.settings import read_settings, shown
from monitor.errors import ConfigError
from monitor.oncall.examine import examine_oncall


def test_everything_is_off_by_default() -> None:
    found = read_settings({})
    assert (found.reply_to, found.inbox, found.channels, found.export) == (None, None, (), ())
    assert not found.answers_read


def test_channels_stand_one_a_line_and_never_show_their_secrets() -> None:
    found = read_settings(
        {
            "MONITOR_CHANNELS": "\nline-duty = line://TOKEN/USER\nhook = webhook+https://x.example/\n",
            "MONITOR_WEBHOOK_SECRET": "sEcret",
            "MONITOR_INBOX": "imaps://desk:pAssword@mail.example/INBOX",
            "MONITOR_REPLY_TO": "desk@ministry.example",
        }
    )
    assert [name for name, _ in found.channels] == ["line-duty", "hook"]
    assert found.answers_read
    for text in (repr(found), str(shown(found))):
        for secret in ("TOKEN", "sEcret", "pAssword"):
            assert secret not in text


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("REPLY_TO", "desk", "plain address"),
        ("REPLY_TO", "desk+x@ministry.example", "no \\+ before"),
        ("REPLY_TO", f"{'x' * 41}@ministry.example", "40 signs"),
        ("INBOX", "pop3://a:b@host", "not a usable address"),
        ("INBOX", "imaps://host/INBOX", "not a usable address"),
        ("INBOX", "maildir://host/path", "not a usable address"),
        ("INBOX", "imaps://a:b@host:99999/", "not a usable address"),
        ("CHANNELS", "line://TOKEN", "name = address"),
        ("CHANNELS", "Line Duty = line://TOKEN", "small letters"),
        ("CHANNELS", "a = line://x\na = line://y", "twice"),
        ("CHANNELS", "a = webhook+https://x.example/", "MONITOR_WEBHOOK_SECRET is not set"),
        ("EXPORT", "cap, rss", "'rss' is no kind of export"),
    ],
)
def test_what_cannot_be_used_is_refused_in_words(name: str, value: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said) as told:
        read_settings({f"MONITOR_{name}": value})
    assert "TOKEN" not in str(told.value).replace("line://TOKEN/USER", "")


def test_the_doctor_says_what_is_missing_for_answers_and_second_roads(tmp_path: Path) -> None:
    text = Path(__file__).parents[3].joinpath("alerts.yaml").read_text("utf-8")
    (tmp_path / "alerts.yaml").write_text(
        text.replace("    language: th\n", "    language: th\n    channels: [line-duty]\n"), "utf-8"
    )
    environ = {"MONITOR_VAR": str(tmp_path), "MONITOR_ALERTS": str(tmp_path / "alerts.yaml")}

    def said(**more: str) -> list[tuple[str, str]]:
        found = examine_oncall(read_settings({**environ, **more}))
        return [(each.what, each.verdict) for each in found]

    assert said() == [
        ("links", "advice"),
        ("replies", "advice"),
        ("channels", "advice"),
    ]
    assert said(
        MONITOR_BASE_URL="https://desk.example",
        MONITOR_REPLY_TO="desk@ministry.example",
        MONITOR_INBOX="maildir:///var/mail/desk",
        MONITOR_CHANNELS="line-duty = line://TOKEN/USER",
        MONITOR_EXPORT="cap",
    ) == [("replies", "ok"), ("export", "advice")]
    assert said(MONITOR_REPLY_TO="desk@ministry.example")[1] == ("replies", "fault")
