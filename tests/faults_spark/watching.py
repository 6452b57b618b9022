"""A reader who looks at tables all the time, and notes when one is neither old nor new."""

import threading
from collections.abc import Sequence
from types import TracebackType

from faults_spark.tables import ORDER, State, Tables, same

EVERY = 0.5  # seconds


class Watcher:
    """Looks until the block ends; `half_seen` names what was in no whole state, or in one before.

    `whole`: the states that the tables go through, in their order. When the block ends, the log of
    each table is gone through from its beginning: a reader sees versions and nothing else, and
    might have come at the moment of any of them.
    """

    def __init__(self, tables: Tables, whole: Sequence[State]) -> None:
        self.looked = 0
        self.half_seen: list[tuple[str, int]] = []
        self._tables, self._whole = tables, whole
        self._states: dict[tuple[str, int], list[int]] = {}  # of a table's version, by number
        self._over = threading.Event()
        self._error: Exception | None = None
        self._thread = threading.Thread(target=self._look_on, daemon=True)

    def __enter__(self) -> "Watcher":
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._thread.join(timeout=60)
        if error is not None:
            return
        if self._error:
            raise self._error
        for name in ORDER:
            self._go_through(name)

    def _look_on(self) -> None:
        while not self._over.wait(EVERY):
            self.looked += 1
            try:
                for name in ORDER:
                    self._look(name, self._tables.version(name))
            except Exception as error:
                self._error = error  # told by who waits for the block's end
                return

    def _look(self, name: str, version: int) -> list[int]:
        """Return the numbers of the states that a version of a table is in."""
        if (name, version) not in self._states:
            rows = self._tables.at(name, version)
            self._states[name, version] = [
                number for number, state in enumerate(self._whole) if same(rows, state[name])
            ]
        return self._states[name, version]

    def _go_through(self, name: str) -> None:
        reached = 0
        for version in range(self._tables.version(name) + 1):
            states = [number for number in self._look(name, version) if number >= reached]
            if states:
                reached = states[0]
            else:
                self.half_seen.append((name, version))
