"""Microsoft Entra ID through Graph: `GET /v1.0/auditLogs/signIns` and `/directoryAudits`; in beta
sign-ins of other kinds than interactive ones.

Pages of the provider's documentation that this follows (learn.microsoft.com/graph/):

- "List signIns", "List directoryAudits": `$filter` by `createdDateTime` or `activityDateTime`
  (`eq`, `le`, `ge`, `lt`, `gt`, joined by `and`), `$top` of at most 1,000, `$orderby`; newest first
  unless ordered otherwise; `@odata.nextLink` until the last page.
- The same of the beta version, "List signIns": the kind is asked for with
  `signInEventTypes/any(t: t eq 'nonInteractiveUser')`, or `servicePrincipal`; interactive ones are
  told where no kind is.
- "Paging Microsoft Graph data in your app": the link's `$skiptoken` is opaque.
- "Microsoft Graph service-specific throttling limits", *Identity and access reports*: 5 calls in 10
  seconds for each application and tenant; 429 with `Retry-After`.
- "How long does Microsoft Entra ID store reporting data?": 30 days with a licence, 7 without.
- "Microsoft Graph error responses": `error` with `code`, `message`, `innerError`.
"""

import re
from typing import Any
from urllib.parse import urlencode

from provider_simulator import cursors, microsoft
from provider_simulator.account import Account, Log
from provider_simulator.clock import DAY, HOUR, MINUTE, iso_plain, parsed
from provider_simulator.exchange import Answer, Call, Refused, joined
from provider_simulator.limits import Limit
from provider_simulator.provider import Provider, Route, Stream, plain_refusal
from provider_simulator.shapes import entra_id as shape
from provider_simulator.timeline import Lag

RESOURCE = "https://graph.microsoft.com"
TIMES = {"signIns": "createdDateTime", "directoryAudits": "activityDateTime"}
KIND = re.compile(r"signInEventTypes/any\((\w+): ?\1 eq '(\w+)'\)")
KINDS = {
    "interactiveUser": "signIns",
    "nonInteractiveUser": "signIns.nonInteractiveUser",
    "servicePrincipal": "signIns.servicePrincipal",
}
COMPARISON = re.compile(r"(\w+) (ge|gt|le|lt|eq) ([0-9TZ:+.-]+)")
ERRORS = {
    "unauthorized": ("InvalidAuthenticationToken", "Lifetime validation failed."),
    "forbidden": ("Authorization_RequestDenied", "Insufficient privileges."),
    "not_found": ("ResourceNotFound", "Resource not found: {}"),
    "bad_request": ("BadRequest", "Invalid filter clause or option: {}"),
    "expired_cursor": ("BadRequest", "Skip token is null or has expired."),
    "too_many": ("TooManyRequests", "Too many requests."),
    "server_error": ("generalException", "An error has occurred."),
}


def token(call: Call, account: Account, tenant: str) -> Answer:
    return microsoft.token(call, account, tenant, resource=RESOURCE)


def audit_logs(call: Call, account: Account, name: str) -> Answer:
    account.check_token(call.bearer(), call.now)
    if name not in TIMES:
        raise Refused("not_found", name)
    return _listed(call, account, name, account.log(name))


def sign_ins_of_a_kind(call: Call, account: Account) -> Answer:
    account.check_token(call.bearer(), call.now)
    kind = KIND.search(call.query.get("$filter", ""))
    if kind is not None and kind[2] not in KINDS:
        raise Refused("bad_request", kind[0])
    return _listed(
        call, account, "signIns", account.log(KINDS[kind[2] if kind else "interactiveUser"])
    )


def _listed(call: Call, account: Account, name: str, log: Log) -> Answer:
    limit = call.number("$top", 1_000, 1, 1_000)
    order = call.query.get("$orderby", f"{TIMES[name]} desc").split()
    if order[0] != TIMES[name] or order[1:] not in ([], ["asc"], ["desc"]):
        raise Refused("bad_request", "$orderby")
    if skip := call.query.get("$skiptoken"):
        first, end = cursors.read(skip, 2)
    else:
        since, until = _window(call.query.get("$filter", ""), TIMES[name])
        first, end = account.range(call, log, since, until)
    ordered = account.descending if order[1:] == ["desc"] else account.ascending
    page = ordered(call, log, (first, end), limit)
    version = call.path.split("/")[1]
    before = f'{{"@odata.context":"{call.base}/{version}/$metadata#auditLogs/{name}"'
    if page.next:
        query = dict(call.query) | {"$skiptoken": cursors.written(*page.next)}
        before += f',"@odata.nextLink":"{call.base}{call.path}?{urlencode(query)}"'
    return Answer(body=joined(page.lines, f'{before},"value":[', "]}"), served=page.served)


def _window(text: str, time: str) -> tuple[int | None, int | None]:
    since, until = None, None
    if text and not COMPARISON.search(text) and not KIND.search(text):
        raise Refused("bad_request", text)
    for name, operator, moment in COMPARISON.findall(text):
        if name != time:
            raise Refused("bad_request", name)
        try:
            # Moments here are whole milliseconds.
            value = parsed(moment)
        except ValueError:
            raise Refused("bad_request", moment) from None
        if operator in ("ge", "gt", "eq"):
            since = max(since or 0, value + (operator == "gt"))
        if operator in ("le", "lt", "eq"):
            until = min(until or 1 << 45, value + (operator != "lt"))
    return since, until


def refuse(refused: Refused, call: Call) -> Answer:
    if refused.why == "bad_credentials":
        return microsoft.refuse_sign_in(refused)
    code, message = ERRORS[refused.why]
    inner = {"date": iso_plain(call.now), "request-id": f"{call.now:x}"}
    error = {"code": code, "message": message.format(refused.detail), "innerError": inner}
    return plain_refusal(refused, {"error": error})


def credentials(account: Account, base: str) -> dict[str, Any]:
    return microsoft.credentials(account, base, RESOURCE)


LIMIT = Limit(5, 10)
LAG = Lag(5 * MINUTE, 2 * HOUR)
PROVIDER = Provider(
    name="entra_id",
    streams={
        "signIns": Stream(shape.SIGN_IN, LAG, look_back=30 * DAY, share=3),
        "signIns.nonInteractiveUser": Stream(
            shape.QUIET_SIGN_IN, LAG, look_back=30 * DAY, share=0.25
        ),
        "signIns.servicePrincipal": Stream(
            shape.PROGRAM_SIGN_IN, LAG, look_back=30 * DAY, share=0.25
        ),
        "directoryAudits": Stream(shape.AUDIT, LAG, look_back=30 * DAY, uids=shape.audit_uids),
    },
    routes=(
        Route.of("POST", "/{tenant}/oauth2/v2.0/token", token, kind="sign_in"),
        Route.of("GET", "/v1.0/auditLogs/{name}", audit_logs, limit=LIMIT),
        Route.of("GET", "/beta/auditLogs/signIns", sign_ins_of_a_kind, limit=LIMIT),
    ),
    credentials=credentials,
    refuse=refuse,
    cursor=lambda call: call.query.get("$skiptoken", ""),
    token_seconds=microsoft.TOKEN_SECONDS,
)
