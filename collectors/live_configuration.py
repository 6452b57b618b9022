"""The accounts of a process that runs on: read again when their file or folder has changed."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from collectors import configuration
from collectors.clock import Clock
from collectors.configuration import Configuration
from collectors.told import Told
from conf.errors import UsageError

EVERY = timedelta(seconds=5)  # between two looks at the files

Stamp = tuple[tuple[str, int, int], ...]  # name, time of change and size of each file


class LiveConfiguration:
    """The newest configuration that was without faults."""

    def __init__(
        self,
        path: Path,
        clock: Clock,
        load: Callable[[Path], Configuration] = configuration.load,
    ) -> None:
        """Read it. Raises UsageError that names every fault."""
        self._path, self._clock, self._load = path, clock, load
        self._stamp = _stamp(path)
        self._looked: datetime = clock.now()
        self.newest = load(path)

    def current(self) -> Configuration:
        """Return it, read again if it was changed; one with faults is logged and not used."""
        now = self._clock.now()
        if now - self._looked < EVERY:
            return self.newest
        self._looked = now
        stamp = _stamp(self._path)
        if stamp != self._stamp:
            self._stamp = stamp
            try:
                self.newest = self._load(self._path)
                Told().info("configuration read again", accounts=len(self.newest.accounts))
            except UsageError as error:
                Told().error("configuration not used: the one before holds", what=str(error))
        return self.newest


def _stamp(path: Path) -> Stamp:
    files = sorted(path.glob("*.toml")) if path.is_dir() else [path]
    found = []
    for file in files:
        try:
            stat = file.stat()
        except OSError:  # being replaced at this moment
            continue
        found.append((file.name, stat.st_mtime_ns, stat.st_size))
    return tuple(found)
