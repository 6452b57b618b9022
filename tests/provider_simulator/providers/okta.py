"""Okta System Log: `GET /api/v1/logs`.

Pages of the provider's documentation that this follows:

- "System Log query" (developer.okta.com/docs/reference/system-log-query/): `limit` up to 1,000,
  100 unless given; `since` is seven days ago unless given; a request without `until` in ascending
  order is a *polling* request, in which `since` is about the time an event was persisted, events
  come in that order and not in that of `published`, and the next link is always there, also under
  an empty page; one with `until` is *bounded*: ordered by `published`, without a next link under
  its last page, and an event that arrives late behind the cursor is missed.
- "System Log API" (developer.okta.com/docs/api/openapi/okta-management/…/tag/SystemLog/): events
  are kept for 90 days; the record's fields.
- "Rate limits" (developer.okta.com/docs/reference/rate-limits/, rl-best-practices/): 429 with
  E0000047; `X-Rate-Limit-Limit`, `-Remaining` and `-Reset` (UTC epoch seconds) in each answer, no
  `Retry-After`; 120 calls a minute to the System Log unless more are bought.
- "Implement OAuth for Okta with a service app": `POST /oauth2/v1/token`, client credentials with
  an assertion (RS256) whose audience is that address, scope `okta.logs.read`; the token lives an
  hour. `Authorization: SSWS <token>` is the older way.
- "Okta API error codes": E0000001, E0000011, E0000047, E0000007, E0000009.
"""

from typing import Any
from urllib.parse import urlencode

from provider_simulator import cursors
from provider_simulator.account import Account, Page
from provider_simulator.clock import DAY, MINUTE, SECOND, parsed
from provider_simulator.exchange import Answer, Call, Refused, joined, json_answer
from provider_simulator.limits import Limit, Usage
from provider_simulator.provider import Provider, Route, Stream, status_of
from provider_simulator.shapes import okta as shape
from provider_simulator.signin import CLIENT_ASSERTION, claims
from provider_simulator.timeline import Lag

SCOPE = "okta.logs.read"
ERRORS = {  # why -> code, summary
    "bad_request": ("E0000001", "Api validation failed: {}"),
    "expired_cursor": ("E0000001", "Api validation failed: after"),
    "unauthorized": ("E0000011", "Invalid token provided"),
    "forbidden": ("E0000006", "You do not have permission to perform the requested action"),
    "not_found": ("E0000007", "Not found: Resource not found: {}"),
    "too_many": ("E0000047", "API call exceeded rate limit due to too many requests."),
    "server_error": ("E0000009", "Internal Server Error"),
}
POLLING, ASCENDING, DESCENDING = 0, 1, 2


def token(call: Call, account: Account) -> Answer:
    form = call.form()
    if form.get("grant_type") != "client_credentials":
        raise Refused("bad_credentials", "unsupported_grant_type", status=400)
    if form.get("client_assertion_type") != CLIENT_ASSERTION:
        raise Refused("bad_credentials", "invalid_client", status=401)
    claims(
        form.get("client_assertion", ""),
        account.keys,
        issuer=account.client_id,
        audience=f"{call.base}/oauth2/v1/token",
        now=call.now,
        required=("iss", "sub", "aud", "exp"),
    )
    if SCOPE not in form.get("scope", "").split():
        raise Refused("bad_credentials", "invalid_scope", status=400)
    return json_answer(
        {
            "token_type": "Bearer",
            "expires_in": round(account.token_seconds),
            "access_token": account.sign_in(call.now),
            "scope": SCOPE,
        }
    )


def logs(call: Call, account: Account) -> Answer:
    _authorize(call, account)
    limit = call.number("limit", 100, 0, 1000)
    page, mode = _page(call, account, limit)
    self_link = f'<{call.base}{call.path}?{urlencode(call.query)}>; rel="self"'
    links = [self_link]
    if page.next is not None:
        query = dict(call.query) | {"after": cursors.written(mode, *page.next)}
        links.append(f'<{call.base}{call.path}?{urlencode(query)}>; rel="next"')
    return Answer(body=joined(page.lines), headers={"Link": ", ".join(links)}, served=page.served)


def _authorize(call: Call, account: Account) -> None:
    scheme = call.headers.get("Authorization", "").partition(" ")[0]
    if scheme.upper() != "SSWS":
        account.check_token(call.bearer(), call.now)
    elif call.bearer("SSWS") != account.secret("api token"):
        raise Refused("unauthorized", "unknown API token")


def _page(call: Call, account: Account, limit: int) -> tuple[Page, int]:
    log = account.log("logs")
    descending = call.query.get("sortOrder", "ASCENDING").upper() == "DESCENDING"
    since = _moment(call, "since")
    since = max(call.now - 7 * DAY if since is None else since, call.now - log.stream.look_back)
    until = _moment(call, "until")
    mode = DESCENDING if descending else POLLING if until is None else ASCENDING
    after = call.query.get("after")
    if after:
        written_mode, first, end = cursors.read(after, 3)
        if written_mode != mode:
            raise Refused("bad_request", "after")
    elif mode == POLLING:
        first, end = since, -1
    else:
        first, end = account.range(call, log, since, until)
    if mode == POLLING:
        return account.published(call, log, (first, end), limit), mode
    ordered = account.descending if descending else account.ascending
    return ordered(call, log, (first, end), limit), mode


def _moment(call: Call, name: str) -> int | None:
    text = call.query.get(name)
    if not text:
        return None
    try:
        return parsed(text)
    except ValueError:
        raise Refused("bad_request", name) from None


def refuse(refused: Refused, call: Call) -> Answer:
    if refused.why == "bad_credentials":
        code = refused.detail if refused.detail.startswith("invalid_scope") else "invalid_client"
        return json_answer({"error": code, "error_description": refused.detail}, 401)
    code, summary = ERRORS[refused.why]
    document = {
        "errorCode": code,
        "errorSummary": summary.format(refused.detail),
        "errorLink": code,
        "errorId": f"oae{call.now:017x}",
        "errorCauses": [],
    }
    headers = {}
    if refused.why == "too_many":
        usage = Usage(LIMIT, -1, refused.retry_after)
        headers = limit_headers(usage, call)
    return json_answer(document, status_of(refused), headers)


def limit_headers(usage: Usage, call: Call) -> dict[str, str]:
    return {
        "X-Rate-Limit-Limit": str(usage.limit.calls),
        "X-Rate-Limit-Remaining": str(max(0, usage.remaining)),
        # Rounded up: whoever waits until then is let through.
        "X-Rate-Limit-Reset": str(-int(-(call.now / SECOND + usage.reset) // 1)),
    }


def credentials(account: Account, base: str) -> dict[str, Any]:
    return {
        "base_url": base,
        "token_url": f"{base}/oauth2/v1/token",
        "client_id": account.client_id,
        "private_key": account.keys.private_pem,
        "scope": SCOPE,
        "api_token": account.secret("api token"),
    }


LIMIT = Limit(calls=120, seconds=60)
PROVIDER = Provider(
    name="okta",
    streams={
        # Most events within seconds, "near real time"; some an hour behind.
        "logs": Stream(shape.LOG_EVENT, Lag(5 * SECOND, 60 * MINUTE), look_back=90 * DAY),
    },
    routes=(
        Route.of("POST", "/oauth2/v1/token", token, kind="sign_in"),
        Route.of("GET", "/api/v1/logs", logs, limit=LIMIT),
    ),
    credentials=credentials,
    refuse=refuse,
    cursor=lambda call: call.query.get("after", ""),
    limit_headers=limit_headers,
)
