"""Slack Audit Logs API (Enterprise organizations): `GET /audit/v1/logs`.

Pages of the provider's documentation that this follows:

- "Using the Audit Logs API" (docs.slack.dev/admins/audit-logs-api/): a token of the owner of the
  organization with the scope `auditlogs:read`, which does not end; `oldest` and `latest` in Unix
  seconds, both inclusive; `limit` of at most 9,999; `cursor`; newest first; nothing before March
  2018; the entry's fields.
- "Pagination" (docs.slack.dev/apis/web-api/pagination): `response_metadata.next_cursor`, empty on
  the last page; `invalid_cursor`.
- "Rate limits" (docs.slack.dev/apis/web-api/rate-limits): 429 with `Retry-After` in seconds; the
  audit logs are of tier 3, 50 calls a minute for the whole organization.
"""

from typing import Any

from provider_simulator import cursors
from provider_simulator.account import Account
from provider_simulator.clock import DAY, MINUTE, SECOND
from provider_simulator.exchange import Answer, Call, Refused, joined
from provider_simulator.limits import Limit
from provider_simulator.provider import Provider, Route, Stream, plain_refusal
from provider_simulator.shapes import slack as shape
from provider_simulator.timeline import Lag

ERRORS = {
    "unauthorized": "invalid_auth",
    "forbidden": "missing_scope",
    "not_found": "unknown_method",
    "expired_cursor": "invalid_cursor",
    "too_many": "ratelimited",
    "server_error": "internal_error",
}


def logs(call: Call, account: Account) -> Answer:
    if call.bearer() != account.secret("owner token"):
        raise Refused("unauthorized")
    log = account.log("logs")
    limit = call.number("limit", 100, 1, 9_999)
    if cursor := call.query.get("cursor"):
        first, end = cursors.read(cursor, 2)
    else:
        oldest, latest = _second(call, "oldest"), _second(call, "latest")
        until = None if latest is None else (latest + 1) * SECOND
        since = None if oldest is None else oldest * SECOND
        first, end = account.range(call, log, since, until)
    page = account.descending(call, log, (first, end), limit)
    following = cursors.written(*page.next) if page.next else ""
    after = f'],"response_metadata":{{"next_cursor":"{following}"}}}}'
    return Answer(body=joined(page.lines, '{"entries":[', after), served=page.served)


def _second(call: Call, name: str) -> int | None:
    text = call.query.get(name)
    if not text:
        return None
    if not text.isdigit():
        raise Refused("bad_request", "invalid_arguments")
    return int(text)


def refuse(refused: Refused, call: Call) -> Answer:
    error = ERRORS.get(refused.why)
    if error is None:
        error = "invalid_cursor" if "cursor" in refused.detail else "invalid_arguments"
    return plain_refusal(refused, {"ok": False, "error": error})


def credentials(account: Account, base: str) -> dict[str, Any]:
    return {"base_url": base, "token": account.secret("owner token")}


PROVIDER = Provider(
    name="slack",
    streams={"logs": Stream(shape.ENTRY, Lag(30 * SECOND, 60 * MINUTE), look_back=3_000 * DAY)},
    routes=(Route.of("GET", "/audit/v1/logs", logs, limit=Limit(calls=50, seconds=60)),),
    credentials=credentials,
    refuse=refuse,
    cursor=lambda call: call.query.get("cursor", ""),
)
