"""Whose network an address is in, and of what kind: isp, mobile, hosting, vpn, relay, ...

Reads MMDB files in the GeoLite2-ASN layout, the CSV files of `@ip-location-db/asn`, and beside them
MMDB files in the layout of MaxMind's Anonymous IP database, which know of single addresses what
`network_kind` can only say of whole organisations.
"""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pyarrow as pa

from conf.errors import Damaged, MissingDependency
from conf.settings import Settings
from enrichment.geo_files import file_version, network_files
from enrichment.mmdb import REMEDY, Database
from enrichment.mmdb_tree import NOTHING
from enrichment.network_kind import kind
from enrichment.network_ranges import read_network_ranges
from enrichment.packed import Packed, pack
from enrichment.reserved import are_reserved

COLUMNS = pa.schema(
    {
        "number": pa.int64(),  # of the autonomous system
        "organisation": pa.string(),
        "kind": pa.string(),  # one of network_kind.KINDS
    }
)
Owner = tuple[int | None, str | None]
_NOBODY: Owner = (None, None)
MOST_KNOWN = 100_000  # some 20 MB
_ANONYMITY = {  # flag of the Anonymous IP layout: the kind it means; the first that is set counts
    "is_anonymous_vpn": "vpn",
    "is_tor_exit_node": "vpn",
    "is_public_proxy": "vpn",
    "is_residential_proxy": "vpn",
    "is_hosting_provider": "hosting",
}


class OwnerSource(Protocol):
    """Says who owns addresses."""

    build: str

    def owners(self, packed: Packed) -> list[Owner]:
        """Return number and organisation of each address."""


class OwnerDatabase:
    """An MMDB file in the GeoLite2-ASN layout."""

    def __init__(self, database: Database) -> None:
        """Read from an open database."""
        self._database = database
        self._known: dict[int, Owner] = {}  # by number of record: many addresses, few owners
        self.build = database.build

    def owners(self, packed: Packed) -> list[Owner]:
        """Return number and organisation of each address. Raises Damaged."""
        known = self._known
        if len(known) > MOST_KNOWN:
            known.clear()
        numbers = self._database.find(packed).tolist()
        for number in set(numbers).difference(known):
            known[number] = self._owner(self._database.record(number))
        return [known[number] for number in numbers]

    def _owner(self, record: dict[str, Any]) -> Owner:
        number = record.get("autonomous_system_number")
        organisation = record.get("autonomous_system_organization")
        if not isinstance(number, int | None) or not isinstance(organisation, str | None):
            raise self._database.damaged(TypeError(f"{number!r}, {organisation!r}"))
        return number or None, organisation or None


class OwnerRanges:
    """CSV files of one data set, IPv4 and IPv6."""

    def __init__(self, paths: Sequence[Path]) -> None:
        """Read the files into memory."""
        self._ranges = read_network_ranges(paths)
        # A CSV file carries no build of its own.
        self.build = ", ".join(path.name for path in paths)

    def owners(self, packed: Packed) -> list[Owner]:
        """Return number and organisation of each address."""
        rows, row_of = np.unique(self._ranges.find(packed), return_inverse=True)
        taken = pa.array(rows, mask=rows < 0)
        numbers = self._ranges.number.take(taken).to_pylist()
        organisations = self._ranges.organisation.take(taken).to_pylist()
        owners = [
            (number or None, organisation or None)
            for number, organisation in zip(numbers, organisations, strict=True)
        ]
        return [owners[each] for each in row_of.tolist()]


class NetworkLookup:
    """Networks of addresses, out of one or more databases."""

    def __init__(self, paths: Sequence[Path]) -> None:
        """Open the databases; the first that knows an address names its owner."""
        tables = [path for path in paths if path.suffix.lower() == ".csv"]
        databases = [Database(path) for path in paths if path not in tables]
        self._anonymity = [each for each in databases if _has_flags(each)]
        self._sources: list[OwnerSource] = [
            OwnerDatabase(_checked(each)) for each in databases if each not in self._anonymity
        ]
        if tables:
            self._sources.append(OwnerRanges(tables))
        builds = [source.build for source in self._sources]
        self.build = ", ".join(builds + [each.build for each in self._anonymity])

    def __call__(self, addresses: Sequence[str]) -> pa.Table:
        """Return one row an address (canonical text), in their order, as `COLUMNS` says."""
        packed = pack(addresses)
        owners: list[Owner] = [_NOBODY] * len(packed)
        asked = np.flatnonzero(~are_reserved(packed))
        for source in self._sources:
            for index, owner in zip(asked.tolist(), source.owners(packed[asked]), strict=True):
                owners[index] = owner
            asked = np.array([i for i in asked.tolist() if owners[i] == _NOBODY], dtype=np.int64)
        kinds = [kind(*owner) for owner in owners]
        for database in self._anonymity:
            _refine(kinds, packed, database)
        numbers, organisations = [each[0] for each in owners], [each[1] for each in owners]
        return pa.table([numbers, organisations, kinds], schema=COLUMNS)


def _refine(kinds: list[str | None], packed: Packed, database: Database) -> None:
    """Let a database of single addresses say more than their owners' names do."""
    asked = np.flatnonzero(~are_reserved(packed))
    for index, number in zip(asked.tolist(), database.find(packed[asked]).tolist(), strict=True):
        if number == NOTHING or kinds[index] in ("vpn", "relay"):
            continue
        record = database.record(number)
        meanings = (kind for flag, kind in _ANONYMITY.items() if record.get(flag))
        kinds[index] = next(meanings, kinds[index])


def open(settings: Settings) -> NetworkLookup:
    """Return the lookup over the databases that `settings` name, opened once a process."""
    paths = network_files(settings)
    for path in paths:
        if not path.is_file():
            raise MissingDependency(f"{path}: there is no such database; {REMEDY}")
    return _opened(paths, tuple(file_version(path) for path in paths))


@lru_cache(maxsize=4)
def _opened(paths: tuple[Path, ...], versions: tuple[object, ...]) -> NetworkLookup:
    return NetworkLookup(paths)


def _has_flags(database: Database) -> bool:
    return any(key in _ANONYMITY for record in database.samples() for key in record)


def _checked(database: Database) -> Database:
    samples = database.samples()
    if not any("autonomous_system_number" in record for record in samples):
        keys = ", ".join(sorted({key for record in samples for key in record})) or "nothing"
        raise Damaged(
            f"{database.path}: {database.kind} is no network database (its "
            f"records hold {keys}); ANTIPODE_GEO_ASN_DB wants one such as GeoLite2-ASN or the CSV "
            f"of @ip-location-db/asn: {REMEDY}"
        )
    return database
