"""The Login Data Set for Risk-Based Authentication (RBA), as standard events.

33 million logins of 3.3 million users of a sign-on service in Norway, February 2020 to February
2021, with the accounts that were taken over. Wiefling, Jørgensen, Thunem, Lo Iacono: *Pump Up
Password Security! Evaluating and Enhancing Risk-Based Authentication on a Real-World Large-Scale
Online Service*, ACM TOPS 2022; https://github.com/das-group/rba-dataset. It is synthesized from
real behaviour; its addresses are made up (many are private ones), so places are those that the file
names, not looked up by address; see `enrichment.named_places` for where they lie.

DuckDB reads the file as a stream: memory stays the same however long it is.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from conf.errors import Damaged, UsageError
from enrichment import assemble, named_places
from schemas.event import OCSF_VERSION

ROWS_A_BATCH = 250_000
SOURCE = "rba"
COLUMNS = {
    "index": "VARCHAR",
    "Login Timestamp": "TIMESTAMP",
    "User ID": "VARCHAR",
    "IP Address": "VARCHAR",
    "Country": "VARCHAR",
    "Region": "VARCHAR",
    "City": "VARCHAR",
    "ASN": "BIGINT",
    "User Agent String": "VARCHAR",
    "Login Successful": "BOOLEAN",
    "Is Attack IP": "BOOLEAN",
    "Is Account Takeover": "BOOLEAN",
}

LOGINS = """
SELECT
    logins.uid AS "metadata.uid",
    logins.time AS time,
    lower(logins.user_id) AS person,
    logins.user_id AS "actor.user.uid",
    logins.ip AS "src_endpoint.ip",
    country.country AS "src_endpoint.location.country",
    CASE WHEN city.city IS NOT NULL OR region.region IS NOT NULL THEN logins.region END
        AS "src_endpoint.location.region",
    CASE WHEN city.city IS NOT NULL THEN logins.city END AS "src_endpoint.location.city",
    coalesce(city.latitude, region.latitude, country.latitude) AS "src_endpoint.location.lat",
    coalesce(city.longitude, region.longitude, country.longitude) AS "src_endpoint.location.long",
    coalesce(city.precision, region.precision, country.precision) AS "place.precision",
    logins.asn AS "src_endpoint.autonomous_system.number",
    named_networks.organisation AS "src_endpoint.autonomous_system.name",
    named_networks.kind AS "network.kind",
    logins.agent AS "http_request.user_agent",
    CASE WHEN logins.succeeded THEN 1 ELSE 2 END::INTEGER AS status_id,
    CASE WHEN logins.succeeded THEN 'Success' ELSE 'Failure' END AS status
FROM (
    SELECT "index" AS uid, "Login Timestamp" AS time, "User ID" AS user_id, "IP Address" AS ip,
        nullif("Country", '-') AS country, nullif("Region", '-') AS region,
        nullif("City", '-') AS city, "ASN" AS asn, "User Agent String" AS agent,
        "Login Successful" AS succeeded
    FROM read_csv(
        $path, header = true, delim = ',', quote = '"', escape = '"', types = $types
    )
) logins
LEFT JOIN named_places city ON city.precision = 'city'
    AND city.country = logins.country AND city.city = name_key(logins.city)
LEFT JOIN named_places region ON region.precision = 'region'
    AND region.country = logins.country AND region.region = name_key(logins.region)
LEFT JOIN named_places country ON country.precision = 'country'
    AND country.country = logins.country
