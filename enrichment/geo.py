"""Where an address is: country, region, city, position, and how far the truth may be from it.

A city database knows nothing of reserved addresses, and of others not everything: every column is
null where it says nothing.
"""

import itertools
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from conf.errors import Damaged
from conf.settings import Settings
from enrichment.geo_files import city_files, file_version
from enrichment.geo_records import Fields, layout_of, place_of
from enrichment.mmdb import REMEDY, Database
from enrichment.reserved import are_reserved

COLUMNS = pa.schema(
    {
        "country": pa.string(),  # ISO 3166-1 alpha-2
        "region": pa.string(),
        "city": pa.string(),
        "latitude": pa.float64(),  # degrees
        "longitude": pa.float64(),  # degrees
        "radius_km": pa.float64(),
        "precision": pa.string(),  # city, region or country
        "database": pa.string(),
    }
)
Row = tuple[Any, ...]
"""The values of `COLUMNS`."""

NOWHERE: Row = (None,) * len(COLUMNS)


class CityDatabase:
    """One city database, read in the layout that its records have."""

    def __init__(self, path: Path) -> None:
        """Open `path`. Raises MissingDependency or Damaged, also when it is of another kind."""
        self.database = Database(path)
        samples = self.database.samples()
        fields = layout_of(samples)
        if fields is None:
            keys = ", ".join(sorted({key for record in samples for key in record})) or "nothing"
            raise Damaged(
                f"{path}: {self.database.metadata.database_type} is no city database (its records "
                f"hold {keys}); ANTIPODE_GEO_CITY_DB wants one such as GeoLite2-City or "
                f"DB-IP City Lite: {REMEDY}"
            )
        self._fields: Callable[[dict[str, Any]], Fields] = fields
        self.build = self.database.build

    def rows(self, addresses: Sequence[str]) -> list[Row]:
        """Return the row of each address, `NOWHERE` where the database says nothing."""
        get, fields_of, build = self.database.get, self._fields, self.build
        known: dict[Fields, Row] = {}  # many addresses, few places
        rows = []
        for address in addresses:
            record = get(address)
            if not record:
                rows.append(NOWHERE)
                continue
            try:
                fields = fields_of(record)
                row = known.get(fields)
                if row is None:
                    place = place_of(fields)
                    row = known[fields] = (*place, build) if place else NOWHERE
            except (AttributeError, LookupError, TypeError, ValueError) as error:
                raise Damaged(
                    f"{self.database.path}: the record of {address} is not that of a city "
                    f"database ({error!r}); {REMEDY}"
                ) from error
            rows.append(row)
        return rows


class GeoLookup:
    """Places of addresses, out of one or more city databases."""

    def __init__(self, paths: Sequence[Path]) -> None:
        """Open the databases; the first that knows an address places it."""
        databases = [CityDatabase(path) for path in paths]
        self.build = ", ".join(database.build for database in databases)
        self._of_version = {
            4: sorted(databases, key=lambda database: database.database.metadata.ip_version),
            6: [each for each in databases if each.database.metadata.ip_version == 6],
        }

    def __call__(self, addresses: Sequence[str]) -> pa.Table:
        """Return one row an address (canonical text), in their order, as `COLUMNS` says."""
        rows = [NOWHERE] * len(addresses)
        open_questions = np.flatnonzero(~are_reserved(addresses)).tolist()
        for version in (4, 6):
            asked = [i for i in open_questions if (":" in addresses[i]) == (version == 6)]
            for database in self._of_version[version]:
                found = database.rows([addresses[i] for i in asked])
                for i, row in zip(asked, found, strict=True):
                    rows[i] = row
                asked = [i for i, row in zip(asked, found, strict=True) if row is NOWHERE]
        columns = zip(*rows, strict=True) if rows else itertools.repeat((), len(COLUMNS))
        return pa.table(
            [pa.array(column, field.type) for column, field in zip(columns, COLUMNS, strict=True)],
            schema=COLUMNS,
        )


def open(settings: Settings) -> GeoLookup:
    """Return the lookup over the databases that `settings` name, opened once a process."""
    paths = city_files(settings)
    return _opened(paths, tuple(file_version(path) for path in paths))


@lru_cache(maxsize=4)
def _opened(paths: tuple[Path, ...], versions: tuple[object, ...]) -> GeoLookup:
    return GeoLookup(paths)
