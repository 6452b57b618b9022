"""Microsoft 365, Office 365 Management Activity API: subscriptions, lists of blobs, blobs.

Pages of the provider's documentation that this follows:

- "Office 365 Management Activity API reference" (learn.microsoft.com/office/
  office-365-management-api/office-365-management-activity-api-reference): content types; `POST
  subscriptions/start`, `stop`, `GET subscriptions/list`, `subscriptions/content` and the blob's own
  address. A list is about when blobs became available (`contentCreated`, first moment included,
  last excluded), spans at most 24 hours and begins at most 7 days ago; without a window it is about
  the last 24 hours; `NextPageUri` is a header that is there while pages follow. Events of a blob
  are in no order, and an earlier blob may hold later events. Errors AF10001, AF20010, AF20020,
  AF20022, AF20024, AF20030, AF20031, AF20050, AF20051, AF429, AF50000.
- The same, *API throttling*: 2,000 calls a minute for each tenant; 429 AF429 with `Retry-After`.
- "Office 365 Management API FAQs and troubleshooting": 60 to 90 minutes are usual, none are
  promised; lists are not in the order of time.

That a blob shows up in the lists a while after its `contentCreated` is reported by users.
"""

from typing import Any
from urllib.parse import urlencode

from provider_simulator import cursors, microsoft
from provider_simulator.account import Account
from provider_simulator.blobs import BLOBS, Blob
from provider_simulator.clock import DAY, HOUR, MINUTE, iso_milliseconds, parsed
from provider_simulator.exchange import Answer, Call, Refused, Served, joined, json_answer
from provider_simulator.limits import Limit
from provider_simulator.provider import Provider, Route, Stream, plain_refusal
from provider_simulator.shapes import m365 as shape
from provider_simulator.timeline import Lag

RESOURCE = "https://manage.office.com"
BLOBS_ON_A_PAGE = 40
ERRORS = {
    "unauthorized": ("AF10001", "The permission set sent in the request has expired."),
    "forbidden": ("AF10001", "The permission set () sent in the request did not include "
                  "the expected permission."),
    "not_found": ("AF20050", "The specified content does not exist."),
    "expired_cursor": ("AF20031", "Invalid nextPage Input: {}."),
    "too_many": ("AF429", "Too many requests. Method=GetContent, PublisherId={}"),
    "server_error": ("AF50000", "An internal error occurred. Retry the request."),
}  # fmt: skip
# A tenant whose name begins so has no subscription until it starts one.
UNSUBSCRIBED = "new-"
NO_SUCH_TYPE = "AF20020: The specified content type is not valid."
NO_SUBSCRIPTION = "AF20022: No subscription found for the specified content type."
ENABLED_ALREADY = "AF20024: The subscription is already enabled. No property change."
EXPIRED = (
    "AF20051: Content requested with the key {} has already expired. Content older than 7 days "
    "cannot be retrieved."
)
WRONG_WINDOW = (
    "AF20030: Start time and end time must both be specified (or both omitted) and must be less "
    "than or equal to 24 hours apart, with the start time no more than 7 days in the past."
)


def token(call: Call, account: Account, tenant: str) -> Answer:
    return microsoft.token(call, account, tenant, resource=RESOURCE)


def start(call: Call, account: Account, tenant: str) -> Answer:
    name = _content_type(call, account, tenant)
    if _subscribed(account, name):
        raise Refused("bad_request", ENABLED_ALREADY)
    account.memory[f"subscribed {name}"] = call.now
    return json_answer({"contentType": name, "status": "enabled", "webhook": None})


def stop(call: Call, account: Account, tenant: str) -> Answer:
    name = _content_type(call, account, tenant)
    if not _subscribed(account, name):
        raise Refused("bad_request", NO_SUBSCRIPTION)
    account.memory[f"subscribed {name}"] = None
    return Answer(204)


def subscriptions(call: Call, account: Account, tenant: str) -> Answer:
    _check(call, account, tenant)
    enabled = [name for name in PROVIDER.streams if _subscribed(account, name)]
    shown = [{"contentType": name, "status": "enabled", "webhook": None} for name in enabled]
    return json_answer(shown)


def content(call: Call, account: Account, tenant: str) -> Answer:
    name = _content_type(call, account, tenant)
    if not _subscribed(account, name):
        raise Refused("bad_request", NO_SUBSCRIPTION)
    since, until = _window(call)
    # Nothing is collected before there is a subscription.
    since = max(since, account.memory.get(f"subscribed {name}") or 0)
    # The pages of a list are those of the moment of its first one.
    skipped, listed_at = 0, call.now
    if following := call.query.get("nextPage"):
        skipped, listed_at, since, until = cursors.read(following, 4)
    blobs = BLOBS.listed(account.log(name).timeline, since, until, listed_at)
    page = [] if call.empty_page else blobs[skipped : skipped + BLOBS_ON_A_PAGE]
    reached = skipped + len(page)
    headers = {}
    if reached < len(blobs):
        query = dict(call.query) | {"nextPage": cursors.written(reached, listed_at, since, until)}
        headers["NextPageUri"] = f"{call.base}{call.path}?{urlencode(query)}"
    shown = [_shown(call, tenant, name, blob) for blob in page]
    answer = json_answer(shown, headers=headers)
    # Of a list nothing is booked; it stands among the logs for the sake of faults.
    answer.served = [Served(name, [])]
    return answer


