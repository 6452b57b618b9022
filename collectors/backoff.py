"""How long to wait before a request is sent again."""

import random
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

FIRST, LONGEST = 0.5, 30.0  # seconds


def delay(attempt: int, chance: random.Random) -> float:
    """Return the seconds before attempt number `attempt` + 1 (the first failed is number 0).

    Full jitter: anywhere between nothing and a bound that doubles, so that many who failed together
    do not come back together. (M. Brooker, "Exponential Backoff And Jitter", AWS, 2015.)
    """
    return chance.uniform(0.0, min(LONGEST, FIRST * 2.0**attempt))


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Return the seconds that `Retry-After` asks for: a number, or a date (RFC 9110, 10.2.3).

    Also a date as ISO 8601 writes it, which Zoom sends.
    """
    text = headers.get("retry-after", "").strip()
    if not text:
        return None
    try:
        return max(0.0, float(text))
    except ValueError:
        pass
    date = _date(text)
    if date is None:
        return None
    # What we believe to be now may be wrong; the same answer tells the provider's own time.
    sent = date_of(headers) or now
    return max(0.0, (date.astimezone(UTC) - sent).total_seconds())


def _date(text: str) -> datetime | None:
    for read in (parsedate_to_datetime, datetime.fromisoformat):
        try:
            found = read(text)
        except ValueError:
            continue
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    return None


def date_of(headers: Mapping[str, str]) -> datetime | None:
    """Return the provider's own time, from `Date`."""
    try:
        found = parsedate_to_datetime(headers["date"])
    except (KeyError, ValueError):
        return None
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
