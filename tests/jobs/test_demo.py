"""The demo, with a small company: it runs the whole way, shows it, and cleans up only its own."""

import io
from datetime import date
from pathlib import Path

import duckdb
import pytest
from rich.console import Console

from conf.errors import UsageError
from conf.settings import Settings
from jobs.demo import demo

LAST_DAY = date(2026, 4, 10)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(geo_city_db="", geo_asn_db="", data_dir=tmp_path / "data")


# py4j leaves its sockets to the garbage collector when a Spark session is stopped.
@pytest.mark.filterwarnings("ignore:unclosed.*socket:ResourceWarning")
def test_it_shows_counts_times_places_and_a_query_that_runs(
    tmp_path: Path, settings: Settings
) -> None:
    shown = io.StringIO()
    console = Console(file=shown, width=200)
    folder = tmp_path / "demo"
    (folder / "lake").mkdir(parents=True)
    (folder / "lake" / "of an earlier demo").write_text("")
    result = demo(folder, LAST_DAY, settings, console, people=60, events=9000)
    text = shown.getvalue()
    assert not (folder / "lake" / "of an earlier demo").exists()
    assert result["read"] == result["mapped"] == 9000
    assert set(result["seconds"]) == {"simulate", "normalize", "detect"}
    assert "9,000 records read = 9,000 mapped + 0 duplicates + 0 quarantined" in text
    assert result["evaluation"]["attacks"] == 2
    assert result["evaluation"]["attacks_found"] >= 1
    assert f"Flagged: {result['flagged']}. Planted: 2" in text
    query = next(line.strip() for line in text.splitlines() if line.startswith("  SELECT"))
    rows = duckdb.connect().execute(query).fetchall()
    assert len(rows) == result["flagged"]
    for user, country, *_ in rows:
        assert f"{user} from" in text
        assert country in text


def test_a_folder_with_something_else_in_it_is_left_alone(
    tmp_path: Path, settings: Settings
) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(UsageError, match=r"'thesis.txt', which no demo made"):
        demo(tmp_path, LAST_DAY, settings, Console(file=io.StringIO()))
    assert (tmp_path / "thesis.txt").read_text() == "years of work"
