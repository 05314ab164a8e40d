"""The page of what waits for a look, and the page of one item."""

from __future__ import annotations

from datetime import datetime

import pytest

from storage import corrections, itemreads, items
from storage.records import Judgement, Reading, Tag
from tests.monitor.desk import world
from tests.monitor.desk.browsing import fetch
from tests.storage import make

UNSURE = Reading(tags=(Tag("natural", 0.41, ("flood",), sure=False),), countries=("LA",))


@pytest.fixture
def waiting(empty: world.StandIn, now: datetime) -> int:
    """The id of an item that waits for a look."""
    with empty.database.write() as conn:
        return make.item_id(
            conn, make.feed_id(conn, now), now, title=f"Flood {world.SCRIPT}", reading=UNSURE
        )


@pytest.mark.asyncio
async def test_what_waits_is_on_its_page_until_an_officer_has_looked(
    empty: world.StandIn, waiting: int, now: datetime
) -> None:
    shown = (await fetch(empty, "/review?lang=en")).text
    assert "1 items of the last 7 days wait" in shown
    assert f'href="/items/{waiting}"' in shown
    assert world.SCRIPT not in shown
    correct(empty, waiting, now)
    assert "Nothing waits for review" in (await fetch(empty, "/review?lang=en")).text


@pytest.mark.asyncio
async def test_the_page_of_an_item_shows_corrections_and_how_to_make_one(
    empty: world.StandIn, waiting: int, now: datetime
) -> None:
    before = (await fetch(empty, f"/items/{waiting}?lang=en")).text
    assert "No officer has corrected it" in before
    assert f"monitor items correct {waiting}" in before
    correct(empty, waiting, now)
    after = (await fetch(empty, f"/items/{waiting}?lang=en")).text
    assert "Natural? · Lao PDR → Natural · flood · Lao PDR" in after
    assert "seen by the river office" in after
    assert "classified by river desk" in after
    assert "จำแนกโดย" in (await fetch(empty, f"/items/{waiting}?lang=th")).text


@pytest.mark.asyncio
@pytest.mark.parametrize("address", ["/items/999", "/items/99999999999999999999", "/items/x"])
async def test_an_item_that_is_not_there_is_not_found(empty: world.StandIn, address: str) -> None:
    assert (await fetch(empty, address)).status_code == 404


def correct(program: world.StandIn, item_id: int, now: datetime) -> None:
    with program.database.write() as conn:
        item = itemreads.get(conn, item_id)
        after = Judgement(("natural",), (), "FL", ("LA",))
        corrections.add(
            conn, item, after, corrected=("categories", "hazard"), by="river desk",
            note="seen by the river office", at=now,
        )  # fmt: skip
        items.reread(conn, item_id, item.reading)
