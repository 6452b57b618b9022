"""Salesforce: sign-ins by SOQL on LoginHistory, everything else in hourly event log files.

Pages of the provider's documentation that this follows (developer.salesforce.com/docs):

- REST API Developer Guide, "Query": `totalSize`, `done`, `nextRecordsUrl`; 2,000 records a page
  unless the header `Sforce-Query-Options: batchSize=` (200 to 2,000) says less;
  `INVALID_QUERY_LOCATOR` for a cursor that is gone (two days).
- "API Request Limits and Allocations": so many calls in 24 hours; `Sforce-Limit-Info`; 403
  `REQUEST_LIMIT_EXCEEDED`.
- Object Reference, "LoginHistory" (six months) and "EventLogFile": `EventType`, `LogDate` (the
  hour), `Interval`, `Sequence`, `CreatedDate`, `LogFile`. Event Monitoring: an hourly file comes
  three to six hours after its hour, late events in a file of the same hour with the next
  `Sequence`, up to days later; kept 30 days.
- "Status Codes and Error Responses": a list with `errorCode` and `message`.
"""

import base64
import json
import re
from typing import Any

from provider_simulator import cursors, salesforce_sign_in, soql
from provider_simulator.account import Account
from provider_simulator.clock import DAY, HOUR, MINUTE, SECOND, iso_plain
from provider_simulator.exchange import Answer, Call, Refused, Served, joined, json_answer
from provider_simulator.limits import Limit, Usage
from provider_simulator.log_files import LOG_FILES, LogFile
from provider_simulator.provider import Provider, Route, Stream, plain_refusal
from provider_simulator.shapes import salesforce as shape
from provider_simulator.timeline import Lag

BATCH = re.compile(r"batchSize=(\d+)")
LOCATOR_LIFE = 2 * DAY
OF_FILES = "-q-"  # in the locator of a list of files
ERRORS = {
    "unauthorized": ("INVALID_SESSION_ID", "Session expired or invalid"),
    "forbidden": ("API_DISABLED_FOR_ORG", "The REST API is not enabled for this Organization."),
    "not_found": ("NOT_FOUND", "The requested resource does not exist"),
    "expired_cursor": ("INVALID_QUERY_LOCATOR", "invalid query locator"),
    "too_many": ("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded."),
    "server_error": ("UNKNOWN_EXCEPTION", "An unexpected error occurred."),
}


def query(call: Call, account: Account, version: str) -> Answer:
    account.check_token(call.bearer(), call.now)
    asked = soql.read(call.query.get("q", ""))
    match asked.object.lower():
        case "loginhistory":
            log = account.log("LoginHistory")
            first, end = account.range(call, log, *asked.window("LoginTime"))
            return _logins(call, account, version, (first, end), asked.descending, asked.fields)
        case "eventlogfile":
            return _log_files(call, account, version, asked, call.now, 0)
    raise Refused("bad_request", f"INVALID_TYPE: sObject type '{asked.object}' is not supported.")


def query_more(call: Call, account: Account, version: str, locator: str) -> Answer:
    account.check_token(call.bearer(), call.now)
    if OF_FILES in locator:
        return _more_log_files(call, account, version, locator)
    text, _, names = locator.rpartition("-f-")
    try:
        written, descending, total, first, end = cursors.read(text, 5)
    except Refused:
        raise Refused("expired_cursor") from None
    if call.now >= written + LOCATOR_LIFE:
        raise Refused("expired_cursor")
    fields = names.split(".")
    return _logins(call, account, version, (first, end), bool(descending), fields, total)


def _logins(
    call: Call,
    account: Account,
    version: str,
    numbers: tuple[int, int],
    descending: bool,
    fields: Any,
    total: int | None = None,
) -> Answer:
    log = account.log("LoginHistory")
    asked = BATCH.search(call.headers.get("Sforce-Query-Options", ""))
    limit = min(2_000, max(200, int(asked[1]))) if asked else 2_000
    ordered = account.descending if descending else account.ascending
    page = ordered(call, log, numbers, limit)
    if total is None:
        total = len(log.timeline.by_time(*numbers, call.now, 1 << 40).numbers)
    before = f'{{"totalSize":{total},"done":{"false" if page.next else "true"},'
    if page.next:
        locator = (
            f"{cursors.written(call.now, int(descending), total, *page.next)}-f-{'.'.join(fields)}"
        )
        before += f'"nextRecordsUrl":"/services/data/{version}/query/{locator}",'
    lines = [_record("LoginHistory", json.loads(line), version, fields) for line in page.lines]
    return Answer(body=joined(lines, f'{before}"records":[', "]}"), served=page.served)


def _record(kind: str, found: dict[str, Any], version: str, fields: Any) -> bytes:
    known = {name.lower(): name for name in found}
    url = f"/services/data/{version}/sobjects/{kind}/{found['Id']}"
    record: dict[str, Any] = {"attributes": {"type": kind, "url": url}}
    for name in fields:
        if name.lower() not in known:
            raise Refused("bad_request", f"INVALID_FIELD: No such column '{name}' on '{kind}'.")
        record[known[name.lower()]] = found[known[name.lower()]]
    return json.dumps(record, separators=(",", ":")).encode()


def _more_log_files(call: Call, account: Account, version: str, locator: str) -> Answer:
    text, _, encoded = locator.partition(OF_FILES)
    try:
        written, done = cursors.read(text, 2)
        asked = soql.read(base64.urlsafe_b64decode(encoded).decode())
    except (Refused, ValueError):
        raise Refused("expired_cursor") from None
    if call.now >= written + LOCATOR_LIFE:
        raise Refused("expired_cursor")
    return _log_files(call, account, version, asked, written, done)


