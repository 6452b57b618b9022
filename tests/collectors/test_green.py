"""The process that collects is begun anew, on gevent, and gives back the memory of pages."""

import os
import sys
from typing import Any

import pytest

from collectors import green


def test_a_process_becomes_one_on_gevent(monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[Any] = []
    monkeypatch.setattr(os, "execve", lambda *given: begun.append(given))
    monkeypatch.setenv("MALLOC_TRIM_THRESHOLD_", "7")  # who says otherwise is heard
    monkeypatch.delenv("MALLOC_MMAP_THRESHOLD_", raising=False)
    green.become("antipode.collect_worker", "{}")
    ((program, command, environment),) = begun
    assert program == sys.executable
    assert command[1:] == ["-m", "gevent.monkey", "--module", "antipode.collect_worker", "{}"]
    assert environment["MALLOC_MMAP_THRESHOLD_"] == "65536"
    assert environment["MALLOC_TRIM_THRESHOLD_"] == "7"
    assert environment["PATH"] == os.environ["PATH"]
