"""The recorded crisis, played through the whole program, tells the story that was written."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from email import policy as email_policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from alerts import words
from monitor.cli import main
from monitor.communications.table import who_said
from monitor.config.feedlist import read_feedlist
from monitor.config.policyfile import read_policy
from monitor.config.settings import Settings, read_settings
from monitor.demo.documents import document
from monitor.demo.mailcopies import Copy
from monitor.demo.scenario import Scenario, feeds_yaml, read_scenario
from monitor.demo.stage import MARK, Options, Pace, Played, play
from monitor.errors import ConfigError
from monitor.parse.document import parse
from monitor.parse.entry import Hints
from storage import decisions, digests, feeds, incidents, itemreads, outbox
from storage.database import Connection, Database
from storage.records import Incident, Level

ROOT = Path(__file__).parents[2]
ALL_STATES = ("open", "quiet", "closed", "merged")


@dataclass(frozen=True)
class Told:
    """A demo that was played to its end: what it printed and what it left behind."""

    played: Played
    lines: list[str]
    conn: Connection

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    def incident(self, hazard: str, country: str) -> Incident:
        """The one incident of this hazard in this country."""
        (found,) = (
            each
            for each in incidents.listing(self.conn, states=ALL_STATES, limit=1000)
            if each.hazard == hazard and country in each.countries
        )
        return found

    @property
    def quake(self) -> Incident:
        return self.incident("EQ", "ID")

    def mails(self) -> list[EmailMessage]:
        """Every mail that went out, oldest first."""
        found = sorted(self.played.settings.outbox_dir.glob("*.eml"))
        parser = BytesParser(policy=email_policy.default)
        return [parser.parsebytes(path.read_bytes()) for path in found]


def settings_of(folder: Path, model_dir: Path) -> Settings:
    """Settings that a demo starts from, with the shipped rules."""
    environ = {"MONITOR_VAR": str(folder), "MONITOR_MODEL_DIR": str(model_dir)}
    return replace(read_settings(environ), alerts=ROOT / "alerts.yaml")


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory, model_dir: Path) -> Iterator[Told]:
    """The demo, played without pauses."""
    folder = tmp_path_factory.mktemp("demo")
    settings = settings_of(folder, model_dir)
    words.load()
    lines: list[str] = []
    options = Options(folder / "demo", speed=None, with_page=False)
    played = asyncio.run(play(settings, read_policy(settings.alerts), options, lines.append))
    database = Database(played.settings.database_url)
    with database.read() as conn:
        yield Told(played, lines, conn)
    database.close()


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return read_scenario()


# --- the story -----------------------------------------------------------------------------------


def test_exactly_the_intended_incidents_are_there_at_the_end(told: Told) -> None:
    found = {
        (each.hazard, each.countries[:1], each.level.name)
        for each in incidents.listing(told.conn, states=ALL_STATES, limit=1000)
        if each.opened_at > read_scenario().starts + timedelta(minutes=5)
    }
    assert found == {
        ("EQ", ("ID",), "FLASH"),
        ("EP", ("LA",), "ALERT"),
        ("EQ", ("CL",), "WATCH"),
        ("explosion", ("MY",), "ALERT"),  # the all-clear was given, the dead still count
        ("EQ", ("PH",), "INFO"),  # deleted by its network
        ("TS", ("TH",), "INFO"),  # the exercise
    }


LINKS = {  # the items of each incident, by who said them
    ("EQ", "ID"): {
        "Seismic network": 4, "Pacific tsunami centre": 3, "Disaster alert system": 1,
        "Indonesian news": 4, "World news": 4, "Thai news": 2, "Foreign Ministry of Thailand": 5,
        "Foreign Ministry of Japan": 2, "Foreign Ministry of Singapore": 2,
        "Travel advice of Australia": 1, "Travel advice of the United Kingdom": 1,
    },
    ("explosion", "MY"): {
        "Civil protection of Malaysia": 2, "Thai news": 1, "World news": 1,
        "Foreign Ministry of Thailand": 1,
    },
    ("EP", "LA"): {"World health agency": 1, "Travel advice of the United Kingdom": 1},
    ("EQ", "CL"): {"Seismic network": 1},
    ("EQ", "PH"): {"Seismic network": 1},
    ("TS", "TH"): {"Pacific tsunami centre": 1},
}  # fmt: skip
SAID = {  # who has said what: country, how often, and the step of its advice
    ("EQ", "ID"): [
        ("TH", 5, None), ("JP", 2, 3), ("AU", 1, 3), ("GB", 1, 3), ("SG", 2, None),
    ],
    ("explosion", "MY"): [("TH", 1, None)],
    ("EP", "LA"): [("GB", 1, None)],
}  # fmt: skip
SIGNALS = ("advice_eased", "advice_cluster", "voices", "home_silent", "nationals_report")


@pytest.mark.parametrize("of", LINKS, ids=" ".join)
def test_every_incident_has_exactly_its_items_and_its_table(
    told: Told, of: tuple[str, str]
) -> None:
    incident = told.incident(*of)
    members = itemreads.of_incident(told.conn, incident.id)
    by = Counter(item.publisher.removesuffix(" (demo)") for item in members)
    assert dict(by) == LINKS[of]
    spoken = incidents.communications(told.conn, incident.id, by_hand=True)
    found = who_said(told.conn, incident, spoken, "TH", now=read_scenario().ends)
    assert [(row.country, row.count, row.step) for row in found.rows] == SAID.get(of, [])
    ours = any(country == "TH" for country, *_ in SAID.get(of, []))
    assert found.home_state == ("spoken" if ours else "none")


def test_exactly_the_intended_signals_of_ministries_are_given(told: Told) -> None:
    found = [
        (incident.hazard, change.kind, change.new)
        for incident in incidents.listing(told.conn, states=ALL_STATES, limit=1000)
        for change in incidents.changes(told.conn, incident.id)
        if change.kind in SIGNALS
    ]
    assert found == [("EP", "home_silent", "GB")]
    notices = outbox.of_incident(told.conn, told.incident("EP", "LA").id)
    assert {each.team for each in notices} == {"duty", "information"}
    assert "others have spoken, and none of our own ministry's feeds" in told.text


def test_what_stood_in_the_feeds_before_alerts_nobody(told: Told) -> None:
    before = incidents.opened_between(
        told.conn, read_scenario().starts, read_scenario().starts + timedelta(minutes=5)
    )
    assert {each.level for each in before} <= {Level.INFO}
    assert not [notice for each in before for notice in outbox.of_incident(told.conn, each.id)]


def test_the_earthquake_its_tsunami_aftershocks_news_and_ministries_are_one_incident(
    told: Told,
) -> None:
    members = itemreads.of_incident(told.conn, told.quake.id)
    titles = [item.values.title for item in members]
    assert told.quake.level is Level.FLASH
    assert told.quake.event_at is not None
    assert len(members) >= 26
    assert len({item.publisher for item in members}) == 11
    assert sum(title.startswith("M 5.") for title in titles) == 3
    assert sum("sunami" in title and "sulawesi" in title.lower() for title in titles) >= 4
    assert not told.quake.lifted


def test_every_ministry_has_communicated_about_the_earthquake(told: Told) -> None:
    spoken = incidents.communications(told.conn, told.quake.id)
    assert {each.speaker for each in spoken} == {"TH", "JP", "AU", "GB", "SG"}
    kinds = {(each.speaker, each.kind) for each in spoken}
    assert {
        ("TH", "nationals_status"),
        ("TH", "consular"),
        ("SG", "condolence"),
        ("GB", "travel_advice"),
    } <= kinds


def test_the_magnitude_is_corrected_and_aftershocks_do_not_change_it(told: Told) -> None:
    corrections = [
        (change.old, change.new)
        for change in incidents.changes(told.conn, told.quake.id)
        if change.kind == "corrected"
    ]
    assert corrections == [("magnitude 7.1", "magnitude 7.4")]
    figures = {figure.kind: figure.value for figure in told.quake.figures}
    assert (figures["magnitude"], figures["depth_km"], figures["dead"]) == (7.4, 31.0, 57.0)
    mails = [m for m in told.mails() if m["X-Crisis-Kind"] == "corrected"]
    body = mails[0].get_body(("plain",))
    assert body is not None
    assert "7.1 → 7.4" in body.get_content()


def test_the_two_workers_are_unknown_then_missing_then_safe(told: Told) -> None:
    steps = [
        (change.old, change.new)
        for change in incidents.changes(told.conn, told.quake.id)
        if change.kind == "nationals"
    ]
    assert steps == [
        ("unknown", "none_reported"),
        ("none_reported", "harmed"),
        ("harmed", "reported"),
    ]


def test_travel_advice_stands_with_its_old_and_new_wording(told: Told) -> None:
    changed = [
        (change.old or "", change.new or "")
        for change in incidents.changes(told.conn, told.quake.id)
        if change.kind == "advice"
    ]
    assert any("high degree" in old and "Reconsider" in new for old, new in changed)
    assert any(old.startswith("1 ") and new.startswith("2 ") for old, new in changed)
    assert {"information-desk@ministry.example"} <= {str(mail["To"]) for mail in told.mails()}


def test_nobody_answers_so_the_backup_and_the_head_are_told_until_one_takes_it(told: Told) -> None:
    notices = outbox.of_incident(told.conn, told.quake.id)
    first = notices[0]
    chain = [
        (each.kind, each.person, each.created_at - first.created_at)
        for each in notices
        if each.team == "duty" and each.kind in ("alert", "reminder", "escalation")
    ]
    assert chain == [
        ("alert", "duty-primary", timedelta(0)),
        ("reminder", "duty-primary", timedelta(minutes=5)),
        ("escalation", "duty-backup", timedelta(minutes=10)),
        ("escalation", "head-of-desk", timedelta(minutes=20)),
    ]
    assert told.quake.acknowledged_by == "head-of-desk"
    taken = [each.person for each in notices if each.kind == "taken"]
    assert {"duty-primary", "duty-backup"} <= {*taken}
    assert "head-of-desk" not in taken


def test_what_is_acknowledged_at_once_does_not_escalate(told: Told) -> None:
    for incident in (told.incident("explosion", "MY"), told.incident("EP", "LA")):
        kinds = {notice.kind for notice in outbox.of_incident(told.conn, incident.id)}
        assert incident.acknowledged_by == "duty-primary"
        assert not kinds & {"reminder", "escalation"}


def test_the_outbreak_and_the_explosion_rise_apart_from_the_earthquake(told: Told) -> None:
    for hazard, country in (("EP", "LA"), ("explosion", "MY")):
        incident = told.incident(hazard, country)
        changes = incidents.changes(told.conn, incident.id)
        assert ("level_raised", "WATCH", "ALERT") in {(c.kind, c.old, c.new) for c in changes}
        assert len({item.publisher for item in itemreads.of_incident(told.conn, incident.id)}) >= 2


def test_those_who_were_told_hear_that_it_is_over(told: Told) -> None:
    ends = (("explosion", "MY", "lifted"), ("EQ", "PH", "withdrawn"))
    for hazard, country, end in ends:
        incident = told.incident(hazard, country)
        kinds = [notice.kind for notice in outbox.of_incident(told.conn, incident.id)]
        assert (incident.lifted, incident.withdrawn) == (end == "lifted", end == "withdrawn")
        assert kinds[0] == "alert"
        assert kinds[-1] == end


def test_the_drill_is_marked_and_mails_nobody(told: Told) -> None:
    drill = told.incident("TS", "TH")
    assert drill.exercise
    assert drill.level is Level.INFO
    assert outbox.of_incident(told.conn, drill.id) == []
    assert {why.code for d in decisions.of_incident(told.conn, drill.id) for why in d.why} == {
        "exercise"
    }


@pytest.mark.parametrize(
    "words_of",
    [
        "storm of criticism", "explosive growth", "show is the bomb", "political storm",
        "ฟุตบอลไทยถล่ม", "ราคาทองคำ", "Harga cabai", "kuliner", "remember the 2004", "ฝึกซ้อม",
        "อากาศร้อน", "economic meeting",
    ],
)  # fmt: skip
def test_ordinary_news_metaphors_memories_and_drills_in_the_news_open_nothing(
    told: Told, words_of: str
) -> None:
    known = itemreads.recent(told.conn, limit=200)
    (item,) = (each for each in known if words_of in each.values.title)
    assert item.incident_id is None
    assert item.disposition, "the desk can see why"


def test_a_large_earthquake_far_away_waits_in_the_queue(told: Told) -> None:
    assert outbox.of_incident(told.conn, told.incident("EQ", "CL").id) == []


def test_the_digest_of_the_morning_names_the_crises_and_the_blind_spot(told: Told) -> None:
    digest = digests.by_date(told.conn, "daily", date(2026, 3, 15))
    assert digest is not None
    assert not digest.late
    sent = [mail for mail in told.mails() if mail["X-Crisis-Digest"]]
    assert {str(mail["To"]).partition("@")[0] for mail in sent} == {
        "duty-primary",
        "duty-backup",
        "head-of-desk",
    }
    (draft,) = [mail for mail in sent if mail["X-Crisis-Draft"]]
    assert "06:30" in told.text.split("the draft of the daily report goes to duty-primary")[0][-40:]
    body = next(m for m in sent if "primary" in m["To"] and m is not draft).get_body(("plain",))
    assert body is not None
    text = body.get_content()
    for said in ("M7.4 earthquake", "Champasak", "Kedah", "Foreign Ministry of Singapore (demo)"):
        assert said in text, said


def test_the_feed_that_failed_is_named_and_read_again_without_loss(told: Told) -> None:
    state = feeds.state_of(told.conn, "ministry-sg")
    assert state is not None
    polls = [poll.state for poll in feeds.polls(told.conn, state.id, 100)]
    assert "http_5xx" in " ".join(polls) or any(not name.startswith("ok") for name in polls)
    assert state.failures == 0
    assert "Foreign Ministry of Singapore (demo) is read again" in told.text
    assert any(
        "Humanitarian assistance" in item.values.title
        for item in itemreads.of_incident(told.conn, told.quake.id)
    )


def test_unchanged_feeds_answer_that_nothing_is_new(told: Told) -> None:
    states = {
        poll.state
        for state in feeds.states(told.conn)
        for poll in feeds.polls(told.conn, state.id, 100)
    }
    assert "not_modified" in states


# --- what the onlooker sees -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "said",
    [
        "opened FLASH: Indonesia – M7.1 earthquake near Manado",
        "corrected: magnitude 7.1 → magnitude 7.4",
        "nobody has acknowledged: duty-backup is told",
        "nobody has acknowledged: head-of-desk is told",
        "acknowledged by head-of-desk",
        "raised WATCH → ALERT: 5 dead at home or next door",
        "(a drill: nobody is told)",
        "no incident: Classified as no crisis",
        "Foreign Ministry of Singapore (demo): fault at the publisher",
        "the daily report goes to duty-primary, duty-backup, head-of-desk",
        "mails to open in a browser",
        "MONITOR_VAR=",
    ],
)
def test_the_story_is_printed(told: Told, said: str) -> None:
    assert said in told.text


def test_every_mail_has_a_copy_to_open_in_a_browser(told: Told) -> None:
    folder = told.played.settings.var / "mails"
    index = (folder / "index.html").read_text(encoding="utf-8")
    assert len(told.played.mails) == len(told.mails()) > 20
    for copy in told.played.mails:
        assert f'href="{copy.name}"' in index
        assert copy.to in (folder / copy.name).read_text(encoding="utf-8")
    assert isinstance(told.played.mails[0], Copy)
    assert {"alert", "reminder", "escalation", "corrected", "lifted", "digest"} <= {
        copy.kind for copy in told.played.mails
    }


def test_nothing_outside_is_used(told: Told) -> None:
    settings = told.played.settings
    assert settings.smtp_url is None
    assert settings.proxy is None
    assert settings.sqlite_path == settings.var / "monitor.db"
    assert all(host.startswith("127.0.0.1:") for host in settings.allow_hosts)


def test_a_folder_that_no_demo_made_is_left_alone(
    tmp_path: Path, model_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "monitor.db").write_text("years of work")
    settings = settings_of(tmp_path, model_dir)
    options = Options(mine, speed=None, with_page=False)
    with pytest.raises(ConfigError, match="name another folder with --dir"):
        asyncio.run(play(settings, read_policy(settings.alerts), options, lambda _: None))
    assert [path.name for path in mine.iterdir()] == ["monitor.db"]
    assert main(["demo", "--fast", "--no-page", "--dir", str(mine)]) == 2
    assert "--dir" in capsys.readouterr().err


def test_a_speed_of_nothing_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", "--speed", "0"]) == 2
    assert "more than 0" in capsys.readouterr().err


def test_the_folder_of_an_earlier_demo_carries_its_mark(told: Told) -> None:
    assert (told.played.settings.var / MARK).exists()


def test_without_a_speed_there_are_no_pauses() -> None:
    asyncio.run(asyncio.wait_for(Pace(None).rest(1_000_000), timeout=1))


# --- the scenario ---------------------------------------------------------------------------------


def test_every_event_belongs_to_a_feed_and_the_story(scenario: Scenario) -> None:
    known = {source.id for source in scenario.sources}
    assert {event.feed for event in scenario.events} == known
    assert {outage.feed for outage in scenario.outages} <= known
    assert 60 <= len(scenario.events) <= 80
    assert all(event.at < scenario.ends for event in scenario.events)
    assert timedelta(hours=24) <= scenario.ends - scenario.starts <= timedelta(hours=30)


def test_every_publisher_is_marked_as_invented(scenario: Scenario) -> None:
    assert all(source.name.endswith("(demo)") for source in scenario.sources)


def test_each_feed_parses_to_its_entries(scenario: Scenario) -> None:
    for source in scenario.sources:
        body, content_type = document(scenario, source, scenario.ends)
        hints = Hints(url=f"http://127.0.0.1/{source.id}", content_type=content_type)
        entries = parse(body, hints).entries
        assert len(entries) == len(scenario.published(source.id, scenario.ends)), source.id
        assert not [e for e in entries if e.undated], source.id
        links = [entry.values.link for entry in entries if entry.values.link]
        assert all(".example/" in link for link in links)


def test_the_warning_its_update_and_its_end_refer_to_each_other(scenario: Scenario) -> None:
    source = next(each for each in scenario.sources if each.shape == "cap")
    body, content_type = document(scenario, source, scenario.ends)
    values = [entry.values for entry in parse(body, Hints(content_type=content_type)).entries]
    by_type = {each.message_type: each for each in values if each.status == "actual"}
    assert set(by_type) == {"alert", "update", "cancel"}
    assert len(by_type["cancel"].references) == 2
    assert by_type["alert"].hazard is not None
    assert (by_type["alert"].hazard.severity, by_type["alert"].hazard.urgency) == (
        "Extreme",
        "Immediate",
    )
    assert [each.status for each in values].count("exercise") == 1


def test_the_list_of_feeds_is_a_feeds_yaml_like_any_other(
    scenario: Scenario, tmp_path: Path
) -> None:
    path = tmp_path / "feeds.yaml"
    path.write_text(feeds_yaml(scenario.sources, "http://127.0.0.1:9"), encoding="utf-8")
    found = read_feedlist(path)
    assert [feed.id for feed in found.feeds] == [source.id for source in scenario.sources]
    assert [feed.id for feed in found.feeds if feed.home] == ["ministry-th"]


def test_the_digest_falls_inside_the_story(scenario: Scenario) -> None:
    bangkok = ZoneInfo("Asia/Bangkok")
    assert scenario.starts.astimezone(bangkok).hour >= 7
    assert scenario.ends.astimezone(bangkok).date() == date(2026, 3, 15)
