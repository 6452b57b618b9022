"""The process behind `antipode worker collect`, which runs on gevent.

`python -m gevent.monkey --module antipode.collect_worker ARGUMENTS` with the arguments as JSON. It
is not the command line itself: that loads every command, and with them libraries that must not be
in a process on gevent.
"""

import json
import sys
from pathlib import Path

from antipode.output import error, start_logging
from collectors import metrics_server, worker_settings, working
from conf.errors import AntipodeError
from conf.settings import Settings


def arguments(
    lake: str, accounts: Path, celery: Path | None, broker: str | None, port: int | None
) -> str:
    """Return what `main` reads."""
    files = {"accounts": str(accounts), "celery": str(celery) if celery else None}
    return json.dumps({"lake": lake, **files, "broker": broker, "port": port})


def main(given: str) -> int:
    """Work until told to end; return the exit status."""
    asked = json.loads(given)
    settings = Settings()
    start_logging(settings.log_level)
    try:
        return _work(asked, settings)
    except AntipodeError as failure:
        error(str(failure))
        return failure.exit_status


def _work(asked: dict[str, str | int | None], settings: Settings) -> int:
    metrics_server.serve(int(asked["port"]) if asked["port"] else None, processes=False)
    workers = worker_settings.load(Path(str(asked["celery"])) if asked["celery"] else None)
    broker = workers.chosen(str(asked["broker"]) if asked["broker"] else None)
    accounts = Path(str(asked["accounts"]))
    return working.collect(working.Post(broker, workers), str(asked["lake"]), settings, accounts)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
