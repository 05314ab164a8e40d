from __future__ import annotations

from monitor.parse.document import parse
from monitor.parse.entry import Entry, Hints, Key


def item(**fields: str) -> str:
    inner = "".join(f"<{name}>{value}</{name}>" for name, value in fields.items())
    return f"<item>{inner}</item>"


def entries(*items: str, head: str = "<link>https://m.example/</link>") -> tuple[Entry, ...]:
    body = f"<rss><channel>{head}{''.join(items)}</channel></rss>"
    return parse(body.encode(), Hints()).entries


def kinds(entry: Entry) -> list[str]:
    return [key.kind for key in entry.keys]


def test_id_comes_first_then_link_then_title_and_time() -> None:
    (entry,) = entries(
        item(
            guid="g1",
            link="https://m.example/a",
            title="T",
            pubDate="Mon, 16 Feb 2026 22:50:00 GMT",
        )
    )
    assert kinds(entry) == ["id", "link", "title_time"]
    assert entry.keys[0] == Key("id", "g1")


def test_an_edited_title_keeps_id_and_link() -> None:
    (before,) = entries(item(guid="g1", link="https://m.example/a", title="Old"))
    (after,) = entries(item(guid="g1", link="https://m.example/a?utm_source=x", title="New"))
    assert before.keys == after.keys


def test_one_guid_for_two_things_makes_two_stable_items() -> None:
    one = item(guid="same", link="https://m.example/1", title="Flood in A")
    two = item(guid="same", link="https://m.example/2", title="Fire in B")
    first, second = entries(one, two)
    assert not set(first.keys) & set(second.keys)
    again_second, again_first = entries(two, one)
    assert (again_first.keys, again_second.keys) == (first.keys, second.keys)


def test_the_same_guid_link_and_title_twice_is_one_item() -> None:
    old = item(
        guid="g", link="https://m.example/1", title="T", pubDate="Mon, 16 Feb 2026 22:50:00 GMT"
    )
    assert len(entries(old, old)) == 1


def test_a_constant_guid_and_the_front_page_swallow_nothing() -> None:
    found = entries(
        *(item(guid="1", link="https://m.example/", title=f"News {n}") for n in range(5))
    )
    assert len(found) == 5
    assert len({key for entry in found for key in entry.keys}) == sum(len(e.keys) for e in found)


def test_a_link_that_several_entries_share_identifies_none() -> None:
    found = entries(
        item(guid="1", link="https://m.example/all", title="A"),
        item(guid="2", link="https://m.example/all", title="B"),
    )
    assert [kinds(entry) for entry in found] == [["id"], ["id"]]


def test_without_id_and_link_title_and_time_identify() -> None:
    (entry,) = entries(item(title="T", pubDate="Mon, 16 Feb 2026 22:50:00 GMT"))
    assert entry.keys == (Key("title_time", "t|2026-02-16T22:50:00+00:00"),)


def test_the_update_time_in_a_govuk_id_is_no_identity() -> None:
    def page(stamp: str) -> Entry:
        body = (
            '<feed xmlns="http://www.w3.org/2005/Atom"><entry>'
            f"<id>https://www.gov.uk/foreign-travel-advice/ruritania#{stamp}</id>"
            "<title>Ruritania</title>"
            '<link rel="alternate" type="text/html" '
            'href="https://www.gov.uk/foreign-travel-advice/ruritania"/>'
            f"<updated>{stamp}</updated></entry></feed>"
        )
        return parse(body.encode(), Hints()).entries[0]

    before, after = page("2026-07-19T09:58:23+01:00"), page("2026-08-01T10:00:00+01:00")
    shared = set(before.keys) & set(after.keys)
    assert Key("id", "https://www.gov.uk/foreign-travel-advice/ruritania") in shared


def test_a_cdc_notice_is_the_same_after_its_level_changed() -> None:
    def notice(level: int) -> Entry:
        page = f"https://wwwnc.cdc.gov/travel/notices/level{level}/dengue-ruritania"
        return entries(item(guid=page, link=page, title=f"Level {level} - Dengue in Ruritania"))[0]

    assert notice(1).keys == notice(2).keys


def test_an_undated_entry_says_so() -> None:
    (entry,) = entries(item(title="T"))
    assert entry.undated
