"""Up to which time an account was read: of its streams, the one that is furthest behind.

The metric of an account is as old as its oldest stream, so that one that is stuck shows however
well the others go. A process that has not read a stream yet goes by its position in the lake.
"""

import threading
from datetime import datetime

from collectors import metrics
from collectors.outcome import AccountKey


class Freshness:
    """The streams of one account, as one process knows them."""

    def __init__(self) -> None:
        """Know nothing."""
        self._until: dict[str, datetime] = {}
        self._alone = threading.Lock()

    def note(self, stream: str, until: datetime | None, began: datetime) -> None:
        """Note a run of a stream. `until`: up to when it read; `began`: where it was before."""
        with self._alone:
            known = self._until.get(stream)
            if until is None:
                self._until[stream] = known or began
            else:
                self._until[stream] = max(until, known or until)

    def tell(self, key: AccountKey) -> None:
        """Set the metric of the account."""
        with self._alone:
            oldest = min(self._until.values(), default=None)
        if oldest is not None:
            labels = (key.tenant, key.source, key.name)
            metrics.FRESH.labels(*labels).set(oldest.timestamp())
