"""The one place of this package where the time is asked and passes; everything else is told it."""

import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the time and lets it pass."""

    def now(self) -> datetime:
        """Return the time, UTC."""
        ...

    def sleep(self, seconds: float) -> None:
        """Return that much later."""
        ...


class SystemClock:
    """The machine's clock. Under gevent others go on while one sleeps."""

    def now(self) -> datetime:
        """Return the time, UTC."""
        return datetime.now(UTC)

    def sleep(self, seconds: float) -> None:
        """Return that much later."""
        time.sleep(seconds)
