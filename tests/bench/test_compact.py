"""What is merged is a lake as collecting leaves it, and what is measured is what `maintain` did."""

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.dataset as ds
import pytest
from lake_rows import event, events, uids

from bench import compact, scale
from bench.compact_lake import TENANT, batches, laid_out, untidied
from bench.detect_company import DAYS, FIRST, write
from conf.settings import Settings
from lake.files import LiveFile
from lake.lake import Lake
from lake.tables import Table

COMMITS = 2  # a day
PATTERN = events(
    [event("one", api={"operation": "a"}), event("two", api={"operation": "b"}, raw_object="raw/2")]
)


@dataclass(frozen=True)
class Merged:
    """A lake before and after, and what was measured."""

    before: list[LiveFile]
    after: list[LiveFile]
    was: list[dict[str, Any]]
    rows: list[dict[str, Any]]
    took: dict[str, float]


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("company") / "small"
    write(folder, people=10, events=1500, days=DAYS, seed=1, attacks=1)
    return folder


@pytest.fixture(scope="module")
def made(company: Path) -> Path:
    place = company.with_name("small.lake")
    laid_out(place, batches(company, PATTERN, COMMITS))
    return place


def table(uri: str | Path) -> Table:
    return Lake(str(uri), Settings()).table("events")


def rows(uri: str | Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = table(uri).arrow().sort_by([("time", "ascending")]).to_pylist()
    return sorted(found, key=lambda row: (row["time"], row["metadata"]["uid"]))


def test_a_lake_holds_the_companys_events_with_all_columns(company: Path, made: Path) -> None:
    found = table(made).arrow()
    was = ds.dataset(company, format="parquet").to_table()

    def said(of: pa.Table) -> Counter[tuple[Any, ...]]:
        return Counter(zip(*(of[name].to_pylist() for name in ("time", "person")), strict=True))

    assert said(found) == said(was)
    assert len(set(uids(found))) == found.num_rows
    assert set(found["tenant"].to_pylist()) == {TENANT}
    ips = [row["ip"] for row in found["src_endpoint"].to_pylist()]
    assert Counter(ips) == Counter(row["ip"] for row in was["src_endpoint"].to_pylist())
    drawn = {row["operation"] for row in found["api"].to_pylist()}
    assert drawn == {"a", "b"}, "what detection does not read is the pattern's"


def test_each_day_came_in_as_many_commits_of_a_file_each(made: Path) -> None:
    files = table(made).files()
    assert table(made).version() == len(files)
    days = Counter(file.partition["date"] for file in files)
    assert min(days) >= FIRST
    assert max(days.values()) == COMMITS
    spans = sorted(file.ranges["time"] for file in files)
    assert all(before[1] < after[0] for before, after in pairwise(spans))


@pytest.fixture(scope="module")
def merged(made: Path) -> Merged:
    place = str(untidied(made))
    before, was = table(place).files(), rows(place)
    took = compact.measure(place)
    return Merged(before, table(place).files(), was, rows(place), took)


def test_merging_is_measured_by_what_became_of_the_files(merged: Merged) -> None:
    days = Counter(file.partition["date"] for file in merged.before)
    alone = {day for day, count in days.items() if count == 1}  # nothing to merge
    took = merged.took
    assert took["files"] == len(merged.before) - len(alone)
    assert took["into"] == len(days) - len(alone)
    assert took["events"] == len(merged.was)
    assert merged.rows == merged.was
    kept = {file.key for file in merged.before} & {file.key for file in merged.after}
    read, written = (
        sum(file.size for file in files if file.key not in kept)
        for files in (merged.before, merged.after)
    )
    assert (took["read_MiB"], took["written_MiB"]) == (read / 2**20, written / 2**20)
    assert took["bytes_after"] == sum(file.size for file in merged.after) / len(merged.was)
    assert 0 < took["bytes_after"] < took["bytes_before"]
    assert took["us_an_event"] == pytest.approx(took["processor_s"] / len(merged.was) * 1e6)
    assert took["memory_MiB"] > 50


def test_the_first_days_alone_are_those_of_the_whole(company: Path) -> None:
    def counted(days: int) -> list[int]:
        return [rows.num_rows for rows in batches(company, PATTERN, COMMITS, days)]

    assert 0 < len(counted(3)) <= 3 * COMMITS
    assert counted(3) == counted(DAYS)[: len(counted(3))]


def test_shares_together_merge_every_day_once(made: Path, merged: Merged) -> None:
    place = str(untidied(made))
    assert table(place).files() == merged.before, "a copy is merged, and the lake stays as it was"
    shares = scale.in_processes(*(["compact", place, str(number), "2"] for number in range(2)))
    assert all(share["files"] for share in shares)
    both = compact.together(shares)
    assert rows(place) == merged.was
    assert both["wall_s"] == max(share["wall_s"] for share in shares)
    assert (both["files"], both["into"]) == (merged.took["files"], merged.took["into"])
