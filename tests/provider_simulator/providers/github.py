"""GitHub audit log of an organization: `GET /orgs/{org}/audit-log`.

Pages of the provider's documentation that this follows:

- "REST API endpoints for organizations", "Get the audit log for an organization"
  (docs.github.com/enterprise-cloud@latest/rest/orgs/orgs): `phrase`, `include` (web unless given,
  git, all), `after`, `before`, `order` (desc unless given), `per_page` of at most 100; the
  permission "Administration" of the organization (`read:audit_log`).
- "Using the audit log API for your organization": 1,750 queries an hour for each user and address;
  events are kept for 180 days, git events for 7.
- "Searching the audit log": `created:` takes a date or moment with `>=`, `<=`, `>`, `<` or a range
  `a..b`.
- "Using pagination in the REST API": `Link` with `rel="next"` until the last page.
- "Rate limits for the REST API": `x-ratelimit-limit`, `-remaining`, `-used`, `-reset` (UTC epoch
  seconds), `-resource`; 403 or 429, where `retry-after` may stand.
- "Generating an installation access token for a GitHub App": `POST
  /app/installations/{id}/access_tokens` with a JWT (RS256, `iss` the app, at most ten minutes); the
  token ends after an hour. A personal access token does not.
"""

import re
from typing import Any
from urllib.parse import urlencode

from provider_simulator import cursors
from provider_simulator.account import Account, Page
from provider_simulator.clock import DAY, MINUTE, SECOND, iso_seconds, parsed
from provider_simulator.exchange import Answer, Call, Refused, joined, json_answer
from provider_simulator.limits import Limit, Usage
from provider_simulator.provider import Provider, Route, Stream, plain_refusal
from provider_simulator.shapes import github as shape
from provider_simulator.signin import claims
from provider_simulator.timeline import Lag, Slice

CREATED = re.compile(r"created:(>=|<=|>|<|)([0-9TZ:+.-]+?)(?:\.\.([0-9TZ:+.-]+))?(?:\s|$)")
GIT_KEPT = 7 * DAY
MESSAGES = {
    "bad_credentials": "A JSON web token could not be decoded",
    "unauthorized": "Bad credentials",
    "forbidden": "Must have admin rights to Repository.",
    "not_found": "Not Found",
    "bad_request": "Validation Failed",
    "expired_cursor": "The provided cursor is invalid or has expired",
    "too_many": "You have exceeded a secondary rate limit.",
    "server_error": "Server Error",
}


def installation_token(call: Call, account: Account, installation: str) -> Answer:
    if installation != _installation(account):
        raise Refused("not_found")
    claims(
        call.bearer(),
        account.keys,
        issuer=account.client_id,
        audience=None,
        now=call.now,
        longest=600,
        required=("iss", "iat", "exp"),
    )
    ends = call.now + round(account.token_seconds * SECOND)
    document = {
        "token": account.sign_in(call.now),
        "expires_at": iso_seconds(ends),
        "permissions": {"organization_administration": "read"},
        "repository_selection": "all",
    }
    return json_answer(document, 201)


def audit_log(call: Call, account: Account, organization: str) -> Answer:
    scheme = call.headers.get("Authorization", "").partition(" ")[0].lower()
    token = call.bearer("token" if scheme == "token" else "Bearer")
    if token != account.secret("personal token"):
        account.check_token(token, call.now)
    if organization != account.tenant:
        raise Refused("not_found")
    limit = call.number("per_page", 30, 1, 100)
    page = _page(call, account, limit)
    headers = {}
    if page.next is not None:
        query = dict(call.query) | {"after": cursors.written(*page.next)}
        headers["Link"] = f'<{call.base}{call.path}?{urlencode(query)}>; rel="next"'
    return Answer(body=joined(page.lines), headers=headers, served=page.served)


def _page(call: Call, account: Account, limit: int) -> Page:
    include, order = call.query.get("include", "web"), call.query.get("order", "desc")
    if include not in ("web", "git", "all") or order not in ("asc", "desc"):
        raise Refused("bad_request")
    log = account.log("audit")

    def wanted(events: Slice) -> list[bool]:
        kinds = shape.ENTRY.which(log.series, events.numbers)
        of_git = [kind >= shape.FIRST_OF_GIT for kind in kinds]
        fresh = [time >= call.now - GIT_KEPT for time in events.times]
        return [
            include != "web" and recent if git else include != "git"
            for git, recent in zip(of_git, fresh, strict=True)
        ]

    if after := call.query.get("after"):
        first, end = cursors.read(after, 2)
    else:
        first, end = account.range(call, log, *_created(call.query.get("phrase", "")))
    ordered = account.ascending if order == "asc" else account.descending
    return ordered(call, log, (first, end), limit, wanted)


def _created(phrase: str) -> tuple[int | None, int | None]:
    """Return the window that the qualifiers `created:` of a search ask for."""
    since, until = None, None
    for sign, text, last in CREATED.findall(phrase):
        try:
            begin = parsed(text)
            # A date stands for the whole of that day.
            end = begin + (DAY if "T" not in text else SECOND)
            if last:
                since, until = begin, parsed(last) + (DAY if "T" not in last else SECOND)
            elif sign in (">=", ">"):
                since = begin if sign == ">=" else end
            elif sign in ("<=", "<"):
                until = end if sign == "<=" else begin
            else:
                since, until = begin, end
        except ValueError:
            raise Refused("bad_request", "phrase") from None
    return since, until


def _installation(account: Account) -> str:
    return str(account.log("audit").series.digits)


def refuse(refused: Refused, call: Call) -> Answer:
    page = "https://docs.github.com/rest"
    answer = plain_refusal(refused, {"message": MESSAGES[refused.why], "documentation_url": page})
    if refused.why == "bad_request":
        answer.status = 422
    return answer


def limit_headers(usage: Usage, call: Call) -> dict[str, str]:
    return {
        "X-RateLimit-Limit": str(usage.limit.calls),
        "X-RateLimit-Remaining": str(max(0, usage.remaining)),
        "X-RateLimit-Used": str(usage.limit.calls - max(0, usage.remaining)),
        "X-RateLimit-Reset": str(-int(-(call.now / SECOND + usage.reset) // 1)),
        "X-RateLimit-Resource": "audit_log",
    }


def credentials(account: Account, base: str) -> dict[str, Any]:
    return {
        "base_url": base,
        "organization": account.tenant,
        "token": account.secret("personal token"),
        "app_id": account.client_id,
        "installation_id": _installation(account),
        "private_key": account.keys.private_pem,
    }


PROVIDER = Provider(
    name="github",
    streams={
        "audit": Stream(shape.ENTRY, Lag(10 * SECOND, 30 * MINUTE), look_back=180 * DAY),
    },
    routes=(
        Route.of("POST", "/app/installations/{id}/access_tokens", installation_token, "sign_in"),
        Route.of("GET", "/orgs/{org}/audit-log", audit_log, limit=Limit(1_750, 3_600)),
    ),
    credentials=credentials,
    refuse=refuse,
    cursor=lambda call: call.query.get("after", ""),
    limit_headers=limit_headers,
)
