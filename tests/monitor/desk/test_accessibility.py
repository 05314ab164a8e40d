"""What the pages and mails are for people who see little, or hear them read: judged by axe-core."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.monitor.desk import world
from tests.monitor.desk.browser import browsing, served
from tests.monitor.desk.test_browser import PAGES

AXE = Path(__file__).parents[2] / "vendor" / "axe-core" / "axe.min.js"
# The queue reads itself anew each minute: on duty, an old queue is the greater harm.
WCAG = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
MAILS = ("/digests/latest/html",)
RUN = """tags => axe.run(document, {
    runOnly: tags,
    resultTypes: ["violations"], iframes: false,
    rules: {"meta-refresh": {enabled: false}},
}).then(found => found.violations.map(each => [
    each.id, each.help, each.nodes.slice(0, 3).map(node => node.html.slice(0, 160)),
]))"""


async def judged(page: Any, tags: tuple[str, ...]) -> list[Any]:
    """What axe-core finds wrong with a page that is open."""
    await page.evaluate(AXE.read_text(encoding="utf-8"))
    return list(await page.evaluate(RUN, list(tags)))


@pytest.mark.asyncio
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["th", "en"])
async def test_no_page_keeps_anybody_out(filled: world.StandIn, language: str, scheme: Any) -> None:
    wrong: dict[str, list[Any]] = {}
    async with served(filled) as base, browsing() as browser:
        page = await browser.new_page(
            viewport={"width": 360, "height": 740}, color_scheme=scheme, bypass_csp=True
        )
        for path in (*PAGES, *MAILS):
            mark = "&" if "?" in path else "?"
            await page.goto(f"{base}{path}{mark}lang={language}")
            if found := await judged(page, WCAG if path in MAILS else (*WCAG, "best-practice")):
                wrong[path] = found
    assert wrong == {}


@pytest.mark.asyncio
async def test_the_judge_finds_what_is_wrong() -> None:
    async with browsing() as browser:
        page = await browser.new_page()
        await page.set_content("<p style='color:#ddd;background:#fff'>pale</p><img src='x.png'>")
        rules = {each[0] for each in await judged(page, WCAG)}
    assert {"color-contrast", "image-alt", "html-has-lang"} <= rules
