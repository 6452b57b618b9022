"""Where the time goes: seconds by stage."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Stages:
    """Adds up the seconds of named stages, by a clock of one's choice."""

    seconds: dict[str, float] = field(default_factory=dict)
    clock: Callable[[], float] = time.monotonic

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        started = self.clock()
        try:
            yield
        finally:
            spent = self.clock() - started
            self.seconds[name] = round(self.seconds.get(name, 0.0) + spent, 3)
