"""The commit log of one Delta table: its newest state, and one atomic change of it at a time."""

import time
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import unquote

import pyarrow as pa
import pyarrow.fs
from deltalake import (
    CommitProperties,
    DeltaTable,
    Field,
    PostCommitHookProperties,
    Schema,
    Transaction,
)
from deltalake.exceptions import CommitFailedError, DeltaError, TableNotFoundError
from deltalake.fs import DeltaStorageHandler
from deltalake.transaction import AddAction, RemoveAction

from conf.errors import AntipodeError, Conflict
from lake.edge import TableSpec
from lake.files import LiveFile, WrittenFile
from lake.pruning import Pruning

CHECKPOINT_EVERY = 50  # commits


# The transaction of a sweep: its number is the version since which swept files may be gone.
SWEEP = "antipode/sweep"


class AlreadyCommitted(AntipodeError):
    """The table holds this transaction, or a later one of the same application: skip it."""


class Log:
    """The log of the table at `uri`, which need not exist yet."""

    def __init__(self, spec: TableSpec, uri: str, options: dict[str, str]) -> None:
        """Use delta-rs' storage options."""
        self._spec, self._uri, self._options = spec, uri, options
        self._delta: DeltaTable | None = None
        # What was answered last, of a version and of a schema: neither ever changes.
        self._transactions: dict[tuple[int, str], int | None] = {}
        self._complete: Schema | None = None  # one that had every column

    def refresh(self) -> int:
        """Read what was committed since; return the version, -1 when there is no table."""
        try:
            if self._delta is None:
                self._delta = DeltaTable(self._uri, storage_options=self._options)
            else:
                self._delta.update_incremental()
        except TableNotFoundError:
            return -1
        except DeltaError as error:
            raise AntipodeError(f"Could not read the table {self._uri}: {error}") from error
        return self._delta.version()

    def transaction(self, application: str) -> int | None:
        """Return the last sequence number committed by `application`, None when it has none."""
        if self._delta is None:
            return None
        asked = self._delta.version(), application
        if asked not in self._transactions:
            self._transactions = {asked: self._delta.transaction_version(application)}
        return self._transactions[asked]

    def live_files(self, pruning: Pruning | None = None) -> list[LiveFile]:
        """Return the files of the version read last that `pruning` leaves, in no order."""
        if self._delta is None:
            return []
        adds = pa.table(self._delta.get_add_actions(flatten=True))
        # A table may have some hundred thousand files: only those wanted become Python objects.
        wanted = pruning.expression(adds.schema) if pruning else None
        adds = adds if wanted is None else adds.filter(wanted)
        return [self._live_file(add) for add in adds.to_pylist()]

    def filesystem(self) -> pyarrow.fs.FileSystem | None:
        """Return a file system, rooted at the table, that reads its files; None without table."""
        if self._delta is None:
            return None
        if "://" not in self._uri:  # not through Python, as the other
            return pyarrow.fs.SubTreeFileSystem(self._uri, pyarrow.fs.LocalFileSystem())
        handler = DeltaStorageHandler.from_table(self._delta._table, self._options)
        return pyarrow.fs.PyFileSystem(handler)

    def change(
        self,
        added: Sequence[WrittenFile],
        removed: Iterable[LiveFile],
        transaction: tuple[str, int] | None,
        at_version: int,
        new_rows: bool = True,
    ) -> int:
        """Add and remove files in one commit; return the new version.

        `new_rows` False: the same rows in other files. Raises AlreadyCommitted, or Conflict when
        the table is no longer at `at_version`; then nothing has changed.
        """
        delta = self.expect(at_version, transaction)
        now = int(time.time() * 1000)  # only vacuum looks at it, against the same machine's clock
        actions: list[AddAction | RemoveAction] = [
            RemoveAction(
                file.key,
                new_rows,
                now,
                file.size,
                {name: str(value) for name, value in file.partition.items()},
            )
            for file in removed
        ]
        actions += [
            AddAction(file.key, file.size, file.partition, now, new_rows, file.statistics)
            for file in added
        ]
        try:
            delta.create_write_transaction(
                actions,
                "append",
                delta.schema(),
                list(self._spec.partitions),
                commit_properties=CommitProperties(
                    app_transactions=[Transaction(*transaction)] if transaction else None,
                    max_commit_retries=0,  # any other commit since is a conflict
                ),
                post_commithook_properties=PostCommitHookProperties(
                    create_checkpoint=self._spec.checkpoints
                ),
            )
        except CommitFailedError as error:
            raise Conflict(f"{self._uri} was changed by somebody else; read it again.") from error
        except (DeltaError, OSError) as error:
            raise AntipodeError(f"Could not commit to {self._uri}: {error}") from error
        return self.refresh()

    def expect(self, at_version: int, transaction: tuple[str, int] | None) -> DeltaTable:
        """Return the table at this version; raises as `change` does."""
        delta = self._at(at_version)
        last = self.transaction(transaction[0]) if transaction else None
        if transaction and last is not None and last >= transaction[1]:
            raise AlreadyCommitted(f"{self._spec.name} holds {transaction[0]} up to {last}.")
        return delta

    def removed_files(self, longer_ago_than: timedelta) -> list[str]:
        """Return the keys of files that commits took out longer ago than this (whole hours)."""
        if self._delta is None:
            return []
        hours = int(longer_ago_than / timedelta(hours=1))
        return self._delta.vacuum(hours, dry_run=True, enforce_retention_duration=False)

    def tidy(self) -> None:
        """Write a checkpoint, and drop log entries that are older than the log's retention."""
        if self._delta is not None and self._spec.checkpoints:
            self._delta.create_checkpoint()
            self._delta.cleanup_metadata()

    def _at(self, version: int) -> DeltaTable:
        """Return the table at `version`, made where there is none."""
        if self._delta is None and self.refresh() == -1:
            self._create()
        assert self._delta is not None
        if self._delta.version() != max(version, 0):
            self.refresh()
        if self._delta.version() != max(version, 0):
            raise Conflict(f"{self._uri} is no longer at version {version}; read it again.")
        schema = self._delta.schema()
        if schema != self._complete and (new := self._new_columns(schema)):
            try:
                self._delta.alter.add_columns(new)
            except CommitFailedError:
                pass  # somebody else adds them
            except DeltaError as error:
                raise AntipodeError(f"Could not add columns to {self._uri}: {error}") from error
            self.refresh()
            raise Conflict(f"{self._uri} was given new columns; read it again.")
        self._complete = schema
        return self._delta

    def _new_columns(self, schema: Schema) -> list[Field]:
        """Return the columns that are declared but that the table lacks, in whole or in part."""
        has = pa.struct(list(pa.schema(schema)))
        return [
            Field.from_arrow(column)
            for column in self._declared()
            if not _covers(has, pa.struct([column]))
        ]

    def _declared(self) -> pa.Schema:
        """Return the schema with the columns first of which the log keeps statistics."""
        first = self._spec.statistics
        names = [*first, *(name for name in self._spec.schema.names if name not in first)]
        return pa.schema([self._spec.schema.field(name) for name in names])

    def _create(self) -> None:
        try:
            self._delta = DeltaTable.create(
                self._uri,
                self._declared(),
                mode="ignore",
                partition_by=list(self._spec.partitions),
                storage_options=self._options,
                configuration={
                    "delta.checkpointInterval": str(CHECKPOINT_EVERY),
                    # Statistics are kept of the first columns only.
                    "delta.dataSkippingNumIndexedCols": str(len(self._spec.statistics)),
                },
            )
        except (DeltaError, OSError) as error:
            if self.refresh() == -1:
                raise AntipodeError(f"Could not make the table {self._uri}: {error}") from error

    def _live_file(self, add: dict[str, Any]) -> LiveFile:
        ranges = {
            name: (add[f"min.{name}"], add[f"max.{name}"])
            for name in self._spec.statistics
            if add.get(f"min.{name}") is not None and add.get(f"max.{name}") is not None
        }
        partition = {name: add[f"partition.{name}"] for name in self._spec.partitions}
        key = unquote(add["path"])  # in the log, paths are encoded as in a URL
        return LiveFile(
            key, f"{self._uri}/{key}", add["size_bytes"], add["num_records"], partition, ranges
        )


def _covers(has: pa.DataType, wanted: pa.DataType) -> bool:
    """Tell whether everything inside type `wanted` is in type `has`, too."""
    if has.id != wanted.id:
        raise AntipodeError(f"A column of the table is {has}, but is declared as {wanted}.")
    if pa.types.is_struct(wanted):
        return all(
            has.get_field_index(field.name) >= 0 and _covers(has.field(field.name).type, field.type)
            for field in wanted
        )
    if pa.types.is_list(wanted):
        return _covers(has.value_type, wanted.value_type)
    return True
