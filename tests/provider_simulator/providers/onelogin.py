"""OneLogin events: `GET /api/1/events`.

Pages of the provider's documentation that this follows (developers.onelogin.com/api-docs/):

- "Generate Tokens v2": `POST /auth/oauth2/v2/token`, `client_credentials`, the client in the header
  `Authorization` (Basic); the token lives ten hours.
- "Get Events": `since` and `until` about `created_at`, `sort` by id, at most 50 a page (which is
  also what comes unless less is asked for); "Using Query Parameters".
- "Using the After Cursor Parameter": `pagination.after_cursor`, null on the last page, with
  `next_link`.
- "Rate Limits": 5,000 calls an hour; `X-RateLimit-Limit`, `-Remaining`, `-Reset` (in seconds from
  now).
- "Status codes": `status` with `error`, `code`, `type` and `message` in each answer.
"""

import base64
from typing import Any

from provider_simulator import cursors
from provider_simulator.account import Account
from provider_simulator.clock import DAY, MINUTE, SECOND, iso_milliseconds, parsed
from provider_simulator.exchange import Answer, Call, Refused, joined, json_answer
from provider_simulator.limits import Limit, Usage
from provider_simulator.provider import Provider, Route, Stream, plain_refusal, status_of
from provider_simulator.shapes import onelogin as shape
from provider_simulator.timeline import Lag

TYPES = {
    "bad_credentials": ("Unauthorized", "Authentication Failure"),
    "unauthorized": ("Unauthorized", "Authentication Failure"),
    "forbidden": ("Unauthorized", "Insufficient Permission"),
    "not_found": ("Not Found", "The resource with the given ID could not be found."),
    "bad_request": ("bad request", "Bad request"),
    "expired_cursor": ("bad request", "Invalid after_cursor"),
    "too_many": ("rate limit exceeded", "Rate Limit Exceeded"),
    "server_error": ("internal error", "Internal Server Error"),
}


def token(call: Call, account: Account) -> Answer:
    try:
        pair = base64.b64decode(call.bearer("Basic"), validate=True).decode()
    except (ValueError, Refused):
        raise Refused("bad_credentials") from None
    account.check_client(*pair.partition(":")[::2])
    if call.json().get("grant_type") != "client_credentials":
        raise Refused("bad_request", "grant_type")
    return json_answer(
        {
            "access_token": account.sign_in(call.now),
            "created_at": iso_milliseconds(call.now),
            "expires_in": round(account.token_seconds),
            "refresh_token": account.secret("refresh token"),
            "token_type": "bearer",
            "account_id": account.log("events").series.digits,
        }
    )


def events(call: Call, account: Account) -> Answer:
    account.check_token(call.bearer(), call.now)
    log = account.log("events")
    limit = min(50, call.number("limit", 50, 1, 10_000))
    descending = call.query.get("sort", "+id").strip().startswith("-")
    if cursor := call.query.get("after_cursor"):
        numbers = cursors.read(cursor, 2)
        first, end = numbers[0], numbers[1]
    else:
        first, end = account.range(call, log, _moment(call, "since"), _moment(call, "until"))
    ordered = account.descending if descending else account.ascending
    page = ordered(call, log, (first, end), limit)
    following = f'"{cursors.written(*page.next)}"' if page.next else "null"
    link = f'"{call.base}{call.path}?after_cursor={following[1:-1]}"' if page.next else "null"
    before = (
        '{"status":{"error":false,"code":200,"type":"success","message":"Success"},'
        f'"pagination":{{"before_cursor":null,"after_cursor":{following},'
        f'"previous_link":null,"next_link":{link}}},"data":['
    )
    return Answer(body=joined(page.lines, before, "]}"), served=page.served)


def _moment(call: Call, name: str) -> int | None:
    text = call.query.get(name)
    try:
        return parsed(text) if text else None
    except ValueError:
        raise Refused("bad_request", name) from None


def refuse(refused: Refused, call: Call) -> Answer:
    kind, message = TYPES[refused.why]
    status = status_of(refused)
    shown = {"error": True, "code": status, "type": kind, "message": message}
    return plain_refusal(refused, {"status": shown})


def limit_headers(usage: Usage, call: Call) -> dict[str, str]:
    return {
        "X-RateLimit-Limit": str(usage.limit.calls),
        "X-RateLimit-Remaining": str(max(0, usage.remaining)),
        "X-RateLimit-Reset": str(-int(-usage.reset // 1)),
    }


def credentials(account: Account, base: str) -> dict[str, Any]:
    return {
        "base_url": base,
        "token_url": f"{base}/auth/oauth2/v2/token",
        "client_id": account.client_id,
        "client_secret": account.secret("client"),
    }


LIMIT = Limit(calls=5_000, seconds=3_600)
PROVIDER = Provider(
    name="onelogin",
    streams={
        "events": Stream(
            shape.EVENT, Lag(30 * SECOND, 60 * MINUTE), look_back=365 * DAY, uids=shape.uids
        )
    },
    routes=(
        Route.of("POST", "/auth/oauth2/v2/token", token, kind="sign_in"),
        Route.of("GET", "/api/1/events", events, limit=LIMIT),
    ),
    credentials=credentials,
    refuse=refuse,
    cursor=lambda call: call.query.get("after_cursor", ""),
    limit_headers=limit_headers,
    token_seconds=36_000,
)
