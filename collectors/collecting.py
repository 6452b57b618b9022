"""Collects accounts: one, as a Celery task asks for it, or all, as `antipode collect` does.

Nothing here knows of Celery, gevent or the tables. Pools of threads are made where work waits for
the network; in a process that gevent has patched they are greenlets, elsewhere threads.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import replace

from collectors import registry
from collectors.account_run import AccountRuns, Asked
from collectors.clock import Clock, SystemClock
from collectors.configuration import Configuration, Configured
from collectors.gaps import Gaps
from collectors.outcome import AccountKey, Outcome, StreamOutcome, in_words
from collectors.standing import Standings
from collectors.store import Store
from collectors.transport import Connections, Transport

Progress = Callable[[int, int], None]  # accounts done, in all


class Collecting:
    """What a process needs to collect. Make one and keep it: it holds connections and tokens."""

    def __init__(
        self,
        configuration: Configuration,
        store: Store,
        transport: Transport | None = None,
        clock: Clock | None = None,
    ) -> None:
        """Send nothing yet."""
        self.configuration = configuration
        self._standings, self._gaps = Standings(store.objects), Gaps(store.objects)
        self._clock = clock or SystemClock()
        self._runs = AccountRuns(store.raw, store.objects, transport or Connections(), self._clock)

    def collect(self, key: AccountKey, asked: Asked) -> Outcome:
        """Collect one account: what is new, then what was found missing.

        What goes wrong with the account is told in the outcome; what goes wrong with the lake is
        raised. Raises UsageError when the configuration has no such account.
        """
        account = self.configuration.account(key)
        provider = registry.load(key.source)
        now = self._clock.now()
        missing = self._gaps.due(key, provider.collector(account).streams, now)
        again = replace(asked, again=(*asked.again, *missing))
        outcome = self._runs.run(key, account, provider.collector, again)
        self._standings.note(outcome, now)
        self._gaps.note(key, missing, outcome, now)
        return outcome

    def collect_all(
        self,
        chosen: Sequence[Configured],
        asked: Asked,
        width: int,
        progress: Progress = lambda done, total: None,
    ) -> list[Outcome]:
        """Collect accounts, `width` side by side; return their outcomes in the same order."""
        with ThreadPoolExecutor(width) as pool:
            running = [pool.submit(self._told, one.key, asked) for one in chosen]
            for done, _ in enumerate(as_completed(running), start=1):
                progress(done, len(running))
        return [future.result() for future in running]

    def _told(self, key: AccountKey, asked: Asked) -> Outcome:
        """Collect an account; trouble with the lake, too, is told: others may have none."""
        try:
            return self.collect(key, asked)
        except Exception as error:
            failed = StreamOutcome("*", error=type(error).__name__, detail=in_words(error))
            return Outcome(key, [failed])
