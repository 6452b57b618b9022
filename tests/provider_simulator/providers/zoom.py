"""Zoom reports: `GET /v2/report/activities` (sign-ins) and `/v2/report/operationlogs`.

Pages of the provider's documentation that this follows (developers.zoom.us/docs/):

- "Server-to-server OAuth": `POST /oauth/token?grant_type=account_credentials&account_id=…`, the
  client in the header `Authorization` (Basic); the token lives an hour and there is no refreshing.
- "Get sign In / sign out activity report", "Get operation logs report": `from` and `to` are dates,
  of which both days are looked at, at most a month apart, at most six months back; `page_size` of
  at most 300, 30 unless given; `next_page_token` ends after 15 minutes; error 300.
- "Rate limits": the reports are of the kind *heavy*: for an account with the plan Pro 10 calls a
  second, and 30,000 a day with those that are *resource-intensive*; `X-RateLimit-Category`,
  `-Type` (`QPS`, `Daily-limit`), `-Limit`, `-Remaining`; `Retry-After`, after the calls of a day a
  time in ISO 8601.
- "Error codes": 124 for a token that is not good, 4700 where a scope is missing.
"""

import base64
from datetime import UTC, date, datetime
from typing import Any

from provider_simulator import cursors
from provider_simulator.account import Account
from provider_simulator.clock import DAY, HOUR, MINUTE, SECOND, iso_seconds
from provider_simulator.exchange import Answer, Call, Refused, joined, json_answer
from provider_simulator.limits import Limit, Usage
from provider_simulator.provider import Provider, Route, Stream, plain_refusal
from provider_simulator.records import by_hash
from provider_simulator.shapes import zoom as shape
from provider_simulator.timeline import Lag

ERRORS = {
    "bad_credentials": (0, "Invalid client_id or client_secret"),
    "unauthorized": (124, "Invalid access token."),
    "forbidden": (4700, "Invalid access token, does not contain scopes:[report:read:admin]."),
    "not_found": (404, "Unrecognized url."),
    "bad_request": (300, "Invalid field: {}."),
    "expired_cursor": (300, "The next page token is invalid or expired."),
    "too_many": (429, "You have reached the maximum per-second rate limit for this API."),
    "server_error": (500, "Internal server error."),
}
TOKEN_LIFE = 15 * MINUTE
LONGEST_WINDOW = 31  # days


def token(call: Call, account: Account) -> Answer:
    try:
        pair = base64.b64decode(call.bearer("Basic"), validate=True).decode()
    except (ValueError, Refused):
        raise Refused("bad_credentials") from None
    account.check_client(*pair.partition(":")[::2])
    # The fields come in the query or as a form.
    given = call.form() | dict(call.query)
    if given.get("grant_type") != "account_credentials":
        raise Refused("bad_request", "grant_type")
    if given.get("account_id") != account.secret("account")[:22]:
        raise Refused("bad_request", "account_id")
    return json_answer(
        {
            "access_token": account.sign_in(call.now),
            "token_type": "bearer",
            "expires_in": round(account.token_seconds),
            "scope": "report:read:admin",
            "api_url": call.base,
        }
    )


def activities(call: Call, account: Account) -> Answer:
    return _report(call, account, "activities", "activity_logs")


def operation_logs(call: Call, account: Account) -> Answer:
    return _report(call, account, "operationlogs", "operation_logs")


def _report(call: Call, account: Account, stream: str, name: str) -> Answer:
    account.check_token(call.bearer(), call.now)
    log = account.log(stream)
    size = call.number("page_size", 30, 1, 300)
    begin, until = _window(call)
    if following := call.query.get("next_page_token"):
        written, first, end = cursors.read(following, 3)
        if call.now >= written + TOKEN_LIFE:
            raise Refused("expired_cursor")
    else:
        first, end = account.range(call, log, begin, until)
    page = account.descending(call, log, (first, end), size)
    following = cursors.written(call.now, *page.next) if page.next else ""
    before = (
        f'{{"from":"{call.query["from"]}","to":"{call.query["to"]}","page_size":{size},'
        f'"next_page_token":"{following}","{name}":['
    )
    return Answer(body=joined(page.lines, before, "]}"), served=page.served)


def _window(call: Call) -> tuple[int, int]:
    """Return the window of whole days that is asked for."""
    days = []
    for name in ("from", "to"):
        try:
            days.append(date.fromisoformat(call.query.get(name, "")[:10]))
        except ValueError:
            raise Refused("bad_request", name) from None
    first, last = days
    today = datetime.fromtimestamp(call.now / SECOND, UTC).date()
    if not 0 <= (last - first).days <= LONGEST_WINDOW or (today - first).days > 184:
        raise Refused("bad_request", "from")
    begin = datetime(first.year, first.month, first.day, tzinfo=UTC).timestamp()
    return round(begin) * SECOND, round(begin) * SECOND + ((last - first).days + 1) * DAY


def refuse(refused: Refused, call: Call) -> Answer:
    if refused.why == "bad_credentials":
        return json_answer({"reason": ERRORS[refused.why][1], "error": "invalid_client"}, 401)
    code, message = ERRORS[refused.why]
    answer = plain_refusal(refused, {"code": code, "message": message.format(refused.detail)})
    if refused.why == "too_many":
        answer.headers["X-RateLimit-Category"] = "Heavy"
        if refused.retry_after > 60:
            again = call.now + round(refused.retry_after * SECOND)
            answer.headers["Retry-After"] = iso_seconds(again)
    return answer


def limit_headers(usage: Usage, call: Call) -> dict[str, str]:
    return {
        "X-RateLimit-Category": "Heavy",
        "X-RateLimit-Type": "Daily-limit" if usage.limit.name == DAILY.name else "QPS",
        "X-RateLimit-Limit": str(usage.limit.calls),
        "X-RateLimit-Remaining": str(max(0, usage.remaining)),
    }


def credentials(account: Account, base: str) -> dict[str, Any]:
    return {
        "base_url": base,
        "token_url": f"{base}/oauth/token",
        "account_id": account.secret("account")[:22],
        "client_id": account.client_id,
        "client_secret": account.secret("client"),
    }


LAG = Lag(10 * MINUTE, 12 * HOUR)  # "delayed"; no figure is documented
LIMIT = Limit(calls=10, seconds=1)
DAILY = Limit(calls=30_000, seconds=86_400, name="daily")
PROVIDER = Provider(
    name="zoom",
    streams={
        "activities": Stream(shape.ACTIVITY, LAG, look_back=184 * DAY, share=4, uids=by_hash),
        "operationlogs": Stream(shape.OPERATION, LAG, look_back=184 * DAY, uids=by_hash),
    },
    routes=(
        Route.of("POST", "/oauth/token", token, kind="sign_in"),
        Route.of("GET", "/v2/report/activities", activities, limit=LIMIT),
        Route.of("GET", "/v2/report/operationlogs", operation_logs, limit=LIMIT),
    ),
    credentials=credentials,
    refuse=refuse,
    cursor=lambda call: call.query.get("next_page_token", ""),
    limit_headers=limit_headers,
    daily=DAILY,
)
