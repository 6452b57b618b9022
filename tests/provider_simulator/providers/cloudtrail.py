"""AWS CloudTrail of one account and region: `LookupEvents`; and a trail's files, announced by SQS.

The same address answers for CloudTrail and SQS, which the target of a call tells apart, and for S3.

Pages of the provider's documentation that this follows:

- "LookupEvents" (docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html): a
  JSON 1.1 call with `X-Amz-Target`; `StartTime`, `EndTime` (seconds since 1970), `MaxResults` of at
  most 50, `NextToken`; newest first; management events of the last 90 days; two calls a second for
  each account and region, else `ThrottlingException`. Errors `InvalidMaxResultsException`,
  `InvalidNextTokenException`, `InvalidTimeRangeException`.
- "Signature Version 4 for API requests" (docs.aws.amazon.com/IAM/latest/UserGuide/
  reference_sigv.html): the signature is checked, and that it is not older than five minutes.
- "Common errors": `UnrecognizedClientException`, `InvalidSignatureException`,
  `ExpiredTokenException`, `ServiceUnavailable`.
- CloudTrail User Guide, "How CloudTrail works": about five minutes on average, not guaranteed.
"""

import json
import re
from typing import Any

from provider_simulator import aws_signature, cursors, trail
from provider_simulator.account import Account
from provider_simulator.clock import DAY, HOUR, MINUTE, SECOND
from provider_simulator.exchange import Answer, Call, Refused, joined, json_answer
from provider_simulator.limits import Limit
from provider_simulator.provider import Provider, Route, Stream, status_of
from provider_simulator.shapes import cloudtrail as shape
from provider_simulator.timeline import Lag

REGION = "us-east-1"
TARGET = "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.LookupEvents"
ERRORS = {
    "bad_credentials": ("InvalidSignatureException", "The request signature does not match."),
    "unauthorized": ("ExpiredTokenException", "The security token included is expired."),
    "forbidden": ("AccessDeniedException", "Not authorized to perform cloudtrail:LookupEvents."),
    "not_found": ("UnknownOperationException", ""),
    "expired_cursor": ("InvalidNextTokenException", "Invalid NextToken."),
    "too_many": ("ThrottlingException", "Rate exceeded"),
    "server_error": ("InternalFailure", "An internal error occurred."),
}


def api(call: Call, account: Account) -> Answer:
    target = call.headers.get("X-Amz-Target", "")
    if target == TARGET:
        return lookup_events(call, account)
    if target not in ("AmazonSQS.ReceiveMessage", "AmazonSQS.DeleteMessage"):
        raise Refused("not_found")
    aws_signature.check(call, *access_key(account), f"{REGION}/sqs")
    if call.json().get("QueueUrl") != queue_url(account, call.base):
        raise Refused("bad_request", "QueueDoesNotExist")
    if target.endswith("DeleteMessage"):
        return trail.delete(call, account)
    return trail.receive(call, account, account.log("management"), REGION)


def log_file(call: Call, account: Account, key: str) -> Answer:
    aws_signature.check(call, *access_key(account), f"{REGION}/s3")
    return trail.file(call, account, account.log("management"), key)


def lookup_events(call: Call, account: Account) -> Answer:
    key_id, secret = access_key(account)
    aws_signature.check(call, key_id, secret, f"{REGION}/cloudtrail")
    asked = call.json()
    limit = asked.get("MaxResults", 50)
    if not isinstance(limit, int) or not 1 <= limit <= 50:
        raise Refused("bad_request", "InvalidMaxResultsException")
    log = account.log("management")
    if following := asked.get("NextToken"):
        try:
            first, end = cursors.read(str(following), 2)
        except Refused:
            raise Refused("expired_cursor") from None
    else:
        since, until = _moment(asked, "StartTime"), _moment(asked, "EndTime")
        if since is not None and until is not None and since > until:
            raise Refused("bad_request", "InvalidTimeRangeException")
        # Events up to and with the second of the end.
        first, end = account.range(call, log, since, None if until is None else until + SECOND)
    page = account.descending(call, log, (first, end), limit)
    events = [_event(line) for line in page.lines]
    after = f'],"NextToken":"{cursors.written(*page.next)}"}}' if page.next else "]}"
    return Answer(
        body=joined(events, '{"Events":[', after),
        content_type="application/x-amz-json-1.1",
        served=page.served,
    )


def _event(line: bytes) -> bytes:
    """Return a record as LookupEvents wraps it: some of its fields, and the record as text."""
    record = json.loads(line)
    wrapped = {
        "EventId": record["eventID"],
        "EventName": record["eventName"],
        "ReadOnly": str(record["readOnly"]).lower(),
        "EventTime": shape.seconds(record["eventTime"]),
        "EventSource": record["eventSource"],
        "Username": record["userIdentity"].get("userName", ""),
        "Resources": [],
        "CloudTrailEvent": line.decode(),
    }
    return json.dumps(wrapped).encode()


def _moment(asked: dict[str, Any], name: str) -> int | None:
    value = asked.get(name)
    if value is None:
        return None
    if not isinstance(value, int | float):
        raise Refused("bad_request", "SerializationException")
    return round(value) * SECOND


def access_key(account: Account) -> tuple[str, str]:
    return f"AKIA{account.secret('access key id')[:16].upper()}", account.secret("secret key")


def refuse(refused: Refused, call: Call) -> Answer:
    if refused.why == "bad_request":
        kind, message = refused.detail.partition(" ")[0], refused.detail
    else:
        kind, message = ERRORS[refused.why]
    kind = refused.detail if refused.detail.endswith("Exception") else kind
    status = 500 if refused.why == "server_error" else 400
    status = status_of(refused) if status == 500 else status
    # Throttling is a 400, and nothing says how long to wait.
    answer = json_answer({"__type": kind, "message": message}, status)
    answer.content_type = "application/x-amz-json-1.1"
    answer.headers["x-amzn-ErrorType"] = kind
    return answer


def queue_url(account: Account, base: str) -> str:
    return f"{base}/{account.log('management').series.digits:012}/trail"


def credentials(account: Account, base: str) -> dict[str, Any]:
    key_id, secret = access_key(account)
    return {
        "base_url": base,
        "region": REGION,
        "access_key_id": key_id,
        "secret_access_key": secret,
        "queue_url": queue_url(account, base),
        # Another name of the same host: each service has an address of its own.
        "s3_url": re.sub(r"(http://)127\.0\.0\.1(:\d+).*", r"\1localhost\2", base),
        "account_id": f"{account.log('management').series.digits:012}",
    }


def _is_lookup(call: Call) -> bool:
    return call.headers.get("X-Amz-Target") == TARGET


PROVIDER = Provider(
    name="cloudtrail",
    streams={"management": Stream(shape.RECORD, Lag(5 * MINUTE, 2 * HOUR), look_back=90 * DAY)},
    routes=(
        Route.of("POST", "/", api, limit=Limit(calls=2, seconds=1)),
        Route("GET", re.compile("/(AWSLogs/.+)"), log_file, pages=False),
    ),
    # Of the queue none is known that one reader could reach.
    limit=lambda call, route: route.limit if _is_lookup(call) else None,
    credentials=credentials,
    refuse=refuse,
    cursor=lambda call: str(call.json().get("NextToken") or "") if _is_lookup(call) else "",
)
