"""What an answer means for whoever asked: use it, ask again, sign in anew, or give up."""

from collections.abc import Collection
from enum import Enum

from collectors.response import Response


class Verdict(Enum):
    """What is to be done about an answer."""

    USE = "use"
    AGAIN = "again"  # later
    SIGN_IN = "sign in"  # with a new token, at once
    SKIP = "skip"  # it is not there
    STOP = "stop"  # a person has to act


def verdict(answer: Response, expected: Collection[int]) -> Verdict:
    """Judge an answer by its status, and by whether it can come from the API at all."""
    status = answer.status
    if status in expected:
        return Verdict.USE
    if status in (408, 425, 429) or status >= 500:
        return Verdict.AGAIN
    if status == 401:
        return Verdict.SIGN_IN
    # Throttled, says who answers 403 and when to come back.
    if status == 403 and "retry-after" in answer.headers:
        return Verdict.AGAIN
    if status in (404, 410):
        return Verdict.SKIP
    if status >= 300:
        return Verdict.STOP
    # A proxy's or a login page, where an API was asked, passes for success otherwise.
    if answer.headers.get("content-type", "").lower().startswith("text/html"):
        return Verdict.AGAIN
    return Verdict.USE
