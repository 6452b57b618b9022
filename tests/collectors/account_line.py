"""An account at a scripted server, whose remedies and origins a test can set."""

import random
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from scripted_log import ScriptedLog
from stepping_clock import SteppingClock

from collectors.budget import Budget
from collectors.contract import Limits, Quota, SignIn, Stream
from collectors.exchange import Line
from collectors.http import AccountHttp
from collectors.sign_in import NoSignIn
from collectors.told import Told
from collectors.transport import Connections

NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)
OPEN = NoSignIn()
LIMITS = Limits(6000, timedelta(minutes=1), Quota())


class Account(ScriptedLog):
    """A collector whose remedies and origins a test can set."""

    remedies: ClassVar[dict[int, str]] = {}
    origins: tuple[str, ...] = ()

    def remedy(self, status: int, body: bytes) -> str | None:
        return self.remedies.get(status)

    def busy(self, status: int, body: bytes) -> bool:
        return b"AF429" in body


def open_http(
    address: str,
    clock: SteppingClock,
    connections: Connections,
    limits: Limits = LIMITS,
    sign_in: SignIn = OPEN,
) -> AccountHttp:
    line = Line(
        "acme", "x", connections, Budget(limits, 0.5), clock, Told(tenant="acme"), random.Random(1)
    )
    return AccountHttp(line, Account(clock, Stream("log"), sign_in=sign_in), address)