LEFT JOIN named_networks ON named_networks.number = logins.asn
"""
TAKEN_OVER = """
SELECT lower("User ID"), list("index" ORDER BY "Login Timestamp")
FROM read_csv($path, header = true, delim = ',', quote = '"', escape = '"', types = $types)
WHERE "Is Account Takeover" GROUP BY ALL ORDER BY ALL
"""
ATTACK_ADDRESSES = """
SELECT lower("User ID"), list(DISTINCT "IP Address")
FROM read_csv($path, header = true, delim = ',', quote = '"', escape = '"', types = $types)
WHERE "Is Attack IP" AND lower("User ID") IN (SELECT unnest($users)) GROUP BY ALL ORDER BY ALL
"""
FIXED = {
    "class_uid": (3002, pa.int32()),
    "class_name": ("Authentication", pa.string()),
    "category_uid": (3, pa.int32()),
    "activity_id": (1, pa.int32()),
    "activity_name": ("Logon", pa.string()),
    "type_uid": (300201, pa.int64()),
    "severity_id": (1, pa.int32()),
    "actor.user.type_id": (1, pa.int32()),
    "metadata.version": (OCSF_VERSION, pa.string()),
    "metadata.product.name": ("Login Data Set for Risk-Based Authentication", pa.string()),
    "metadata.product.vendor_name": ("das-group", pa.string()),
    "place.database": ("named places", pa.string()),
    "source": (SOURCE, pa.string()),
    "mapper": ("rba_logins", pa.string()),
}


def check(path: Path) -> None:
    """Raise UsageError when there is no such file, Damaged when it lacks a column."""
    if not path.is_file():
        raise UsageError(f"rba: no file {str(path)!r}; name the data set's CSV")
    connection = duckdb.connect()
    try:
        names = connection.execute(
            "SELECT * FROM read_csv($path, header = true, all_varchar = true) LIMIT 0",
            {"path": str(path)},
        ).description
    except duckdb.Error:
        raise Damaged(f"{path}: no CSV file with a header") from None
    missing = sorted(set(COLUMNS) - {column[0] for column in names})
    if missing:
        raise Damaged(f"{path}: not the RBA data set, it lacks the column {missing[0]!r}")


def events(path: Path, tenant: str, rows: int = ROWS_A_BATCH) -> Iterator[pa.Table]:
    """Yield the logins as rows of the standard event, `rows` at a time, in the file's order."""
    connection = _connection()
    named_places.define(connection)
    with _told(path):
        for batch in _read(connection, LOGINS, path).to_arrow_reader(rows):
            yield _event_rows(pa.Table.from_batches([batch]), tenant, path.name)


def taken_over(path: Path) -> list[tuple[str, list[str]]]:
    """Return each account that was taken over, with the ids of those logins."""
    with _told(path):
        return _read(_connection(), TAKEN_OVER, path).fetchall()


def attack_addresses(path: Path, users: Sequence[str]) -> list[tuple[str, list[str]]]:
    """Return for each of `users` the addresses of logins that the data set calls an attacker's."""
    with _told(path):
        return _read(_connection(), ATTACK_ADDRESSES, path, users=list(users)).fetchall()


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Tell which line is damaged; DuckDB's own message holds the line itself."""
    try:
        yield
    except duckdb.Error as error:
        line = re.search(r"Line: (\d+)", str(error))
        where = f", line {line[1]}" if line else ""
        raise Damaged(f"{path}{where}: not of the RBA data set's form") from None


def _connection() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute("SET memory_limit = '1GB'")
    # The file is streamed past the tables of names, never held: rows come in its order, each time.
    connection.execute("SET threads = 1")
    connection.execute("SET disabled_optimizers = 'join_order,build_side_probe_side'")
    connection.execute("SET enable_progress_bar = false")
    connection.execute("SET TimeZone = 'UTC'")
    return connection


def _read(
    connection: duckdb.DuckDBPyConnection, query: str, path: Path, **values: Any
) -> duckdb.DuckDBPyRelation:
    return connection.sql(query, params={"path": str(path), "types": COLUMNS, **values})


def _event_rows(flat: pa.Table, tenant: str, name: str) -> pa.Table:
    """Return a batch of the query LOGINS as rows of the standard event."""
    rows = flat.num_rows
    found = {column: flat[column].combine_chunks() for column in flat.column_names}
    found |= {key: pa.repeat(pa.scalar(value, kind), rows) for key, (value, kind) in FIXED.items()}
    found["time"] = found["time"].cast(pa.timestamp("us")).cast(pa.timestamp("us", "UTC"))
    found["date"] = found["time"].cast(pa.date32())
    found["src_endpoint.name"] = found["src_endpoint.ip"]
    found["tenant"] = pa.repeat(pa.scalar(tenant), rows)
    found["raw_object"] = pa.repeat(pa.scalar(name), rows)
    return assemble.nest(found)
