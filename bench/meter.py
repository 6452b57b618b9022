"""What a run takes: processor time and memory of this process and all that it starts."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psutil

from models.stages import Stages


class Meter:
    """Processor time and greatest memory of this process and its children.

    `every`: seconds between two looks at the memory.
    """

    def __init__(self, every: float = 0.5) -> None:
        self.process = psutil.Process()
        self.most_bytes, self.every = 0, every
        self._stop = threading.Event()
        threading.Thread(target=self._watch, daemon=True).start()

    def tree(self) -> list[psutil.Process]:
        return [self.process, *self.process.children(recursive=True)]

    def seconds(self) -> float:
        """Return the processor time used so far."""
        return self._sum(lambda process: sum(process.cpu_times()[:2]))

    def _sum(self, measure: Callable[[psutil.Process], float]) -> float:
        total = 0.0
        for process in self.tree():
            try:
                total += measure(process)
            except psutil.NoSuchProcess:
                continue
        return total

    def _watch(self) -> None:
        while not self._stop.wait(self.every):
            now = self._sum(lambda process: process.memory_info().rss)
            self.most_bytes = max(self.most_bytes, int(now))

    def stop(self) -> None:
        self._stop.set()


class BothClocks(Stages):
    """Stages that also know the processor time."""

    def __init__(self, meter: Meter) -> None:
        super().__init__()
        self.processor = Stages(clock=meter.seconds)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        with super().stage(name), self.processor.stage(name):
            yield
