"""A clock that only moves when told, or when somebody sleeps."""

from datetime import datetime, timedelta


class SteppingClock:
    def __init__(self, start: datetime) -> None:
        self.time = start
        self.slept: list[float] = []

    def now(self) -> datetime:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += timedelta(seconds=seconds)

    def pass_(self, span: timedelta) -> None:
        self.time += span
