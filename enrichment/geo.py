"""Where an address is: country, region, city, position, and how far the truth may be from it.

A city database knows nothing of reserved addresses, and of others not everything: every column is
null where it says nothing.
"""

import itertools
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyarrow as pa

from conf.errors import Damaged
from conf.settings import Settings
from enrichment.geo_files import city_files, file_version
from enrichment.geo_records import Place, layout_of
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
_NOWHERE = (None,) * len(COLUMNS)


class CityDatabase:
    """One city database, read in the layout that its records have."""

    def __init__(self, path: Path) -> None:
        """Open `path`. Raises MissingDependency or Damaged, also when it is of another kind."""
        self.database = Database(path)
        samples = self.database.samples()
        layout = layout_of(samples)
        if layout is None:
            keys = ", ".join(sorted({key for record in samples for key in record})) or "nothing"
            raise Damaged(
                f"{path}: {self.database.metadata.database_type} is no city database (its records "
                f"hold {keys}); ANTIPODE_GEO_CITY_DB wants one such as GeoLite2-City or "
                f"DB-IP City Lite: {REMEDY}"
            )
        self.layout: Callable[[dict[str, Any]], Place | None] = layout
        self.build = self.database.build

    def place(self, address: str) -> tuple[Any, ...] | None:
        """Return the row of an address; null where the database says nothing."""
        record = self.database.get(address)
        if not record:
            return None
        try:
            place = self.layout(record)
        except (AttributeError, LookupError, TypeError, ValueError) as error:
            raise Damaged(
                f"{self.database.path}: the record of {address} is not that of a city database "
                f"({error}); {REMEDY}"
            ) from error
        return (*place, self.build) if place else None


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
        reserved = are_reserved(addresses).tolist()
        rows = [
            _NOWHERE if skip else self._row(address)
            for address, skip in zip(addresses, reserved, strict=True)
        ]
        columns = zip(*rows, strict=True) if rows else itertools.repeat((), len(COLUMNS))
        return pa.table(
            [pa.array(column, field.type) for column, field in zip(columns, COLUMNS, strict=True)],
            schema=COLUMNS,
        )

    def _row(self, address: str) -> tuple[Any, ...]:
        for database in self._of_version[6 if ":" in address else 4]:
            row = database.place(address)
            if row is not None:
                return row
        return _NOWHERE


def open(settings: Settings) -> GeoLookup:
    """Return the lookup over the databases that `settings` name, opened once a process."""
    paths = city_files(settings)
    return _opened(paths, tuple(file_version(path) for path in paths))


@lru_cache(maxsize=4)
def _opened(paths: tuple[Path, ...], versions: tuple[object, ...]) -> GeoLookup:
    return GeoLookup(paths)
