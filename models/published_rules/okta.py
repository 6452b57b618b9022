"""Okta's behavior detection, velocity: faster than 805 km/h (500 mph) since the last sign-in.

805 km/h is the default of `velocityKph` in Okta's management API.
"""

from models.published import Rule

SOURCE = "https://developer.okta.com/docs/api/openapi/okta-management/management/tag/Behavior/"
VELOCITY = """
    WITH logins AS (
        SELECT *, lag(n) OVER (PARTITION BY person ORDER BY n) AS last FROM uses
    )
    SELECT now.n, last.n AS other
    FROM logins now JOIN uses last ON last.n = now.last
    WHERE km(last.latitude, last.longitude, now.latitude, now.longitude)
        > 805 * (now.second - last.second) / 3600
"""

RULES = [Rule("okta_velocity", SOURCE, VELOCITY)]
