"""BuffaLogs, of Certego: impossible travel and a new country, with its shipped settings.

Impossible travel: a login from an address that the user never had before, more than 100 km from the
user's last login, at more than 300 km/h; a login at the very moment of the last counts as 0.001 h
apart. New country: the user has no login from that country among those kept (30 days).
A user's first login raises nothing. Its atypical country needs more than 30 days of memory.
"""

from models.published import Rule

SOURCE = "https://github.com/certego/BuffaLogs/blob/main/buffalogs/impossible_travel/modules/detection.py"

IMPOSSIBLE_TRAVEL = """
    WITH logins AS (
        SELECT *, lag(n) OVER user_logins AS last,
            row_number() OVER (PARTITION BY person, ip ORDER BY n) = 1 AS new_address
        FROM uses
        WINDOW user_logins AS (PARTITION BY person ORDER BY n)
    ), ways AS (
        SELECT now.n, last.n AS other, (now.second - last.second) / 3600 AS hours,
            km(last.latitude, last.longitude, now.latitude, now.longitude) AS km
        FROM logins now JOIN uses last ON last.n = now.last
        WHERE now.new_address
    )
    SELECT n, other FROM ways
    WHERE km > 100 AND km / CASE WHEN hours = 0 THEN 0.001 ELSE hours END > 300
"""
NEW_COUNTRY = """
    WITH logins AS (
        SELECT n, second, lag(n) OVER (PARTITION BY person ORDER BY n) AS other,
            lag(second) OVER (PARTITION BY person, country ORDER BY n) AS last_there
        FROM uses
    )
    SELECT n, other FROM logins
    WHERE other IS NOT NULL AND (last_there IS NULL OR second - last_there > 30 * 86400)
"""

RULES = [
    Rule("buffalogs_impossible_travel", SOURCE, IMPOSSIBLE_TRAVEL),
    Rule("buffalogs_new_country", SOURCE, NEW_COUNTRY),
]
