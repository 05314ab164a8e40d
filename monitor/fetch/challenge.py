"""Tells the page of a firewall that checks for robots from an ordinary refusal.

Both come as 403 or 503, but the remedy differs: one address is wrong or closed, the other is
open to people and closed to programs.
"""

from __future__ import annotations

import re

from monitor.fetch.fields import Fields

STATUSES = frozenset([401, 403, 405, 406, 503])  # 429 stays a limit, whoever says it
PEEK = 32 * 1024  # bytes of the page that are looked at
PEEK_S = 3.0
# Marks of the checks themselves; the words "access denied" alone are an ordinary refusal.
_MARKS = re.compile(
    rb"cf[-_]chl|challenge-platform|cf-turnstile|just a moment\.\.\.|checking your browser|"
    rb"_incapsula_resource|_incap_|perimeterx|px-captcha|g-recaptcha|h-captcha|hcaptcha\.com|"
    rb"captcha-delivery|ddos-guard|sucuri_cloudproxy|awswaf|aws-waf-token|/_sec/cp_challenge|"
    rb"enable javascript and cookies|verify(?:ing)? (?:that )?you are (?:a )?human",
    re.I,
)


def by_headers(fields: Fields) -> bool:
    """Whether the headers alone say that this is a check for robots."""
    return (
        (fields.get(b"cf-mitigated") or "").lower() == "challenge"
        or (fields.get(b"x-amzn-waf-action") or "").lower() in ("challenge", "captcha")
        or (fields.get(b"server") or "").lower().startswith("ddos-guard")
        or fields.get(b"x-datadome") is not None
    )


def may_be_page(fields: Fields) -> bool:
    """Whether the refusal came with a page worth a look."""
    return "html" in (fields.get(b"content-type") or "html").lower()


def by_page(head: bytes) -> bool:
    """Whether the beginning of a page has the marks of such a check."""
    return _MARKS.search(head[:PEEK]) is not None
