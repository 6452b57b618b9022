"""What `antipode status` says of hours that hold too little."""

from datetime import UTC, datetime

import pytest

from antipode.commands.status import details
from collectors.completeness import Band, Judged
from collectors.gaps import Tries
from collectors.outcome import AccountKey
from collectors.status import Status

HOUR = datetime(2026, 10, 3, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("times", "said"),
    [(0, "not read again yet"), (1, "read again once"), (2, "read again 2 times")],
)
def test_how_often_it_was_read_again_is_told_in_words(times: int, said: str) -> None:
    gap = Judged(HOUR, 3, Band(90, 120), "gap", None)
    reread = {HOUR: Tries(times, HOUR)} if times else {}
    (line,) = details(Status(AccountKey("acme", "okta"), {}, [gap], reread))
    assert line.endswith(f" 2026-10-03 07:00 UTC: 3 events, 90 to 120 expected; {said}")
