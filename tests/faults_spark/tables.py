"""The tables that a step writes, as they are and as they were at each version."""

from collections.abc import Mapping
from typing import Any

import pyarrow as pa
from deltalake import DeltaTable
from deltalake.exceptions import TableNotFoundError

from conf.settings import Settings
from lake import storage
from lake.lake import Lake

# Each with the columns that put its rows in one order.
ORDER = {
    "anomalies": ("id", "date"),
    "daily_use": ("date", "refused", "person", "address_id"),
    "health": ("date", "run_id"),
}
OF_ONE_LAKE = "made_from"  # a hash of names that are other ones in each lake
State = Mapping[str, pa.Table]
EMPTY: State = dict.fromkeys(ORDER, pa.table({}))


class Tables:
    """The tables of one lake, read past the faults and without our own reader."""

    def __init__(self, lake: str, settings: Settings) -> None:
        objects = Lake(lake, settings).objects
        self._places = {name: storage.address(objects, name) for name in ORDER}
        self._options = storage.options(objects, settings)

    def version(self, name: str) -> int:
        """Return the newest version of a table; -1 when there is none yet."""
        try:
            return int(DeltaTable(self._places[name], storage_options=self._options).version())
        except TableNotFoundError:
            return -1

    def at(self, name: str, version: int) -> pa.Table:
        """Return the rows that readers of that version get, in one order."""
        if version < 0:
            return EMPTY[name]
        table: Any = DeltaTable(self._places[name], version, self._options)
        rows: pa.Table = table.to_pyarrow_table()
        kept = [column for column in rows.column_names if column != OF_ONE_LAKE]
        return rows.select(kept).sort_by([(column, "ascending") for column in ORDER[name]])

    def newest(self) -> State:
        """Return all tables as they are."""
        return {name: self.at(name, self.version(name)) for name in ORDER}


def same(seen: pa.Table, state: pa.Table) -> bool:
    """Tell whether two tables hold the same rows; one that is not there yet holds none."""
    return seen == state or seen.num_rows == state.num_rows == 0


def differing(seen: State, state: State) -> list[str]:
    """Return what differs, as text: tables, and columns of them."""
    return [
        f"{name}: {seen[name].num_rows} rows for {state[name].num_rows}, other in {_columns(*pair)}"
        for name in ORDER
        if not same(*(pair := (seen[name], state[name])))
    ]


def _columns(seen: pa.Table, state: pa.Table) -> str:
    if seen.num_rows != state.num_rows:
        return "number"
    return ", ".join(name for name in state.column_names if seen[name] != state[name])
