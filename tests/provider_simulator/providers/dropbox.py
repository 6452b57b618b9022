"""Dropbox team log: `POST /2/team_log/get_events` and `/continue`.

Pages of the provider's documentation that this follows:

- "OAuth guide" (developers.dropbox.com/oauth-guide): `POST /oauth2/token` with a refresh token;
  the access token lives four hours.
- HTTP documentation, namespace `team_log` (dropbox.com/developers/documentation/http/teams):
  `limit` of at most 1,000, which is also what comes unless given; `time` with `start_time` and
  `end_time`; events are not promised in the order of their time; `has_more` may be true under an
  empty page; the cursor finds later what comes later. Errors of `/continue`: `bad_cursor`, and
  `reset` with the moment of about the last event that the cursor returned, from which to go on.
- "Error handling" (dropbox.com/developers/documentation/http): 409 for errors of an endpoint, 401
  `expired_access_token`, 429 with `Retry-After`. How many calls are allowed is not published.
- Help centre, "Activity logs": two years.
"""

import base64
from typing import Any

from provider_simulator import cursors
from provider_simulator.account import Account
from provider_simulator.clock import DAY, HOUR, MINUTE, iso_seconds, parsed
from provider_simulator.exchange import Answer, Call, Refused, joined, json_answer
from provider_simulator.limits import Limit
from provider_simulator.provider import Provider, Route, Stream, plain_refusal
from provider_simulator.records import by_hash
from provider_simulator.shapes import dropbox as shape
from provider_simulator.timeline import Lag

EVER = 1 << 45
TAGS = {
    "unauthorized": "expired_access_token",
    "forbidden": "missing_scope",
    "not_found": "unknown_route",
    "bad_request": "bad_cursor",
    "expired_cursor": "reset",
    "too_many": "too_many_requests",
    "server_error": "internal_error",
}


def token(call: Call, account: Account) -> Answer:
    form = call.form()
    pair = form.get("client_id", ""), form.get("client_secret", "")
    if "Authorization" in call.headers:
        try:
            text = base64.b64decode(call.bearer("Basic"), validate=True).decode()
        except (ValueError, Refused):
            raise Refused("bad_credentials", "invalid_client") from None
        pair = text.partition(":")[0], text.partition(":")[2]
    account.check_client(*pair)
    if form.get("grant_type") != "refresh_token":
        raise Refused("bad_credentials", "unsupported_grant_type")
    if form.get("refresh_token") != account.secret("refresh token"):
        raise Refused("bad_credentials", "invalid_grant")
    return json_answer(
        {
            "access_token": account.sign_in(call.now),
            "token_type": "bearer",
            "expires_in": round(account.token_seconds),
        }
    )


def get_events(call: Call, account: Account) -> Answer:
    account.check_token(call.bearer(), call.now)
    asked = call.json()
    limit = asked.get("limit", 1_000)
    if not isinstance(limit, int) or not 1 <= limit <= 1_000:
        raise Refused("bad_request", "limit")
    window = asked.get("time") or {}
    try:
        since = parsed(window["start_time"]) if "start_time" in window else 0
        until = parsed(window["end_time"]) if "end_time" in window else EVER
    except (ValueError, TypeError):
        raise Refused("bad_request", "time") from None
    if until < since:
        raise Refused("bad_request", "time")
    since = max(since, call.now - account.log("events").stream.look_back)
    return _page(call, account, (since, -1), (since, until), limit)


def get_events_continue(call: Call, account: Account) -> Answer:
    account.check_token(call.bearer(), call.now)
    cursor = call.json().get("cursor")
    if not isinstance(cursor, str):
        raise Refused("bad_request", "cursor")
    moment, number, since, until, limit = cursors.read(cursor, 5)
    return _page(call, account, (moment, number), (since, until), limit)


def _page(
    call: Call, account: Account, after: tuple[int, int], window: tuple[int, int], limit: int
) -> Answer:
    page = account.published(call, account.log("events"), after, limit, window)
    assert page.next is not None
    cursor = cursors.written(*page.next, *window, limit)
    more = "true" if page.slice.more else "false"
    ending = f'],"cursor":"{cursor}","has_more":{more}}}'
    return Answer(body=joined(page.lines, '{"events":[', ending), served=page.served)


def refuse(refused: Refused, call: Call) -> Answer:
    if refused.why == "bad_credentials":
        document = {"error": "invalid_grant", "error_description": refused.detail}
        return json_answer(document, 400)
    tag = TAGS[refused.why]
    error: dict[str, Any] = {".tag": tag}
    if refused.why == "expired_cursor":
        error["reset"] = _reached(call)
    if refused.why == "too_many":
        error = {"reason": {".tag": tag}, "retry_after": max(1, round(refused.retry_after))}
    answer = plain_refusal(refused, {"error_summary": f"{tag}/...", "error": error})
    if refused.why in ("expired_cursor", "bad_request"):
        answer.status = 409
    return answer


def _reached(call: Call) -> str:
    """About when the last event happened that the cursor of a call returned.

    The cursor knows when that was published; some that happened before are still to come.
    """
    published, _, since, *_ = cursors.read(str(call.json().get("cursor")), 5)
    return iso_seconds(max(since, published))


def credentials(account: Account, base: str) -> dict[str, Any]:
    return {
        "base_url": base,
        "token_url": f"{base}/oauth2/token",
        "client_id": account.client_id,
        "client_secret": account.secret("client"),
        "refresh_token": account.secret("refresh token"),
    }


LAG = Lag(2 * MINUTE, 6 * HOUR)
LIMIT = Limit(calls=600, seconds=60)
PROVIDER = Provider(
    name="dropbox",
    streams={"events": Stream(shape.EVENT, LAG, look_back=730 * DAY, uids=by_hash)},
    routes=(
        Route.of("POST", "/oauth2/token", token, kind="sign_in"),
        Route.of("POST", "/2/team_log/get_events", get_events, limit=LIMIT),
        Route.of("POST", "/2/team_log/get_events/continue", get_events_continue, limit=LIMIT),
    ),
    credentials=credentials,
    refuse=refuse,
    cursor=lambda call: str(call.json().get("cursor", "")),
    token_seconds=14_400,
)
