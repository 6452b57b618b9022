"""Where an address is: country, region, city, position, and how far the truth may be from it.

A city database knows nothing of reserved addresses, and of others not everything: every column is
null where it says nothing.
"""

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
from enrichment.packed import pack
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
MOST_KNOWN = 100_000  # some 40 MB


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
                f"{path}: {self.database.kind} is no city database (its records "
                f"hold {keys}); ANTIPODE_GEO_CITY_DB wants one such as GeoLite2-City or "
                f"DB-IP City Lite: {REMEDY}"
            )
        self._fields: Callable[[dict[str, Any]], Fields] = fields
        self._known: dict[int, Row] = {}  # by number of record: many addresses, few places
        self.build = self.database.build

    def row(self, number: int) -> Row:
        """Return the row of the record with that number; `NOWHERE` where it says nothing."""
        row = self._known.get(number)
        if row is None:
            if len(self._known) >= MOST_KNOWN:
                self._known.clear()
            row = self._known[number] = self._read(self.database.record(number))
        return row

    def _read(self, record: dict[str, Any]) -> Row:
        if not record:
            return NOWHERE
        try:
            place = place_of(self._fields(record))
        except (AttributeError, LookupError, OverflowError, TypeError, ValueError) as error:
            raise self.database.damaged(error) from error
        return (*place, self.build) if place else NOWHERE


class GeoLookup:
    """Places of addresses, out of one or more city databases."""

    def __init__(self, paths: Sequence[Path]) -> None:
        """Open the databases; the first that knows an address places it."""
        self._databases = [CityDatabase(path) for path in paths]
        self.build = ", ".join(database.build for database in self._databases)

    def __call__(self, addresses: Sequence[str]) -> pa.Table:
        """Return one row an address (canonical text), in their order, as `COLUMNS` says."""
        packed = pack(addresses)
        rows: list[Row] = [NOWHERE]
        row_of = np.zeros(len(packed), dtype=np.int64)
        asked = np.flatnonzero(~are_reserved(packed))
        for database in self._databases:
            numbers, number_of = np.unique(
                database.database.find(packed[asked]), return_inverse=True
            )
            found = [database.row(number) for number in numbers.tolist()]
            row_of[asked] = number_of + len(rows)
            rows += found
            asked = asked[np.array([row is NOWHERE for row in found], dtype=bool)[number_of]]
        columns = zip(*rows, strict=True)
        distinct = pa.table(
            [pa.array(column, field.type) for column, field in zip(columns, COLUMNS, strict=True)],
            schema=COLUMNS,
        )
        return distinct.take(pa.array(row_of))


def open(settings: Settings) -> GeoLookup:
    """Return the lookup over the databases that `settings` name, opened once a process."""
    paths = city_files(settings)
    return _opened(paths, tuple(file_version(path) for path in paths))


@lru_cache(maxsize=4)
def _opened(paths: tuple[Path, ...], versions: tuple[object, ...]) -> GeoLookup:
    return GeoLookup(paths)
