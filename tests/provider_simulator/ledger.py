"""What was served: each event's number with how often, and the answers by status."""

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from provider_simulator.exchange import Served

Log = tuple[str, str, str]  # provider, tenant, stream


class Ledger:
    """Counts what went out whole."""

    def __init__(self) -> None:
        self._times: dict[Log, NDArray[np.uint8]] = {}
        self.answers: Counter[tuple[str, int]] = Counter()
        self.served = 0  # different events
        self.repeated = 0  # events beyond the first time each

    def mark(self, provider: str, tenant: str, served: Served) -> None:
        if not served.numbers:
            return
        log, numbers = (provider, tenant, served.stream), np.array(served.numbers)
        times = self._times.get(log, np.zeros(0, np.uint8))
        if (size := int(numbers.max()) + 1) > len(times):
            times = np.concatenate((times, np.zeros(size + size // 4 - len(times), np.uint8)))
        before = times[numbers]
        new = int(np.count_nonzero(before == 0))
        self.served += new
        self.repeated += len(numbers) - new
        times[numbers] = np.minimum(before, 254) + 1
        self._times[log] = times

    def logs(self) -> list[Log]:
        """The logs of which something was served."""
        return sorted(self._times)

    def numbers(self, log: Log) -> list[int]:
        """The events of a log that were served at least once."""
        found: list[int] = np.flatnonzero(self._times.get(log, np.zeros(0))).tolist()
        return found
