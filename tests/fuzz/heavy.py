"""Documents that make careless readers slow: each family can be built in any size.

`HEAVY` maps a name to a builder that is given about how many bytes to make. What a reader needs
for one of them has to grow no faster than its size.
"""

from __future__ import annotations

from tests.fuzz.building import Builder
from tests.fuzz.heavy_alerts import ALERTS
from tests.fuzz.heavy_json import JSON, PAGES
from tests.fuzz.heavy_xml import XML

HEAVY: dict[str, Builder] = {
    **{f"XML: {name}": made for name, made in XML.items()},
    **{f"CAP and others: {name}": made for name, made in ALERTS.items()},
    **{f"JSON: {name}": made for name, made in JSON.items()},
    **{f"page: {name}": made for name, made in PAGES.items()},
}
