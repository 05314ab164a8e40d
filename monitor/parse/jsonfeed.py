"""JSON Feed 1.0 and 1.1 (jsonfeed.org)."""

from __future__ import annotations

from monitor.parse.dates import read_date
from monitor.parse.draft import Draft, language_code
from monitor.parse.entry import Document, Hints
from monitor.parse.identity import finish_all
from monitor.parse.jsonparts import Object, as_objects, stamp, strings, text
from monitor.parse.text import title_text


def is_jsonfeed(data: Object) -> bool:
    """Whether the version member says JSON Feed, or the shape leaves no doubt."""
    if "jsonfeed.org/version" in text(data, "version"):
        return True
    items = data.get("items")
    return isinstance(items, list) and ("home_page_url" in data or "feed_url" in data)


def read_jsonfeed(data: Object, hints: Hints) -> Document:
    """The document of a JSON Feed."""
    home = text(data, "home_page_url")
    language = text(data, "language") or None
    shared = _authors(data)
    drafts = []
    for item in as_objects(data.get("items")):
        content = text(item, "summary", "content_text", "content_html")
        drafts.append(
            Draft(
                title=text(item, "title"),
                summary=content,
                link=text(item, "url", "external_url") or None,
                base=hints.url or home,
                native_id=text(item, "id") or None,
                language=text(item, "language") or language,
                published=read_date(stamp(item, "date_published"), hints.timezone),
                updated=read_date(stamp(item, "date_modified"), hints.timezone),
                authors=_authors(item) or shared,
                categories=strings(item.get("tags")),
            )
        )
    return Document(
        "jsonfeed",
        finish_all(drafts, hints, home or None),
        title=title_text(text(data, "title")),
        language=language_code(language),
    )


def _authors(holder: Object) -> list[str]:
    people = [*as_objects(holder.get("authors")), *as_objects(holder.get("author"))]
    return [name for person in people if (name := text(person, "name"))]
