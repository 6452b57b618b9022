"""A trail of CloudTrail: its log files, and an SQS queue that announces them.

A file holds what CloudTrail got to know within five minutes. It is written at their end, one in
five up to half an hour later; one in eight is announced twice, as a standard queue may do. What
is received is hidden for as long as was asked for, then comes again unless it was deleted.

Pages of the provider's documentation that this follows: AWS CloudTrail User Guide, "CloudTrail log
file examples" (names, gzip, `Records`), "Finding your CloudTrail log files"; Amazon S3, "Event
message structure"; Amazon SQS Developer Guide, "Standard queues" (at least once, no order),
"Visibility timeout", "Message retention period"; SQS API Reference, "ReceiveMessage",
"DeleteMessage" (JSON protocol).
"""

import gzip
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from provider_simulator.account import Account, Log
from provider_simulator.clock import DAY, MINUTE, SECOND, iso_plain
from provider_simulator.exchange import Answer, Call, Refused, json_answer
from provider_simulator.hashing import mixed_one

LENGTH, LATEST = 5 * MINUTE, 30 * MINUTE
KEPT = 14 * DAY  # of a message that nobody deletes
TWICE = 8  # of so many files one is announced twice
NAME = re.compile(r".*_(\d+)\.json\.gz")


@dataclass
class Queue:
    """What became of messages; a message is a file's number and which of its announcements."""

    deleted: set[tuple[int, int]] = field(default_factory=set)
    hidden: dict[tuple[int, int], int] = field(default_factory=dict)  # until when


def of(account: Account) -> Queue:
    found = account.memory.setdefault("queue", Queue())
    assert isinstance(found, Queue)
    return found


def receive(call: Call, account: Account, log: Log, region: str) -> Answer:
    """Hand out some of the messages that can be seen now."""
    asked, queue = call.json(), of(account)
    most, seconds = asked.get("MaxNumberOfMessages", 1), asked.get("VisibilityTimeout", 30)
    if not 1 <= most <= 10 or not 0 <= seconds <= 43_200:
        raise Refused("bad_request", "InvalidParameterValueException")
    found: list[dict[str, str]] = []
    for message in [] if call.empty_page else _visible(queue, log, call.now):
        if len(found) == most:
            break
        queue.hidden[message] = call.now + seconds * SECOND
        number, copy = message
        handle = f"{number}:{copy}:{call.now}"
        body = json.dumps(_announced(account, log, region, number))
        found.append({"MessageId": f"{number}-{copy}", "ReceiptHandle": handle, "Body": body})
    return json_answer({"Messages": found} if found else {})


def delete(call: Call, account: Account) -> Answer:
    number, copy, _ = str(call.json().get("ReceiptHandle")).split(":")
    of(account).deleted.add((int(number), int(copy)))
    return json_answer({})


def file(call: Call, account: Account, log: Log, key: str) -> Answer:
    """Return a log file; there is none before it was written."""
    named = NAME.fullmatch(key)
    number = int(named[1]) if named else -1
    if number < 0 or _written(log, number) > call.now:
        raise Refused("not_found", key)
    begin = number * LENGTH
    found = log.timeline.by_publication((begin, -1), begin + LENGTH - 1, 1 << 40)
    page = log.page(found, None)
    body = gzip.compress(b'{"Records":[' + b",".join(page.lines) + b"]}", mtime=0)
    headers = {"Content-Encoding": "gzip"} if number % 2 else {}
    return Answer(body=body, headers=headers, served=page.served)


def _visible(queue: Queue, log: Log, now: int) -> Iterator[tuple[int, int]]:
    first = max(log.timeline.origin, now - KEPT) // LENGTH
    # In no order: the oldest first in one part of the queue, the newest first in the other.
    numbers = list(range(first, now // LENGTH))
    for number in [*numbers[::2], *numbers[1::2][::-1]]:
        if _written(log, number) > now:
            continue
        for copy in range(2 if _chance(log, number) % TWICE == 0 else 1):
            message = number, copy
            if message not in queue.deleted and queue.hidden.get(message, 0) <= now:
                yield message


def _announced(account: Account, log: Log, region: str, number: int) -> dict[str, Any]:
    owner = f"{log.series.digits:012}"
    day = iso_plain(number * LENGTH)[:10].replace("-", "/")
    key = (
        f"{account.tenant}/AWSLogs/{owner}/CloudTrail/{region}/{day}/"
        f"{owner}_CloudTrail_{region}_{number}.json.gz"
    )
    # The provider's name in the address of the simulator stands for the bucket.
    s3 = {"bucket": {"name": account.provider.name}, "object": {"key": key}}
    return {"Records": [{"eventSource": "aws:s3", "eventName": "ObjectCreated:Put", "s3": s3}]}


def _written(log: Log, number: int) -> int:
    chance = _chance(log, number)
    late = (chance >> 8) % LATEST if chance % 5 == 0 else 0
    return (number + 1) * LENGTH + late


def _chance(log: Log, number: int) -> int:
    return mixed_one(log.timeline.key ^ 0xF11E, number)
