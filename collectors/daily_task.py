"""The task `daily`: the run of each day, for yesterday and for what was missed before.

It is the command `antipode backfill` in a process of its own: Spark has no place in a worker. Dates
that were done are skipped, so a message that is lost is made up for by the next day's.
"""

import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import timedelta

from collectors.clock import Clock
from collectors.told import Told
from collectors.worker_settings import Daily

Run = Callable[[list[str], float], int]


def run_command(words: list[str], longest: float) -> int:
    """Run `antipode` with `words`, `longest` seconds at most; return its exit status."""
    return subprocess.run([sys.executable, "-m", "antipode", *words], timeout=longest).returncode


class DailyTask:
    """Runs detection for the last days of one lake, but for those done."""

    def __init__(
        self,
        uri: str,
        settings: Daily,
        clock: Clock,
        options: Sequence[str] = (),
        run: Run = run_command,
    ) -> None:
        """`options`: more words of `antipode backfill`, such as where on EMR to run."""
        self._uri, self._settings, self._clock = uri, settings, clock
        self._options, self._run = tuple(options), run

    def run(self) -> None:
        """Run it. What goes wrong is logged, and tried again with the next day's."""
        yesterday = self._clock.now().date() - timedelta(days=1)
        first = yesterday - timedelta(days=self._settings.back - 1)
        span = ["--from", first.isoformat(), "--to", yesterday.isoformat()]
        words = ["backfill", "detect", "--lake", self._uri, *span, *self._options]
        told = Told(first=first.isoformat(), last=yesterday.isoformat())
        try:
            status = self._run(words, self._settings.longest)
        except subprocess.TimeoutExpired:
            told.error("daily run ended", after=self._settings.longest)
            return
        if status == 0:
            told.info("daily run done")
        else:
            told.error("daily run failed", status=status)
