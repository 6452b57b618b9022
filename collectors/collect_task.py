"""The task `collect`: one account is collected, then whoever takes its streams in is told."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from collectors.account_run import Asked
from collectors.clock import Clock
from collectors.collecting import Collecting
from collectors.contract import Stream
from collectors.live_configuration import LiveConfiguration
from collectors.outcome import AccountKey, Outcome, in_words
from collectors.store import Store
from collectors.told import Told
from lake.streams import Stream as LakeStream

LOOK = timedelta(minutes=10)  # between two looks for what waits, though nothing new came

Tell = Callable[[LakeStream], None]


class CollectTask:
    """Collects accounts in one process. `tell` sends word of a stream that has something new."""

    def __init__(
        self,
        collecting: Collecting,
        accounts: LiveConfiguration,
        store: Store,
        clock: Clock,
        longest: timedelta,
        tell: Tell,
    ) -> None:
        """Send nothing yet. `longest`: after which a run ends and leaves the rest to the next."""
        self._collecting, self._accounts, self._store = collecting, accounts, store
        self._clock, self._longest, self._tell = clock, longest, tell
        self._looked: dict[AccountKey, datetime] = {}
        self._running: set[AccountKey] = set()

    def run(self, key: AccountKey, redelivered: bool) -> None:
        """Collect an account. `redelivered`: somebody had begun, and did not end.

        Whatever goes wrong is logged and not raised: the next run goes on where this one was. An
        account that this very process is at is left alone: its lease only keeps others off.
        """
        if key in self._running:
            return
        self._running.add(key)
        try:
            self._run(key, redelivered)
        finally:
            self._running.discard(key)

    def _run(self, key: AccountKey, redelivered: bool) -> None:
        told = Told(tenant=key.tenant, source=key.source, account=key.name)
        now = self._clock.now()
        # Forgotten until all went well: whoever fails half-way may have stored something.
        looked = self._looked.pop(key, None)
        look = redelivered or looked is None or now - looked >= LOOK
        try:
            self._collecting.configuration = self._accounts.current()
            outcome = self._collecting.collect(key, Asked(deadline=now + self._longest))
            streams = self._waiting(key) if look else _new(key, outcome)
            for stream in streams:
                self._tell(stream)
        except Exception as error:
            told.error("not collected", error=type(error).__name__, what=in_words(error))
            return
        self._looked[key] = now if look or looked is None else looked

    def _waiting(self, key: AccountKey) -> Iterable[LakeStream]:
        """Yield the streams of which something waits, also what was stored by somebody killed."""
        for stream in self._store.raw.streams(key.tenant, key.source):
            if self._store.raw.pending(stream):
                yield stream


def _new(key: AccountKey, outcome: Outcome) -> Iterable[LakeStream]:
    return (key.stream(Stream(one.stream)) for one in outcome.streams if one.objects)
