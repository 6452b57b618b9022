"""Runs the published rules on the events of a lake, to be judged by the same truth as ours.

The rules see a temporary table `uses`, one row for each successful event that has a person, an
address and a place with coordinates:

    n, person, source, second (since 1970), country, region, city, latitude, longitude, ip, asn,
    kind, agent, uid

`n` numbers the rows in the order of time. A rule is a SELECT of two columns: `n`, the use that
raises its alarm, and `other`, the use with which that one was compared (null where with none). All
alarms about the same person and place are one row, as in `anomalies`; the row holds the ids of
both uses, so that an alarm about the way back from an attack is no false one.
"""

from dataclasses import dataclass
from types import ModuleType

import duckdb
import pyarrow as pa

import models.published_rules
from conf import plugins


@dataclass(frozen=True)
class Rule:
    """One published rule. `select` yields (n, other); `source` is where the rule is published."""

    name: str
    source: str
    select: str


def rules() -> dict[str, list[Rule]]:
    """Return the rules by publisher."""
    package: ModuleType = models.published_rules
    return {name: plugins.load(package, name).RULES for name in plugins.names(package)}


def prepare(connection: duckdb.DuckDBPyConnection, tenant: str, sign_ins: bool) -> int:
    """Make the table `uses` from the view `events`; return how many there are.

    `sign_ins`: only the sign-ins (class Authentication, activity Logon), as most of the rules are
    published; else every event.
    """
    connection.execute(KM)
    connection.execute(USES, {"tenant": tenant, "sign_ins": sign_ins})
    ((number,),) = connection.execute("SELECT count(*) FROM uses").fetchall()
    return int(number)


def flagged(connection: duckdb.DuckDBPyConnection, rule: Rule) -> pa.Table:
    """Return a rule's alarms, one row for each person and place.

    Columns: user, country, region, city, first_time, event_count, event_uids, ips, asns, kinds.
    """
    return connection.sql(ROWS.replace("$rule", rule.select)).to_arrow_table()


def together(found: list[pa.Table]) -> pa.Table:
    """Return what several rules flag between them, one row for each person and place."""
    connection = duckdb.connect()
    connection.register("found", pa.concat_tables(found))
    return connection.sql(TOGETHER).to_arrow_table()


KM = """
CREATE OR REPLACE TEMP MACRO km(lat1, long1, lat2, long2) AS
    2 * 6371.0 * asin(least(1, sqrt(
        sin(radians(lat2 - lat1) / 2) ** 2
        + cos(radians(lat1)) * cos(radians(lat2)) * sin(radians(long2 - long1) / 2) ** 2)))
"""
USES = """
CREATE OR REPLACE TEMP TABLE uses AS
SELECT
    row_number() OVER (ORDER BY time, metadata.uid) AS n,
    person,
    source,
    epoch(time) AS second,
    src_endpoint.location.country AS country,
    coalesce(src_endpoint.location.region, '') AS region,
    coalesce(src_endpoint.location.city, '') AS city,
    src_endpoint.location.lat AS latitude,
    src_endpoint.location.long AS longitude,
    src_endpoint.ip AS ip,
    src_endpoint.autonomous_system.number AS asn,
    coalesce(network.kind, '') AS kind,
    coalesce(http_request.user_agent, '') AS agent,
    metadata.uid AS uid
FROM events
WHERE tenant = $tenant
  AND (NOT $sign_ins OR (class_uid = 3002 AND activity_id = 1))
  AND coalesce(status_id, 0) <> 2
  AND coalesce(person, '') <> ''
  AND src_endpoint.ip IS NOT NULL
  AND src_endpoint.location.country IS NOT NULL
  AND src_endpoint.location.lat IS NOT NULL
  AND src_endpoint.location.long IS NOT NULL
"""
ROWS = """
WITH alarms AS ($rule),
both_uses AS (
    SELECT n AS alarm, n FROM alarms
    UNION ALL SELECT n, other FROM alarms WHERE other IS NOT NULL
)
SELECT
    raised.person AS user,
    raised.country,
    raised.region,
    raised.city,
    make_timestamptz(CAST(min(raised.second) * 1e6 AS BIGINT)) AS first_time,
    count(DISTINCT raised.n) AS event_count,
    list(DISTINCT held.uid) FILTER (held.uid IS NOT NULL) AS event_uids,
    list(DISTINCT raised.ip) AS ips,
    list(DISTINCT raised.asn) FILTER (raised.asn IS NOT NULL) AS asns,
    list(DISTINCT raised.kind) AS kinds
FROM both_uses
JOIN uses raised ON raised.n = both_uses.alarm
JOIN uses held ON held.n = both_uses.n
GROUP BY ALL
ORDER BY ALL
"""
TOGETHER = """
SELECT
    user, country, region, city,
    min(first_time) AS first_time,
    sum(event_count)::BIGINT AS event_count,
    list_distinct(flatten(list(event_uids))) AS event_uids,
    list_distinct(flatten(list(ips))) AS ips,
    list_distinct(flatten(list(asns))) AS asns,
    list_distinct(flatten(list(kinds))) AS kinds
FROM found
GROUP BY user, country, region, city
ORDER BY ALL
"""
