"""Prometheus metrics of a worker: of one process, or summed up over the processes it forks."""

import atexit
import os
import shutil
import tempfile

_FOLDER = "PROMETHEUS_MULTIPROC_DIR"  # read by prometheus_client when a metric is made


def prepare(port: int | None, processes: bool) -> None:
    """Serve metrics on a port, None: do not. `processes`: the worker forks.

    To be called before a metric is made: what forked processes count is shared through files.
    """
    if port is None:
        return
    from prometheus_client import CollectorRegistry, start_http_server

    if not processes:
        start_http_server(port, addr="0.0.0.0")  # noqa: S104 - for the scraper, on another machine
        return
    folder = tempfile.mkdtemp(prefix="antipode-metrics-")
    owner = os.getpid()
    atexit.register(lambda: shutil.rmtree(folder, True) if os.getpid() == owner else None)
    os.environ[_FOLDER] = folder
    from prometheus_client.multiprocess import MultiProcessCollector

    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # it has no types
    start_http_server(port, addr="0.0.0.0", registry=registry)  # noqa: S104
