"""Serves Prometheus metrics: of one process, or summed up over the processes it forks."""

import atexit
import os
import shutil
import tempfile

_FOLDER = "PROMETHEUS_MULTIPROC_DIR"


def serve(port: int | None, processes: bool) -> None:
    """Serve metrics on a port, None: do not. `processes`: the worker forks.

    To be called before anything else imports prometheus_client, which looks at that moment whether
    what forked processes count is shared through files.
    """
    if port is None:
        return
    if processes:
        folder = tempfile.mkdtemp(prefix="antipode-metrics-")
        owner = os.getpid()
        atexit.register(lambda: shutil.rmtree(folder, True) if os.getpid() == owner else None)
        os.environ[_FOLDER] = folder
    from prometheus_client import CollectorRegistry, multiprocess, registry, start_http_server

    shown = registry.REGISTRY
    if processes:
        shown = CollectorRegistry()
        multiprocess.MultiProcessCollector(shown)  # type: ignore[no-untyped-call]  # has no types
    start_http_server(port, registry=shown)  # on all addresses: the scraper is another machine
