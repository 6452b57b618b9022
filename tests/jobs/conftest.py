"""A raw folder, a lake to take it to, and a run that checks that its counts add up."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from conf.settings import Settings
from enrichment.counts import Counts
from jobs.normalize import Target, normalize

NOW = datetime(2026, 11, 20, tzinfo=UTC)
Run = Callable[..., Counts]


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    folder = tmp_path / "raw"
    (folder / "okta").mkdir(parents=True)
    return folder


@pytest.fixture
def target(tmp_path: Path) -> Target:
    return Target(str(tmp_path / "lake"), "acme", NOW, Settings(data_dir=tmp_path / "data"))


@pytest.fixture
def run(raw: Path, target: Target) -> Run:
    def once(**options: Any) -> Counts:
        counts = normalize(raw, target, workers=1, **options)
        assert counts.read == counts.mapped + counts.duplicates + counts.quarantined
        assert counts.quarantined == counts.reasons.total()
        return counts

    return once
