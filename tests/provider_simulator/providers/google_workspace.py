"""Google Workspace, Admin SDK Reports API: `activities.list`, an application at a time.

Pages of the provider's documentation that this follows:

- "Activities: list" (developers.google.com/workspace/admin/reports/reference/rest/v1/activities/
  list): `GET /admin/reports/v1/activity/users/all/applications/{application}`, `maxResults` of at
  most 1,000, which is also what comes unless given, `pageToken`, `startTime`, `endTime`, filters;
  newest first; `items` is left out where there are none; scope `admin.reports.audit.readonly`.
- "Limits and quotas": 2,400 queries a minute for each user and project, 250 where the query
  filters. Exceeding it is answered with 403 or 429; back off, nothing says how long.
- "Data retention and lag times" (support.google.com/a/answer/7061566): 180 days; minutes for admin
  and drive, hours for login and token.
"""

from typing import Any

from provider_simulator import cursors, google
from provider_simulator.account import Account
from provider_simulator.clock import DAY, HOUR, MINUTE, parsed
from provider_simulator.exchange import Answer, Call, Refused, joined
from provider_simulator.limits import Limit
from provider_simulator.provider import Provider, Route, Stream
from provider_simulator.shapes import google_workspace as shape
from provider_simulator.timeline import Lag

SCOPE = "https://www.googleapis.com/auth/admin.reports.audit.readonly"
# Applications that the reference names beside those that have events here.
QUIET = frozenset(
    {
        *("access_transparency", "calendar", "chat", "chrome", "context_aware_access"),
        *("data_studio", "gcp", "gemini_in_workspace_apps", "gplus", "groups", "jamboard"),
        *("groups_enterprise", "keep", "meet", "mobile", "rules", "vault"),
    }
)
FILTERS = ("eventName", "filters", "actorIpAddress", "orgUnitID")
ALL, FILTERED = Limit(2_400, 60), Limit(250, 60, "filtered")


def token(call: Call, account: Account) -> Answer:
    return google.token(call, account, scopes={SCOPE}, subject=administrator(account))


def activities(call: Call, account: Account, user: str, application: str) -> Answer:
    account.check_token(call.bearer(), call.now)
    if application in QUIET:
        return Answer(body=b'{"kind":"admin#reports#activities","etag":"\\"none\\""}')
    if application not in STREAMS or user != "all":
        raise Refused("bad_request", f"{user}/{application}")
    log = account.log(application)
    limit = call.number("maxResults", 1_000, 1, 1_000)
    if following := call.query.get("pageToken"):
        first, end = cursors.read(following, 2)
    else:
        first, end = account.range(call, log, _moment(call, "startTime"), _moment(call, "endTime"))
    page = account.descending(call, log, (first, end), limit)
    before = f'{{"kind":"admin#reports#activities","etag":"\\"{first}/{end}\\""'
    if page.next:
        before += f',"nextPageToken":"{cursors.written(*page.next)}"'
    if not page.lines:
        return Answer(body=f"{before}}}".encode(), served=page.served)
    return Answer(body=joined(page.lines, f'{before},"items":[', "]}"), served=page.served)


def _moment(call: Call, name: str) -> int | None:
    text = call.query.get(name)
    try:
        return parsed(text) if text else None
    except ValueError:
        raise Refused("bad_request", name) from None


def limit(call: Call, route: Route) -> Limit | None:
    if route.kind != "log":
        return None
    return FILTERED if any(name in call.query for name in FILTERS) else ALL


def administrator(account: Account) -> str:
    return f"admin@{account.tenant}.example"


def credentials(account: Account, base: str) -> dict[str, Any]:
    return {
        "base_url": base,
        "subject": administrator(account),
        "scope": SCOPE,
        "service_account": google.key_file(account, base),
    }


SOON, HOURS = Lag(2 * MINUTE, 1 * HOUR), Lag(30 * MINUTE, 6 * HOUR)
SHARES = {"login": (3, HOURS), "admin": (1, SOON), "drive": (5, SOON), "token": (2, HOURS),
          "saml": (1, HOURS), "user_accounts": (0.5, SOON)}  # fmt: skip
STREAMS = {
    name: Stream(shape.ACTIVITIES[name], lag, look_back=180 * DAY, share=share, uids=shape.uids)
    for name, (share, lag) in SHARES.items()
}
PROVIDER = Provider(
    name="google_workspace",
    streams=STREAMS,
    routes=(
        Route.of("POST", "/token", token, kind="sign_in"),
        Route.of(
            "GET", "/admin/reports/v1/activity/users/{user}/applications/{application}", activities
        ),
    ),
    credentials=credentials,
    refuse=google.refuse,
    cursor=lambda call: call.query.get("pageToken", ""),
    token_seconds=google.TOKEN_SECONDS,
    limit=limit,
)
