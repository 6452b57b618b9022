"""Maps batches of a source's records to flat columns of the standard event.

A whole batch runs as one SQL statement. Only records that do not fit, or that lack a time, an
action or an actor, are looked at one by one: to try their keys in another letter case, and to say
why they are refused.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from schemas import letter_case, macros, mapping, shape, versions
from schemas.mapping import Bounds
from schemas.refusal import PROBLEMS, Refusal, misfit

FLAGS = ("doubtful", "suspicious", "accepted", "problem")


@dataclass
class Mapped:
    """What became of a batch: tables of flat events with a `mapper` each, and refused records."""

    events: list[tuple[str, pa.Table]] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)


class _Chunk:
    """What the prepared statements read: DuckDB asks it for its records each time one runs."""

    def __init__(self) -> None:
        self.records = pa.table(
            {"record_ordinal": pa.array([], pa.int64()), "record_text": pa.array([], pa.string())}
        )

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        stream: object = self.records.__arrow_c_stream__(requested_schema)
        return stream


class Mapper:
    """Maps the records of one source, on a DuckDB connection of its own."""

    def __init__(self, source: str, bounds: Bounds, mappers: tuple[str, ...] | None = None) -> None:
        """`mappers`, newest first, instead of all versions of the source."""
        self.mappers = mappers or versions.of(source)
        self._bounds = bounds
        self._prepared: set[str] = set()
        self._chunk = _Chunk()
        self.connection = duckdb.connect()
        # One thread: batches run side by side in processes, and keep their order.
        self.connection.execute("SET threads = 1")
        macros.install(self.connection)
        self.connection.register("chunk", self._chunk)

    def map(self, records: pa.Table) -> Mapped:
        """Map `records` (record_ordinal int64, record_text string), all valid UTF-8."""
        mapped = Mapped()
        left = self._mapped(records, mapped)
        if left:
            self._second_look(records, left, mapped)
        return mapped

    def _mapped(self, records: pa.Table, mapped: Mapped) -> dict[int, Refusal]:
        """Map what fits at once; return the records that were left, each with its refusal."""
        left: dict[int, Refusal] = {}
        rest = records
        for mapper in self.mappers:
            if rest.num_rows == 0:
                return left
            try:
                rows = self._run(mapper, rest)
            except duckdb.Error:
                rest, rows = self._run_valid(mapper, rest, left)
            taken, rest = _split_by_version(rows, rest)
            self._judge(mapper, taken, records, mapped, left)
        for ordinal in rest["record_ordinal"].to_pylist():
            left[ordinal] = self._unknown_shape(ordinal, _text(records, ordinal))
        return left

    def _run(self, mapper: str, records: pa.Table) -> pa.Table:
        return self._prepared_run(
            mapper,
            lambda: mapping.statement(versions.load(mapper), mapper, self._bounds),
            records,
        )

    def _misfits(self, mapper: str, records: pa.Table) -> pa.Array:
        """Return the ordinals of the records that do not fit the mapper's model."""
        statement = partial(mapping.misfits, versions.load(mapper))
        rows = self._prepared_run(f"{mapper} misfits", statement, records)
        return rows["record_ordinal"].combine_chunks()

    def _prepared_run(self, name: str, statement: Callable[[], str], records: pa.Table) -> pa.Table:
        # Prepared once: to plan the statement takes longer than to map a thousand records.
        if name not in self._prepared:
            self.connection.execute(f'PREPARE "{name}" AS {statement()}')
            self._prepared.add(name)
        return self._query(f'EXECUTE "{name}"', records)

    def _query(self, sql: str, records: pa.Table) -> pa.Table:
        self._chunk.records = records
        rows: pa.Table = self.connection.sql(sql).to_arrow_table()
        return rows

    def _run_valid(
        self, mapper: str, records: pa.Table, left: dict[int, Refusal]
    ) -> tuple[pa.Table, pa.Table]:
        """Set aside what is no JSON, then run the rest."""
        valid = self._query("SELECT json_valid(record_text) AS valid FROM chunk", records)["valid"]
        for row in records.filter(pc.invert(valid)).to_pylist():
            fault = misfit(row["record_text"], versions.load(mapper).model)
            detail = fault[1] if fault and fault[0] == "not_json" else "no valid JSON"
            ordinal = row["record_ordinal"]
            left[ordinal] = Refusal(ordinal, mapper, "not_json", detail)
        records = records.filter(valid)
        return records, self._run(mapper, records)

    def _judge(
        self,
        mapper: str,
        rows: pa.Table,
        records: pa.Table,
        mapped: Mapped,
        left: dict[int, Refusal],
    ) -> None:
        misfits = self._misfits_among(mapper, rows, records)
        bad_rows = pc.or_(
            pc.or_(pc.is_in(rows["record_ordinal"], value_set=misfits), rows["suspicious"]),
            pc.is_valid(rows["problem"]),
        )
        if pc.any(bad_rows, min_count=0).as_py():
            bad = self._refusals(mapper, rows.filter(bad_rows), records, set(misfits.to_pylist()))
            left.update(bad)
            # One event of a record that cannot be mapped holds the whole record back.
            refused = pa.array(list(bad), pa.int64())
            rows = rows.filter(pc.invert(pc.is_in(rows["record_ordinal"], value_set=refused)))
        if rows.num_rows:
            mapped.events.append((mapper, rows.drop_columns(list(FLAGS))))

    def _misfits_among(self, mapper: str, rows: pa.Table, records: pa.Table) -> pa.Array:
        doubtful = pc.unique(rows.filter(rows["doubtful"])["record_ordinal"])
        if len(doubtful) == 0:
            return doubtful
        asked = records.filter(pc.is_in(records["record_ordinal"], value_set=doubtful))
        return self._misfits(mapper, asked)

    def _refusals(
        self, mapper: str, rows: pa.Table, records: pa.Table, misfits: set[int]
    ) -> dict[int, Refusal]:
        model = versions.load(mapper).model
        refusals: dict[int, Refusal] = {}
        for row in rows.select(["record_ordinal", *FLAGS]).to_pylist():
            ordinal = row["record_ordinal"]
            if ordinal in refusals:
                continue
            fault = None
            if ordinal in misfits or row["suspicious"]:
                fault = misfit(_text(records, ordinal), model)
            if fault is None and row["problem"]:
                fault = row["problem"], PROBLEMS[row["problem"]]
            if fault is None and ordinal in misfits:
                fault = "wrong_type", "the record does not fit the model"
            if fault is not None:
                refusals[ordinal] = Refusal(ordinal, mapper, *fault)
        return refusals

    def _unknown_shape(self, ordinal: int, text: str) -> Refusal:
        newest = self.mappers[0]
        fault = misfit(text, versions.load(newest).model)
        reason, detail = fault or ("unknown_shape", f"no version accepts it: {self._names()}")
        return Refusal(ordinal, newest, reason, detail)

    def _names(self) -> str:
        return ", ".join(self.mappers)

    def _second_look(self, records: pa.Table, left: dict[int, Refusal], mapped: Mapped) -> None:
        for mapper in self.mappers:
            known = shape.of_model(versions.load(mapper).model)
            restored = {
                ordinal: text
                for ordinal in sorted(left)  # several versions may have left them
                if (text := letter_case.restore(_text(records, ordinal), known)) is not None
            }
            if restored:
                again = _table(restored.items())
                still_left = Mapper._mapped(self, again, mapped)
                for ordinal in set(restored) - set(still_left):
                    del left[ordinal]
        mapped.refused.extend(left[ordinal] for ordinal in sorted(left))


def _split_by_version(rows: pa.Table, records: pa.Table) -> tuple[pa.Table, pa.Table]:
    """Part the rows that the version accepts from the records it leaves to older ones."""
    accepted = rows["accepted"]
    if pc.all(accepted, min_count=0).as_py():
        return rows, records.slice(0, 0)
    refused = pc.unique(rows.filter(pc.invert(accepted))["record_ordinal"])
    rest = records.filter(pc.is_in(records["record_ordinal"], value_set=refused))
    return rows.filter(accepted), rest


def _text(records: pa.Table, ordinal: int) -> str:
    row = int(np.searchsorted(records["record_ordinal"].to_numpy(), ordinal))
    return str(records["record_text"][row].as_py())


def _table(records: Iterable[tuple[int, str]]) -> pa.Table:
    ordinals, texts = zip(*records, strict=True)
    return pa.table(
        {
            "record_ordinal": pa.array(ordinals, pa.int64()),
            "record_text": pa.array(texts, pa.string()),
        }
    )
