"""Elastic's detection rules about where people sign in.

Microsoft 365 portal login, impossible travel: two countries within a quarter of an hour. Okta
sessions from different geolocations: two countries within half an hour, proxies left out (Okta says
what a proxy is; here the network's kind does). Microsoft 365 portal login, atypical travel: a
user's first use of a region in 14 days. Elastic gives each rule one provider's logs; here they see
all. A user's very first region raises nothing here, or the first day would flag everybody.
"""

from models.published import Rule

RULES_OF = "https://github.com/elastic/detection-rules/blob/main/rules/integrations"

TWO_COUNTRIES = """
    WITH logins AS (
        SELECT n, country, second, lag(n) OVER mine AS other,
            lag(country) OVER mine AS last_country, lag(second) OVER mine AS last_second
        FROM uses WINDOW mine AS (PARTITION BY person ORDER BY n)
    )
    SELECT n, other FROM logins WHERE country <> last_country AND second - last_second <= 900
"""
GEOLOCATIONS = """
    WITH logins AS (
        SELECT n, country, second, lag(n) OVER mine AS other,
            lag(country) OVER mine AS last_country, lag(second) OVER mine AS last_second
        FROM uses WHERE kind NOT IN ('vpn', 'relay') WINDOW mine AS (PARTITION BY person ORDER BY n)
    )
    SELECT n, other FROM logins WHERE country <> last_country AND second - last_second <= 1800
"""
ATYPICAL = """
    WITH logins AS (
        SELECT n, second, lag(n) OVER (PARTITION BY person ORDER BY n) AS other,
            lag(second) OVER (PARTITION BY person, country, region ORDER BY n) AS last_there
        FROM uses
    )
    SELECT n, other FROM logins
    WHERE other IS NOT NULL AND (last_there IS NULL OR second - last_there > 14 * 86400)
"""

RULES = [
    Rule(
        "elastic_two_countries",
        f"{RULES_OF}/o365/initial_access_identity_portal_login_impossible_travel.toml",
        TWO_COUNTRIES,
    ),
    Rule(
        "elastic_geolocations",
        f"{RULES_OF}/okta/initial_access_okta_user_sessions_started_from_different_geolocations.toml",
        GEOLOCATIONS,
    ),
    Rule(
        "elastic_atypical_travel",
        f"{RULES_OF}/o365/initial_access_identity_portal_login_atypical_travel.toml",
        ATYPICAL,
    ),
]
