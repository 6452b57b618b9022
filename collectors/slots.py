"""How many spans are read side by side: bounded for each account, and over the whole process.

Each span under way holds a page or two in memory. A process that reads many accounts at a time
has enough to do while it waits: there a span more gains nothing, and would take memory for each.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock

MOST = 16  # streams and further spans of them that a process reads at a time


class Slots:
    """What may still be read beside what is read already.

    `most`   at a time; `busy` tells how many of them are taken by others.
    `above`  what must have room, too: an account's slots lie within its process's.
    """

    def __init__(
        self, most: int, busy: Callable[[], int] = lambda: 0, above: "Slots | None" = None
    ) -> None:
        """Have lent none."""
        self._most, self._busy, self._above = most, busy, above
        self._lent = 0
        self._alone = Lock()

    @contextmanager
    def lent(self, wanted: int | None = None) -> Iterator[int]:
        """Hold as many slots as are free here and above, up to `wanted`; yield how many."""
        with self._alone:
            free = self._most - self._lent - self._busy()
            free = max(0, free if wanted is None else min(wanted, free))
            self._lent += free
        try:
            if self._above is None:
                yield free
            else:
                with self._above.lent(free) as found:
                    yield found
        finally:
            with self._alone:
                self._lent -= free
