"""Splunk's security content, logins from multiple cities: two cities of a user within a day.

The search looks at the last 24 hours; here at each two uses, one after the other, that are at most
so far apart.
"""

from models.published import Rule

SOURCE = (
    "https://github.com/splunk/security_content/blob/develop/detections/application/"
    "okta_user_logins_from_multiple_cities.yml"
)
MULTIPLE_CITIES = """
    WITH logins AS (
        SELECT n, city, second, lag(n) OVER mine AS other, lag(city) OVER mine AS last_city,
            lag(second) OVER mine AS last_second
        FROM uses WHERE city <> '' WINDOW mine AS (PARTITION BY person ORDER BY n)
    )
    SELECT n, other FROM logins WHERE city <> last_city AND second - last_second <= 86400
"""

RULES = [Rule("splunk_multiple_cities", SOURCE, MULTIPLE_CITIES)]
