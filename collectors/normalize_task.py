"""The task `normalize`: what waits of one stream is taken to `events/`.

Small pages need no batches of messages: they were put together before they were stored, and one
message stands for all that waits of its stream. (The library `celery-batches` would hold messages
until some have come; when the process that works on them is killed it neither acknowledges nor
rejects them, since it passes the pool no call for errors: they wait until the worker ends.)
"""

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from collectors.clock import Clock
from collectors.outcome import in_words
from collectors.told import Told
from conf.settings import Settings
from lake.streams import Stream

if TYPE_CHECKING:
    from collectors.normalizing import Normalizing


class NormalizeTask:
    """Takes in streams of one lake, in one process at a time.

    `again`  sends word that more waits of a stream than one task takes.
    """

    def __init__(
        self,
        uri: str,
        settings: Settings,
        clock: Clock,
        longest: timedelta,
        again: Callable[[Stream], None],
    ) -> None:
        """Open nothing: a worker forks, and the tables' threads would not survive that."""
        self._uri, self._settings, self._clock = uri, settings, clock
        self._longest, self._again = longest, again
        self._normalizing: Normalizing | None = None

    def run(self, stream: Stream) -> None:
        """Take in what waits. What goes wrong is logged: what waits is told of again."""
        began = self._clock.now()
        normalizing = self._opened()
        try:
            normalizing.normalize(
                stream, began, go_on=lambda: self._clock.now() - began < self._longest
            )
            if normalizing.lake.raw.pending(stream):
                self._again(stream)
        except Exception as error:
            Told(tenant=stream.tenant, source=stream.source, stream=stream.name).error(
                "not normalized", error=type(error).__name__, what=in_words(error)
            )

    def _opened(self) -> "Normalizing":
        if self._normalizing is None:
            from collectors.normalizing import Normalizing

            self._normalizing = Normalizing(self._uri, self._settings)
        return self._normalizing
