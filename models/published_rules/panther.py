"""Panther's impossible travel: faster than 900 km/h since the user's last login at the same source.

Last logins are remembered for a day. Those through a VPN or a private relay are compared, with
severity INFO, but not remembered. Less than ten minutes and 50 km count as errors of the geo
database, LOW. Panther asks IPinfo what a VPN is; here the network's kind says it.
"""

from models.published import Rule

SOURCE = (
    "https://github.com/panther-labs/panther-analysis/blob/main/rules/standard_rules/"
    "impossible_travel_login.py"
)
EVERY = """
    WITH logins AS (
        SELECT *, last_value(CASE WHEN kind NOT IN ('vpn', 'relay') THEN n END IGNORE NULLS) OVER (
            PARTITION BY source, person ORDER BY n
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS last
        FROM uses
    ), ways AS (
        SELECT now.n, last.n AS other, now.kind, (now.second - last.second) / 3600 AS hours,
            km(last.latitude, last.longitude, now.latitude, now.longitude) AS km
        FROM logins now JOIN uses last ON last.n = now.last
        WHERE now.second - last.second <= 86400
    ), alarms AS (
        SELECT *, CASE WHEN hours = 0 THEN 0.0001 ELSE hours END AS spent FROM ways
        WHERE km / CASE WHEN hours = 0 THEN 0.0001 ELSE hours END > 900
    )
    SELECT n, other FROM alarms
"""
HIGH = EVERY + "WHERE kind NOT IN ('vpn', 'relay') AND NOT (spent < 0.1666 AND km < 50)"

RULES = [
    Rule("panther_impossible_travel", SOURCE, EVERY),
    Rule("panther_impossible_travel_high", SOURCE, HIGH),
]
