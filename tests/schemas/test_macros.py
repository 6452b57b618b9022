"""Time is read in every form that providers write it."""

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas import macros


@pytest.fixture(scope="module")
def connection() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    macros.install(connection)
    return connection


def instant(connection: duckdb.DuckDBPyConnection, text: str) -> str | None:
    row = connection.execute("SELECT CAST(instant(?) AS VARCHAR)", [text]).fetchone()
    assert row is not None
    return row[0]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2026-10-01T10:20:30.123Z", "2026-10-01 10:20:30.123"),
        ("2026-10-01T10:20:30.123456789Z", "2026-10-01 10:20:30.123456"),
        ("2026-10-01 10:20:30", "2026-10-01 10:20:30"),
        ("2026-10-01 10:20:30Z", "2026-10-01 10:20:30"),
        ("2026-10-01T10:20:30+02:00", "2026-10-01 08:20:30"),
        ("2026-10-01T10:20:30+0000", "2026-10-01 10:20:30"),
        ("2026-10-01T10:20:30-0700", "2026-10-01 17:20:30"),
        ("2026-10-01 10:20:30 UTC", "2026-10-01 10:20:30"),
        ("2026-10-01 10:20:30.079000000", "2026-10-01 10:20:30.079"),
        ("2026-10-01T10:20:30.0000000Z", "2026-10-01 10:20:30"),
        ("1790850030", "2026-10-01 10:20:30"),
        ("1790850030.5", "2026-10-01 10:20:30.5"),
        ("1790850030123", "2026-10-01 10:20:30.123"),
        ("1790850030123456", "2026-10-01 10:20:30.123456"),
        ("1790850030123456789", "2026-10-01 10:20:30.123456"),
        ("20261001102030.789", "2026-10-01 10:20:30.789"),
        ("20261001102030", "2026-10-01 10:20:30"),
        ("0", "1970-01-01 00:00:00"),
        ("20261001T102030Z", "2026-10-01 10:20:30"),
        ("20261001T102030.5+0200", "2026-10-01 08:20:30.5"),
        ("2026-10-01t10:20:30z", "2026-10-01 10:20:30"),
        ("2026-10-01T10:20:30,123Z", "2026-10-01 10:20:30.123"),
        ("2026-10-01 10:20:30.5 +0000 UTC", "2026-10-01 10:20:30.5"),
        ("2026-10-01 10:20:30 -0700 PDT", "2026-10-01 17:20:30"),
        ("2026-10-01T10:20:30[UTC]", "2026-10-01 10:20:30"),
        ("2026-10-01T10:20:30Z[UTC]", "2026-10-01 10:20:30"),
        ("2026-10-01T10:20:30+02:00[Europe/Paris]", "2026-10-01 08:20:30"),
        ("2026-12-01T10:20:30 PST", "2026-12-01 18:20:30"),
        ("2026-12-31T23:59:60Z", "2027-01-01 00:00:00"),
        ("2026-12-31T23:59:60.25Z", "2027-01-01 00:00:00.25"),
        ("2026-12-31T10:60:00Z", None),
        ("Thu, 01 Oct 2026 10:20:30 GMT", "2026-10-01 10:20:30"),
        ("1 Oct 2026 10:20:30 +0200", "2026-10-01 08:20:30"),
        ("Thu, 01 Okt 2026 10:20:30 GMT", None),
        ("10/01/2026 10:20:30", None),
        ("redacted", None),
        ("yesterday", None),
        ("2026-13-01T00:00:00Z", None),
        ("99999999999999", None),
    ],
)
def test_an_instant_is_read(
    connection: duckdb.DuckDBPyConnection, text: str, wanted: str | None
) -> None:
    assert instant(connection, text) == wanted


@settings(deadline=None)
@given(st.integers(1_000_080_000, 7_226_582_400))
def test_every_unit_of_a_number_gives_the_same_instant(
    connection: duckdb.DuckDBPyConnection, seconds: int
) -> None:
    micros = seconds * 1_000_000
    texts = [str(micros // 10**6), str(micros // 10**3), str(micros), f"{micros}000"]
    assert len({instant(connection, text) for text in texts}) == 1


@pytest.mark.parametrize(
    ("text", "lacks"),
    [
        ("2026-10-01T10:20:30Z", False),
        ("2026-10-01T10:20:30+02:00", False),
        ("2026-10-01T10:20:30-0700", False),
        ("2026-10-01 10:20:30 UTC", False),
        ("2026-10-01 10:20:30", True),
        ("2026-10-01", True),
        ("1790850030", False),
        ("20261001102030.789", True),
        ("20261001T102030Z", False),
        ("20261001T102030", True),
        ("2026-10-01T10:20:30 PST", False),
        ("2026-10-01T10:20:30[UTC]", False),
        ("2026-10-01T10:20:30[Europe/Paris]", False),
        ("2026-10-01 10:20:30 +0000 UTC", False),
        ("2026-10-01T10:20:30,123", True),
        ("2026-10-01T10:20:30,123+02:00", False),
        ("Thu, 01 Oct 2026 10:20:30 GMT", False),
        ("2026-10-01 10:20:30 AM", True),
    ],
)
def test_a_missing_time_zone_is_noticed(
    connection: duckdb.DuckDBPyConnection, text: str, lacks: bool
) -> None:
    assert connection.execute("SELECT lacks_zone(?)", [text]).fetchone() == (lacks,)


@settings(deadline=None)
@given(st.text(max_size=25))
def test_no_text_makes_the_reading_of_time_fail(
    connection: duckdb.DuckDBPyConnection, text: str
) -> None:
    connection.execute("SELECT instant(?), lacks_zone(?)", [text, text]).fetchone()


@settings(deadline=None)
@given(st.from_regex(r"-?[0-9]{1,20}(\.[0-9]{0,7})?", fullmatch=True))
def test_no_number_makes_the_reading_of_time_fail(
    connection: duckdb.DuckDBPyConnection, text: str
) -> None:
    connection.execute("SELECT CAST(instant(?) AS VARCHAR)", [text]).fetchone()
