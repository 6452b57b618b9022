"""Microsoft Sentinel, authentication from a new country: rare in the whole company.

Asked once a day: uses from a country that nobody in the company used on the 14 days before. Here a
company's first 7 days raise nothing, or everything would be new.
"""

from models.published import Rule

SOURCE = (
    "https://github.com/Azure/Azure-Sentinel/blob/master/Detections/SigninLogs/"
    "AuthenticationAttemptfromNewCountry.yaml"
)
RARE_COUNTRY = """
    WITH days AS (
        SELECT DISTINCT country, CAST(floor(second / 86400) AS BIGINT) AS day FROM uses
    ), last AS (
        SELECT *, lag(day) OVER (PARTITION BY country ORDER BY day) AS last_day,
            min(day) OVER () AS first_day
        FROM days
    )
    SELECT n, NULL AS other
    FROM uses JOIN last
      ON uses.country = last.country AND CAST(floor(second / 86400) AS BIGINT) = last.day
    WHERE day >= first_day + 7 AND (last_day IS NULL OR day - last_day > 14)
"""

RULES = [Rule("sentinel_new_country", SOURCE, RARE_COUNTRY)]
