"""Apache Metron's geographic login outliers: far from the centroid of the user's own recent logins.

Each use is compared with the centroid of the user's locations in the two hours before. It is an
outlier when the distance is at least 5 standard deviations from the median of all users' distances
in the two hours before. Metron's example looks back two minutes and says to take longer in earnest;
its text speaks of two hours. Metron counts geohashes, which are as good as points; the centroid
here is the mean of the unit vectors. Distances are whole km, profiled by the full hour; a distance
of 0 is no outlier even where all are 0.
"""

from models.published import Rule

SOURCE = (
    "https://github.com/apache/metron/blob/master/use-cases/geographic_login_outliers/README.md"
)
OUTLIERS = """
    WITH vectors AS (
        SELECT n, person, second, latitude, longitude,
            cos(radians(latitude)) * cos(radians(longitude)) AS x,
            cos(radians(latitude)) * sin(radians(longitude)) AS y,
            sin(radians(latitude)) AS z
        FROM uses
    ), centroids AS (
        SELECT n, second, latitude, longitude,
            lag(n) OVER (PARTITION BY person ORDER BY n) AS other,
            avg(x) OVER before AS x, avg(y) OVER before AS y, avg(z) OVER before AS z
        FROM vectors
        WINDOW before AS (
            PARTITION BY person ORDER BY second RANGE BETWEEN 7200 PRECEDING AND 0.000001 PRECEDING
        )
    ), distances AS (
        SELECT n, other, CAST(floor(second / 3600) AS BIGINT) AS hour,
            trunc(km(
                degrees(atan2(z, sqrt(x * x + y * y))), degrees(atan2(y, x)), latitude, longitude
            )) AS km
        FROM centroids WHERE x IS NOT NULL
    ), profiled AS (
        SELECT hour + ahead AS hour, km FROM distances, (VALUES (1), (2)) AS later(ahead)
    ), profiles AS (
        SELECT hour, median(km) AS middle, stddev(km) AS deviation
        FROM profiled GROUP BY hour HAVING count(*) > 1
    )
    SELECT n, other FROM distances JOIN profiles USING (hour)
    WHERE km > 0 AND abs(middle - km) >= 5 * deviation
"""

RULES = [Rule("metron_geographic_outlier", SOURCE, OUTLIERS)]
