"""Where places lie that are known by name only: data sets that name places but give no coordinates.

The names are those of the small geo database that ships: every country, some 2,200 cities and their
regions. A place lies at the mean of its blocks' unit vectors. A city that is not among them is put
to its region, else to its country, and said to be known no better; so the precision that
detection relies on is never claimed beyond what is known.
"""

from pathlib import Path

import duckdb
import pyarrow as pa

from conf.settings import Settings
from enrichment import geo_blocks

# Names are compared in lower case, without accents and without what a level of state is called.
KEY = """
CREATE OR REPLACE TEMP MACRO name_key(name) AS
    regexp_replace(
        lower(strip_accents(trim(name))),
        ' (county|fylke|province|region|oblast|state|prefecture)$', ''
    )
"""
PLACES = """
CREATE OR REPLACE TEMP TABLE named_places AS
WITH vectors AS (
    SELECT country, region, city, number,
        cos(radians(latitude)) * cos(radians(longitude)) AS x,
        cos(radians(latitude)) * sin(radians(longitude)) AS y,
        sin(radians(latitude)) AS z
    FROM blocks WHERE country <> '' AND latitude IS NOT NULL
), levels AS (
    SELECT 'city' AS precision, country, '' AS region, name_key(city) AS city, x, y, z
    FROM vectors WHERE city <> ''
    UNION ALL
    SELECT 'region', country, name_key(region), '', x, y, z FROM vectors WHERE region <> ''
    UNION ALL
    SELECT 'country', country, '', '', x, y, z FROM vectors
)
SELECT precision, country, region, city,
    degrees(atan2(avg(z), sqrt(avg(x) ** 2 + avg(y) ** 2))) AS latitude,
    degrees(atan2(avg(y), avg(x))) AS longitude
FROM levels GROUP BY precision, country, region, city
"""
NETWORKS = """
CREATE OR REPLACE TEMP TABLE named_networks AS
SELECT number, min(organisation) AS organisation, min(kind) AS kind
FROM blocks WHERE number IS NOT NULL GROUP BY number
"""


def define(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the macro `name_key` and the tables `named_places` and `named_networks`.

    `named_places`    precision (city, region, country), country (alpha-2), region, city (keys;
                      empty below the precision, and a city's region is not asked), latitude,
                      longitude
    `named_networks`  number of the autonomous system, organisation, kind
    """
    connection.register("blocks", shipped())
    connection.execute(KEY)
    connection.execute(PLACES)
    connection.execute(NETWORKS)
    connection.unregister("blocks")


def shipped() -> pa.Table:
    """Return the blocks of the databases that ship with Antipode, whatever else is in use."""
    nowhere = Path("/nonexistent")
    return geo_blocks.blocks(Settings(geo_city_db="", geo_asn_db="", data_dir=nowhere))
