"""One POST to an address that the operator has set: no redirects, a deadline, a short answer."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from alerts import clean
from alerts.errors import DeliveryError

_ANSWER = 300  # signs of the answer that are kept


async def post(
    url: str, body: bytes, headers: Mapping[str, str], *, deadline_s: float, proxy: str | None
) -> str:
    """The answer in words. Raises DeliveryError: permanent for a 4xx that waiting cannot mend."""
    import httpx

    try:
        async with (
            asyncio.timeout(deadline_s),
            httpx.AsyncClient(
                follow_redirects=False, trust_env=False, proxy=proxy, timeout=deadline_s
            ) as client,
            client.stream("POST", url, content=body, headers=dict(headers)) as answer,
        ):
            said = f"HTTP {answer.status_code} {answer.reason_phrase}"
            text = b""
            async for part in answer.aiter_bytes():
                text += part
                if len(text) > _ANSWER:
                    break
    except TimeoutError as error:
        raise DeliveryError(f"no answer within {deadline_s:g} seconds") from error
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        said = clean.one_line(str(error) or type(error).__name__, _ANSWER)
        raise DeliveryError(said) from error
    told = clean.one_line(f"{said} {text[:_ANSWER].decode('utf-8', 'replace')}", _ANSWER)
    if answer.status_code >= 300:
        lasting = 300 <= answer.status_code < 500 and answer.status_code not in (408, 425, 429)
        raise DeliveryError(told, permanent=lasting)
    return told
