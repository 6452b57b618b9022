"""Box enterprise events: `GET /2.0/events`, as `admin_logs` and as `admin_logs_streaming`.

Pages of the provider's documentation that this follows (developer.box.com):

- Guide "JWT without SDKs": `POST /oauth2/token`, grant JWT bearer with client and secret; the
  assertion is for the enterprise (`box_sub_type`), has a `jti` and lives at most a minute. Guide
  "Client credentials grant": `box_subject_type=enterprise`. The token lives an hour.
- Guide "Enterprise events" and the reference "List user and enterprise events": `stream_type`,
  `stream_position` (0 the beginning, `now`), `limit` of at most 500, 100 unless given;
  `chunk_size`, `next_stream_position`. `admin_logs`: a year, `created_after` and `created_before`,
  ordered, where an event that is late falls behind the position. `admin_logs_streaming`: two weeks,
  in the order in which events become known, without those filters, and an event may come twice.
- Guide "Rate limits": 1,000 calls a minute for each user; 429 with `Retry-After`.
- Guide "Common errors": `type`, `status`, `code`, `message`, `request_id`.
"""

from typing import Any

import numpy as np

from provider_simulator import cursors
from provider_simulator.account import Account, Log, Page
from provider_simulator.clock import DAY, HOUR, MINUTE, SECOND, parsed
from provider_simulator.exchange import Answer, Call, Refused, joined, json_answer
from provider_simulator.hashing import mixed
from provider_simulator.limits import Limit
from provider_simulator.provider import Provider, Route, Stream, plain_refusal, status_of
from provider_simulator.shapes import box as shape
from provider_simulator.signin import JWT_BEARER, claims
from provider_simulator.timeline import Lag, Slice

CODES = {
    "unauthorized": ("unauthorized", "Unauthorized"),
    "forbidden": ("forbidden", "Access denied - insufficient permission"),
    "not_found": ("not_found", "Not Found"),
    "bad_request": ("bad_request", "Bad Request"),
    "expired_cursor": ("bad_request", "Invalid stream position"),
    "too_many": ("rate_limit_exceeded", "Request rate limit exceeded, please try again later"),
    "server_error": ("internal_server_error", "Internal Server Error"),
}
STREAMING_KEPT = 14 * DAY
DOUBLED = 4  # one streaming page in so many begins with the last event of the page before
FROM_THE_BEGINNING = (0, -1)


def token(call: Call, account: Account) -> Answer:
    form = call.form()
    account.check_client(form.get("client_id", ""), form.get("client_secret", ""))
    if form.get("grant_type") == JWT_BEARER:
        found = claims(
            form.get("assertion", ""),
            account.keys,
            issuer=account.client_id,
            audience=f"{call.base}/oauth2/token",
            now=call.now,
            longest=60,
            required=("iss", "sub", "aud", "exp", "jti"),
        )
        subject = found.get("box_sub_type"), found["sub"]
    elif form.get("grant_type") == "client_credentials":
        subject = form.get("box_subject_type"), form.get("box_subject_id", "")
    else:
        raise Refused("bad_credentials", "unsupported_grant_type")
    if subject != ("enterprise", enterprise(account)):
        raise Refused("bad_credentials", "Grant credentials are invalid")
    return json_answer(
        {
            "access_token": account.sign_in(call.now),
            "expires_in": round(account.token_seconds),
            "restricted_to": [],
            "token_type": "bearer",
        }
    )


def events(call: Call, account: Account) -> Answer:
    account.check_token(call.bearer(), call.now)
    limit = call.number("limit", 100, 1, 500)
    log, position = account.log("events"), call.query.get("stream_position", "0")
    match call.query.get("stream_type"):
        case "admin_logs":
            page, following = _history(call, account, log, position, limit)
        case "admin_logs_streaming":
            page, following = _streaming(call, account, log, position, limit)
        case _:
            raise Refused("bad_request", "stream_type")
    count = len(page.lines)
    before = f'{{"chunk_size":{count},"next_stream_position":"{following}","entries":['
    return Answer(body=joined(page.lines, before, "]}"), served=page.served)


def _history(call: Call, account: Account, log: Log, position: str, limit: int) -> tuple[Page, str]:
    window = _moment(call, "created_after"), _moment(call, "created_before")
    first, end = account.range(call, log, *window)
    if position not in ("0", ""):
        first = max(first, end if position == "now" else cursors.read(position, 1)[0])
    page = account.ascending(call, log, (first, end), limit)
    reached = page.slice.numbers[-1] + 1 if page.slice.numbers else first
    return page, cursors.written(reached)


def _streaming(
    call: Call, account: Account, log: Log, position: str, limit: int
) -> tuple[Page, str]:
    if position in ("0", ""):
        after = FROM_THE_BEGINNING
    elif position == "now":
        after = (call.now, 1 << 62)
    else:
        moment, number = cursors.read(position, 2)
        after = (moment, number)
    begin = max(after, (call.now - STREAMING_KEPT, -1))
    page = account.published(call, log, begin, limit)
    assert page.next is not None
    following = cursors.written(*page.next)
    if begin == after and page.lines and 0 <= after[1] < 1 << 62:
        page = _with_last_again(log, page, after)
    return page, following


def _with_last_again(log: Log, page: Page, after: tuple[int, int]) -> Page:
    """At least once: some pages begin with the last event of the page before."""
    published, number = after
    if int(mixed(log.series.key + 5, np.array([number]))[0]) % DOUBLED:
        return page
    time = int(log.timeline.times(number, number + 1)[0])
    events = page.slice
    doubled = Slice(
        [number, *events.numbers], [time, *events.times], [published, *events.published], more=True
    )
    return log.page(doubled, page.next)


def _moment(call: Call, name: str) -> int | None:
    text = call.query.get(name)
    try:
        return parsed(text) if text else None
    except ValueError:
        raise Refused("bad_request", name) from None


def enterprise(account: Account) -> str:
    return str(account.log("events").series.digits)


def refuse(refused: Refused, call: Call) -> Answer:
    if refused.why == "bad_credentials":
        document = {"error": "invalid_grant", "error_description": refused.detail}
        return json_answer(document, 400)
    code, message = CODES[refused.why]
    answer = plain_refusal(
        refused,
        {
            "type": "error",
            "status": status_of(refused),
            "code": code,
            "help_url": "https://developer.box.com/guides/api-calls/permissions-and-errors/",
            "message": message,
            "request_id": f"{call.now:x}",
        },
    )
    if refused.why == "unauthorized":
        answer.headers["WWW-Authenticate"] = 'Bearer realm="Service", error="invalid_token"'
    return answer


def credentials(account: Account, base: str) -> dict[str, Any]:
    return {
        "base_url": base,
        "token_url": f"{base}/oauth2/token",
        "client_id": account.client_id,
        "client_secret": account.secret("client"),
        "enterprise_id": enterprise(account),
        "private_key": account.keys.private_pem,
    }


PROVIDER = Provider(
    name="box",
    streams={"events": Stream(shape.EVENT, Lag(20 * SECOND, 2 * HOUR), look_back=365 * DAY)},
    routes=(
        Route.of("POST", "/oauth2/token", token, kind="sign_in"),
        Route.of("GET", "/2.0/events", events, limit=Limit(1_000, MINUTE / SECOND)),
    ),
    credentials=credentials,
    refuse=refuse,
    cursor=lambda call: call.query.get("stream_position", "").removeprefix("now").lstrip("0"),
)
