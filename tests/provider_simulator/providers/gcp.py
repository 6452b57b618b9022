"""Google Cloud audit logs through Cloud Logging: `POST /v2/entries:list`.

Pages of the provider's documentation that this follows:

- "Method: entries.list" (cloud.google.com/logging/docs/reference/v2/rest/v2/entries/list):
  `resourceNames`, `filter`, `orderBy` (`timestamp asc` unless given, or `timestamp desc`),
  `pageSize` of at most 1,000, 50 unless given, `pageToken`; a page without entries may have a next
  one ("the search found no log entries so far but it did not have time to search all").
- "Logging query language": comparisons of `timestamp` and `receiveTimestamp`, joined by AND.
- "LogEntry": `receiveTimestamp`, `insertId`; "AuditLog".
- "Quotas and limits" (cloud.google.com/logging/quotas): 60 calls a minute for each project; entries
  of the bucket `_Required` are kept 400 days, of `_Default` 30.
"""

import re
from typing import Any

from provider_simulator import cursors, google
from provider_simulator.account import Account
from provider_simulator.clock import DAY, HOUR, SECOND, parsed
from provider_simulator.exchange import Answer, Call, Refused, joined
from provider_simulator.limits import Limit
from provider_simulator.provider import Provider, Route, Stream
from provider_simulator.shapes import gcp as shape
from provider_simulator.timeline import Lag, Slice

SCOPES = {
    "https://www.googleapis.com/auth/logging.read",
    "https://www.googleapis.com/auth/cloud-platform",
    "https://www.googleapis.com/auth/cloud-platform.read-only",
}
COMPARISON = re.compile(r'(timestamp|receiveTimestamp)\s*(>=|<=|>|<)\s*"([^"]+)"', re.IGNORECASE)
TOKEN_LIFE = 24 * HOUR
ENDLESS = 1 << 45


def token(call: Call, account: Account) -> Answer:
    return google.token(call, account, scopes=SCOPES, subject=None)


def entries(call: Call, account: Account) -> Answer:
    account.check_token(call.bearer(), call.now)
    asked = call.json()
    if asked.get("resourceNames") != [f"projects/{account.tenant}"]:
        raise Refused("forbidden")
    limit = asked.get("pageSize", 50)
    order = asked.get("orderBy") or "timestamp asc"
    if not isinstance(limit, int) or limit < 1 or order not in ("timestamp asc", "timestamp desc"):
        raise Refused("bad_request", "pageSize or orderBy")
    log = account.log("audit")
    (since, until), (received_since, received_until) = _windows(str(asked.get("filter", "")))

    def wanted(events: Slice) -> list[bool]:
        return [received_since <= moment < received_until for moment in events.published]

    if following := asked.get("pageToken"):
        written, first, end = cursors.read(str(following), 3)
        if call.now >= written + TOKEN_LIFE:
            raise Refused("expired_cursor")
    else:
        # Nothing is received before it happens, nor much later than the longest lag.
        since = max(since, received_since - log.timeline.longest)
        first, end = account.range(call, log, since, min(until, received_until, call.now + 1))
    ordered = account.ascending if order == "timestamp asc" else account.descending
    page = ordered(call, log, (first, end), min(limit, 1_000), wanted)
    after = "]}"
    if page.next:
        after = f'],"nextPageToken":"{cursors.written(call.now, *page.next)}"}}'
    return Answer(body=joined(page.lines, '{"entries":[', after), served=page.served)


def _windows(text: str) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return the windows, from first to before second, of `timestamp` and `receiveTimestamp`."""
    windows = {"timestamp": [0, ENDLESS], "receivetimestamp": [0, ENDLESS]}
    for name, sign, moment in COMPARISON.findall(text):
        window = windows[name.lower()]
        try:
            # Moments here are whole milliseconds.
            value = parsed(moment) + (1 if sign in (">", "<=") else 0)
        except ValueError:
            raise Refused("bad_request", "filter") from None
        if sign.startswith(">"):
            window[0] = max(window[0], value)
        else:
            window[1] = min(window[1], value)
    (a, b), (c, d) = windows["timestamp"], windows["receivetimestamp"]
    return (a, b), (c, d)


def credentials(account: Account, base: str) -> dict[str, Any]:
    return {
        "base_url": base,
        "project": account.tenant,
        "scope": "https://www.googleapis.com/auth/logging.read",
        "service_account": google.key_file(account, base),
    }


PROVIDER = Provider(
    name="gcp",
    streams={
        "audit": Stream(
            shape.ENTRY, Lag(5 * SECOND, 2 * HOUR), look_back=400 * DAY, uids=shape.uids
        )
    },
    routes=(
        Route.of("POST", "/token", token, kind="sign_in"),
        Route.of("POST", "/v2/entries:list", entries, limit=Limit(60, 60)),
    ),
    credentials=credentials,
    refuse=google.refuse,
    cursor=lambda call: str(call.json().get("pageToken") or ""),
    token_seconds=google.TOKEN_SECONDS,
)