def _shown(call: Call, tenant: str, name: str, blob: Blob) -> dict[str, str]:
    identity = cursors.written(list(PROVIDER.streams).index(name), blob.number)
    return {
        "contentUri": f"{call.base}/api/v1.0/{tenant}/activity/feed/audit/{identity}",
        "contentId": identity,
        "contentType": name,
        "contentCreated": iso_milliseconds(blob.created),
        "contentExpiration": iso_milliseconds(blob.created + 7 * DAY),
    }


def blob(call: Call, account: Account, tenant: str, identity: str) -> Answer:
    _check(call, account, tenant)
    try:
        stream, number = cursors.read(identity, 2)
    except Refused:
        raise Refused("not_found") from None
    log = account.log(list(PROVIDER.streams)[stream])
    found = BLOBS.blob(log.series.key, number)
    if found.listed > call.now:
        raise Refused("not_found")
    if found.created < call.now - 7 * DAY:
        raise Refused("bad_request", EXPIRED.format(identity))
    page = log.page(BLOBS.events(log.timeline, number), None)
    return Answer(body=joined(page.lines), served=page.served)


def _window(call: Call) -> tuple[int, int]:
    begin, end = call.query.get("startTime"), call.query.get("endTime")
    if bool(begin) != bool(end):
        raise Refused("bad_request", WRONG_WINDOW)
    if not begin or not end:
        return call.now - DAY, call.now
    try:
        since, until = parsed(begin), parsed(end)
    except ValueError:
        raise Refused("bad_request", WRONG_WINDOW) from None
    # A little grace, so that whoever asks for exactly seven days is not refused underway.
    if not 0 <= until - since <= DAY or since < call.now - 7 * DAY - HOUR:
        raise Refused("bad_request", WRONG_WINDOW)
    return since, until


def _content_type(call: Call, account: Account, tenant: str) -> str:
    _check(call, account, tenant)
    name = call.query.get("contentType", "")
    if name not in PROVIDER.streams:
        raise Refused("bad_request", NO_SUCH_TYPE)
    return name


def _check(call: Call, account: Account, tenant: str) -> None:
    account.check_token(call.bearer(), call.now)
    if tenant != microsoft.directory(account):
        raise Refused("bad_request", "AF20010: The tenant ID passed in the URL does not match.")


def _subscribed(account: Account, name: str) -> bool:
    new = account.tenant.startswith(UNSUBSCRIBED)
    return account.memory.get(f"subscribed {name}", None if new else 0) is not None


def refuse(refused: Refused, call: Call) -> Answer:
    if refused.why == "bad_credentials":
        return microsoft.refuse_sign_in(refused)
    if refused.why == "bad_request":
        code, _, message = refused.detail.partition(": ")
        code = code if code.startswith("AF") else "AF20031"
    else:
        code, message = ERRORS[refused.why]
        message = message.format(call.query.get("PublisherIdentifier", "none"))
    return plain_refusal(refused, {"error": {"code": code, "message": message or refused.detail}})


def credentials(account: Account, base: str) -> dict[str, Any]:
    return microsoft.credentials(account, base, RESOURCE)


FEED = "/api/v1.0/{tenant}/activity/feed"
LIMIT = Limit(calls=2_000, seconds=60)
LAG = Lag(30 * MINUTE, 90 * MINUTE)
SHARES = {"Audit.AzureActiveDirectory": 2, "Audit.Exchange": 2, "Audit.SharePoint": 4,
          "Audit.General": 1}  # fmt: skip
PROVIDER = Provider(
    name="m365",
    streams={
        name: Stream(shape.RECORDS[name], LAG, look_back=7 * DAY, share=share, batches=BLOBS)
        for name, share in SHARES.items()
    },
    routes=(
        Route.of("POST", "/{tenant}/oauth2/v2.0/token", token, kind="sign_in"),
        Route.of("POST", f"{FEED}/subscriptions/start", start, kind="other", limit=LIMIT),
        Route.of("POST", f"{FEED}/subscriptions/stop", stop, kind="other", limit=LIMIT),
        Route.of("GET", f"{FEED}/subscriptions/list", subscriptions, kind="other", limit=LIMIT),
        Route.of("GET", f"{FEED}/subscriptions/content", content, limit=LIMIT),
        Route.of("GET", f"{FEED}/audit/{{id}}", blob, limit=LIMIT, pages=False),
    ),
    credentials=credentials,
    refuse=refuse,
    cursor=lambda call: call.query.get("nextPage", ""),
    token_seconds=microsoft.TOKEN_SECONDS,
)