def _log_files(
    call: Call, account: Account, version: str, asked: soql.Query, asked_at: int, done: int
) -> Answer:
    """Return the files that there were at `asked_at`, without those `done` before."""
    files = _found(account, asked, asked_at)
    reached = done if call.empty_page else min(len(files), done + 2_000)
    lines = [
        _record("EventLogFile", _described(kind, file, version), version, asked.fields)
        for kind, file in files[done:reached]
    ]
    finished = reached == len(files)
    before = f'{{"totalSize":{len(files)},"done":{"true" if finished else "false"},'
    if not finished:
        encoded = base64.urlsafe_b64encode(asked.text.encode()).decode()
        locator = f"{cursors.written(asked_at, reached)}{OF_FILES}{encoded}"
        before += f'"nextRecordsUrl":"/services/data/{version}/query/{locator}",'
    # Of a list nothing is booked; it stands among the logs for the sake of faults.
    return Answer(body=joined(lines, f'{before}"records":[', "]}"), served=[Served("files", [])])


def _found(account: Account, asked: soql.Query, now: int) -> list[tuple[str, LogFile]]:
    created, about = asked.window("CreatedDate"), asked.window("LogDate")
    since = max(about[0] or 0, (created[0] or 0) - LOG_FILES.longest - 72 * HOUR, now - 30 * DAY)
    wanted, intervals = asked.values("EventType"), asked.values("Interval")
    found: list[tuple[str, LogFile]] = []
    for kind in shape.FILES:
        if (wanted is None or kind in wanted) and (intervals is None or "Hourly" in intervals):
            log = account.log(kind)
            files = LOG_FILES.listed(log.timeline, since, about[1] or now, now)
            found += [(kind, file) for file in files]
    found = [
        (kind, file)
        for kind, file in found
        if (created[0] or 0) <= file.created // SECOND * SECOND < (created[1] or 1 << 45)
    ]
    by_created = asked.order_by.lower() == "createddate"
    found.sort(key=lambda of: of[1].created if by_created else of[1].hour, reverse=asked.descending)
    return found[: asked.limit]


def _described(kind: str, file: LogFile, version: str) -> dict[str, Any]:
    place = list(shape.FILES).index(kind)
    identity = f"0AT{cursors.written(place, file.hour, file.created)}"
    return {
        "Id": identity,
        "EventType": kind,
        "LogDate": f"{iso_plain(file.hour)}.000+0000",
        "CreatedDate": f"{iso_plain(file.created)}.000+0000",
        "Interval": "Hourly",
        "Sequence": file.sequence,
        "LogFileLength": float(file.rows * shape.ROW_LENGTH),
        "LogFileContentType": "text/csv",
        "LogFile": f"/services/data/{version}/sobjects/EventLogFile/{identity}/LogFile",
        "ApiVersion": 60.0,
    }


def log_file(call: Call, account: Account, _version: str, identity: str) -> Answer:
    account.check_token(call.bearer(), call.now)
    try:
        place, hour, created = cursors.read(identity.removeprefix("0AT"), 3)
    except Refused:
        raise Refused("not_found") from None
    log = account.log(list(shape.FILES)[place])
    if not call.now - 30 * DAY <= created <= call.now:
        raise Refused("not_found")
    page = log.page(LOG_FILES.events(log.timeline, hour, created), None)
    body = shape.HEADER + b"".join(line + b"\n" for line in page.lines)
    return Answer(body=body, content_type="text/csv", served=page.served)


def refuse(refused: Refused, call: Call) -> Answer:
    if refused.why == "bad_credentials":
        document = {"error": "invalid_grant", "error_description": refused.detail}
        return json_answer(document, 400)
    code, message = ERRORS.get(refused.why, ("", ""))
    if refused.why == "bad_request":
        code, _, message = refused.detail.partition(": ")
    answer = plain_refusal(refused, [{"errorCode": code, "message": message}])
    if refused.why == "too_many":
        answer.status = 403
        # Nothing says when calls are let through again.
        answer.headers.pop("Retry-After")
    return answer


def limit_headers(usage: Usage, call: Call) -> dict[str, str]:
    used = usage.limit.calls - max(0, usage.remaining)
    return {"Sforce-Limit-Info": f"api-usage={used}/{usage.limit.calls}"}


DATA = "/services/data/{version}"
LIMIT = Limit(calls=15_000, seconds=86_400)
FILES = {
    name: Stream(
        template,
        Lag(20 * MINUTE, 72 * HOUR),
        look_back=30 * DAY,
        batches=LOG_FILES,
        uids=shape.row_uids,
    )
    for name, template in shape.FILES.items()
}
PROVIDER = Provider(
    name="salesforce",
    streams={
        "LoginHistory": Stream(
            shape.LOGIN_HISTORY, Lag(MINUTE, 2 * HOUR), look_back=183 * DAY, uids=shape.login_uids
        ),
        **FILES,
    },
    routes=(
        Route.of("POST", "/services/oauth2/token", salesforce_sign_in.token, kind="sign_in"),
        Route.of("GET", f"{DATA}/query", query, limit=LIMIT),
        Route.of("GET", f"{DATA}/query/{{locator}}", query_more, limit=LIMIT),
        Route.of(
            "GET",
            f"{DATA}/sobjects/EventLogFile/{{id}}/LogFile",
            log_file,
            limit=LIMIT,
            pages=False,
        ),
    ),
    credentials=salesforce_sign_in.credentials,
    refuse=refuse,
    cursor=lambda call: call.path.partition("/query/")[2],
    limit_headers=limit_headers,
    token_seconds=7_200,
)
