"""A table of the lake: live files in, rows out, and one atomic commit at a time.

Read, then commit at the version that was read: `commit` and `replace` raise Conflict if anybody
else committed in between, so that what was decided from the rows read (duplicates) still holds.
"""

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from conf.errors import Conflict
from lake import files
from lake.edge import TableSpec, check
from lake.files import LiveFile, WrittenFile
from lake.log import SWEEP, Log
from lake.objects import Objects
from lake.pruning import Pruning


class Table:
    """One table. Every method sees the newest version, or the one that was `seen` just before."""

    def __init__(self, spec: TableSpec, objects: Objects, log: Log) -> None:
        """Use a log and the objects beside it; `Lake.table` makes them."""
        self.spec = spec
        self._objects, self._log = objects, log

    def version(self) -> int:
        """Return the number of the newest version; -1 when the table does not exist yet."""
        return self._log.refresh()

    def transaction(self, application: str, *, seen: int | None = None) -> int | None:
        """Return the last sequence number that `application` committed, None when none."""
        self._read(seen)
        return self._log.transaction(application)

    def files(
        self,
        tenant: str | None = None,
        first_date: date | None = None,
        last_date: date | None = None,
        *,
        source: str | None = None,
        first_time: datetime | None = None,
        last_time: datetime | None = None,
        seen: int | None = None,
    ) -> list[LiveFile]:
        """Return the live files that may hold such rows, bounds included, oldest day first."""
        self._read(seen)
        bounds = {
            "tenant": (tenant, tenant),
            "date": (first_date, last_date),
            "source": (source, source),
            "time": (first_time, last_time),
        }
        found = self._log.live_files(Pruning(bounds))
        return sorted(found, key=lambda file: (*map(str, file.partition.values()), file.key))

    def write_files(self, rows: pa.Table, seen: int | None = None) -> list[WrittenFile]:
        """Write rows as Parquet, sorted, under final unique names; `commit` makes them live.

        `seen` is a version of the table that was read before, if there was one.
        """
        rows = check(rows, self.spec)
        return files.write(rows, self.spec, self._objects, self._read(seen))

    def _read(self, seen: int | None) -> int:
        return self._log.refresh() if seen is None else seen

    def commit(
        self, written: Sequence[WrittenFile], application: str, sequence: int, at_version: int
    ) -> int:
        """Make files live in one commit that bears the transaction; return the new version.

        No files: the transaction alone. Raises Conflict when the table is no longer at
        `at_version`, AlreadyCommitted when it holds the transaction or a later one.
        """
        return self._change(written, (), (application, sequence), at_version)

    def replace(
        self,
        written: Sequence[WrittenFile],
        where: Mapping[str, Collection[Any]],
        application: str | None,
        sequence: int,
        at_version: int,
    ) -> int:
        """Take out rows and make files live, in one commit; return the new version.

        `where` names top-level columns and values: a row goes when each of these columns has one
        of its values. `application` None: without a transaction. Raises as `commit` does.
        """
        transaction = (application, sequence) if application else None
        self._log.expect(at_version, transaction)
        removed, kept = [], []
        own = {file.key for file in written}
        for file in self._log.live_files(Pruning(values=where)):
            if file.key in own:
                return at_version  # this commit had succeeded, only its answer was lost
            rows = self.arrow(live=[file])
            mask = _matches(rows, where)
            if not pc.any(mask).as_py():
                continue
            removed.append(file)
            rows = rows.filter(pc.invert(mask))
            kept += files.write(rows, self.spec, self._objects, at_version)
        return self._change([*written, *kept], removed, transaction, at_version)

    def rewrite(self, merged: Sequence[LiveFile]) -> bool:
        """Put the rows of some files of one partition into as few as they need, sorted anew.

        Others may add files meanwhile. Returns False, and changes nothing, when one of the files
        is no longer live.
        """
        written = files.write(self.arrow(live=merged), self.spec, self._objects, self.version())
        wanted = {file.key for file in merged}
        of_them = Pruning(
            values={
                name: {file.partition[name] for file in merged} for name in self.spec.partitions
            }
        )
        while True:
            version = self.version()
            live = [file for file in self._log.live_files(of_them) if file.key in wanted]
            if len(live) < len(wanted):
                return False
            with suppress(Conflict):
                self._change(written, live, None, version, new_rows=False)
                return True

    def sweep(self, keep_removed: timedelta) -> int:
        """Remove files that no reader needs; return how many.

        These are files that a commit took out more than `keep_removed` ago, and files that never
        came into the table because their writer died. A writer that is only slow is safe: the
        sweep first commits the version since which files may be gone, so whoever wrote a file
        before cannot commit without seeing that, and puts the file again.
        """
        if (version := self.version()) == -1:
            return 0
        prefix = f"{self.spec.name}/"
        found = {key.removeprefix(prefix) for key in self._objects.list(prefix)}
        found = {key for key in found if key.endswith(".parquet") and not key.startswith("_")}
        known = self._known()
        while found - known:
            with suppress(Conflict):
                self._log.change((), (), (SWEEP, version + 1), version)
                break
            version = self.version()
        known |= self._known()
        gone = (found - known) | (found & set(self._log.removed_files(keep_removed)))
        for key in sorted(gone):
            self._objects.delete(f"{prefix}{key}")
        return len(gone)

    def _known(self) -> set[str]:
        """Return the keys of the files that are in the table or were."""
        live = {file.key for file in self._log.live_files()}
        return live.union(self._log.removed_files(timedelta(0)))

    def tidy(self) -> None:
        """Write a checkpoint of the log, and drop log entries past the log's retention."""
        self.version()
        self._log.tidy()

    def _change(
        self,
        written: Sequence[WrittenFile],
        removed: Sequence[LiveFile],
        transaction: tuple[str, int] | None,
        at_version: int,
        new_rows: bool = True,
    ) -> int:
        self._log.expect(at_version, transaction)
        if any(file.seen < at_version for file in written):
            written = self._put_again_what_was_swept(written, at_version)
        return self._log.change(written, removed, transaction, at_version, new_rows)

    def _put_again_what_was_swept(
        self, written: Sequence[WrittenFile], at_version: int
    ) -> list[WrittenFile]:
        # A sweep commits before it removes: a file written after the newest commit was seen needs
        # no question, which takes a look at the whole log where nothing was ever swept.
        swept = self._log.transaction(SWEEP) or -1
        return [
            files.put_again(file, self.spec.name, self._objects, at_version)
            if file.seen < swept
            else file
            for file in written
        ]

    def dataset(self, live: Sequence[LiveFile]) -> ds.Dataset:
        """Return live files as one pyarrow dataset of the declared schema, old columns null."""
        filesystem = self._log.filesystem()
        if filesystem is None or not live:
            return ds.dataset(self.spec.schema.empty_table())
        layout = ds.ParquetFileFormat()
        fragments = [
            layout.make_fragment(file.key, filesystem, _equal(file.partition)) for file in live
        ]
        return ds.FileSystemDataset(fragments, self.spec.schema, layout, filesystem)

    def arrow(
        self,
        columns: Sequence[str] | None = None,
        live: Sequence[LiveFile] | None = None,
        where: ds.Expression | None = None,
    ) -> pa.Table:
        """Read rows of `live` (default: all files); `where` is a pyarrow.dataset expression."""
        dataset = self.dataset(self.files() if live is None else live)
        return dataset.to_table(columns=list(columns) if columns else None, filter=where)


def _matches(rows: pa.Table, where: Mapping[str, Collection[Any]]) -> "pa.ChunkedArray[Any]":
    mask: Any = pa.chunked_array([pa.repeat(True, rows.num_rows)])
    for name, values in where.items():
        wanted = pa.array(list(values), rows.schema.field(name).type)
        mask = pc.and_(mask, pc.is_in(rows[name], value_set=wanted))
    return mask


def _equal(partition: Mapping[str, Any]) -> ds.Expression:
    terms = [ds.field(name) == value for name, value in partition.items()]
    expression = terms[0]
    for term in terms[1:]:
        expression &= term
    return expression
