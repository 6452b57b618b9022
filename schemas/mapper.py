"""Maps batches of a source's records to flat columns of the standard event.

A whole batch runs as one SQL statement. Only records that do not fit, or that lack a time, an
action or an actor, are looked at one by one: to try their keys in another letter case, and to say
why they are refused.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from schemas import batches, letter_case, mapping, shape, surrogates, versions
from schemas.completion import completed
from schemas.mapping import Bounds
from schemas.mending import Mended, mended
from schemas.refusal import Refusal, misfit, problem
from schemas.source import Source
from schemas.statements import Statements

# What a record can cause. A statement that DuckDB does not understand is a mistake of ours.
OF_THE_DATA = (duckdb.DataError, duckdb.InvalidInputException)
FLAGS = ("doubtful", "suspicious", "problem")


@dataclass
class Mapped:
    """What became of a batch: tables of flat events with a `mapper` each, and refused records."""

    events: list[tuple[str, pa.Table]] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    mended: Counter[str] = field(default_factory=Counter)  # records, by what did not fit in them


class Mapper:
    """Maps the records of one source, on a DuckDB connection of its own."""

    def __init__(self, source: str, bounds: Bounds, mappers: tuple[str, ...] | None = None) -> None:
        """`mappers`, newest first, instead of all current versions of the source."""
        self.mappers = mappers or versions.current(source)
        self._bounds = bounds
        self._statements = Statements()

    def map(self, records: pa.Table) -> Mapped:
        """Map `records` (record_ordinal int64, record_text string), all valid UTF-8."""
        mapped = Mapped()
        left = self._mapped(records, mapped)
        if left:
            self._second_look(records, left, mapped)
        return mapped

    def _mapped(self, records: pa.Table, mapped: Mapped) -> dict[int, Refusal]:
        """Map what fits; return the records that were left, each with its refusal."""
        attempt = Mapped()
        try:
            left = self._mapped_at_once(records, attempt)
        except OF_THE_DATA as error:
            return self._mapped_apart(records, mapped, error)
        mapped.events += attempt.events
        return left

    def _mapped_apart(
        self, records: pa.Table, mapped: Mapped, error: duckdb.Error
    ) -> dict[int, Refusal]:
        """Set aside what is no JSON; what else makes a statement fail is found by halves."""
        valid = self._statements.valid(records)
        model = versions.load(self.mappers[0]).model
        invalid = records.filter(pc.invert(valid)).to_pylist()
        whole = {row["record_ordinal"]: surrogates.replaced(row["record_text"]) for row in invalid}
        readable = [(ordinal, text) for ordinal, text in whole.items() if text is not None]
        left = self._mapped(batches.table(readable), mapped) if readable else {}
        for row in invalid:
            if whole[row["record_ordinal"]] is not None:
                continue
            fault = misfit(row["record_text"], model)
            detail = fault[1] if fault and fault[0] == "not_json" else "no valid JSON"
            ordinal = row["record_ordinal"]
            left[ordinal] = Refusal(ordinal, self.mappers[0], "not_json", detail)
        records = records.filter(valid)
        if invalid:
            return left | self._mapped(records, mapped) if records.num_rows else left
        if records.num_rows == 1:
            ordinal = records["record_ordinal"][0].as_py()
            return {ordinal: Refusal(ordinal, self.mappers[0], "unmappable", type(error).__name__)}
        half = records.num_rows // 2
        first = self._mapped(records.slice(0, half), mapped)
        return first | self._mapped(records.slice(half), mapped)

    def _mapped_at_once(self, records: pa.Table, mapped: Mapped) -> dict[int, Refusal]:
        left: dict[int, Refusal] = {}
        rest = records
        for mapper in self.mappers:
            if rest.num_rows == 0:
                return left
            taken, rest = self._split_by_version(mapper, rest)
            if taken.num_rows:
                self._judge(mapper, self._run(mapper, taken), taken, mapped, left)
        for ordinal in rest["record_ordinal"].to_pylist():
            left[ordinal] = self._unknown_shape(ordinal, batches.text(records, ordinal))
        return left

    def _split_by_version(self, mapper: str, records: pa.Table) -> tuple[pa.Table, pa.Table]:
        """Part the records that the version accepts from those it leaves to older ones."""
        source = versions.load(mapper)
        if source.accepts == "true":
            return records, records.slice(0, 0)
        statement = partial(mapping.accepted, source)
        accepted = self._statements.run(f"{mapper} accepted", statement, records)["accepted"]
        if pc.all(accepted, min_count=0).as_py():
            return records, records.slice(0, 0)
        return records.filter(accepted), records.filter(pc.invert(accepted))

    def _run(self, mapper: str, records: pa.Table) -> pa.Table:
        return self._statements.run(
            mapper,
            lambda: mapping.statement(versions.load(mapper), mapper, self._bounds),
            records,
        )

    def _judge(
        self,
        mapper: str,
        rows: pa.Table,
        records: pa.Table,
        mapped: Mapped,
        left: dict[int, Refusal],
    ) -> None:
        misfits = self._found("misfits", mapping.misfits, mapper, rows["doubtful"], rows, records)
        bad_rows = pc.or_(
            pc.or_(batches.among(rows, misfits), rows["suspicious"]), pc.is_valid(rows["problem"])
        )
        if pc.any(bad_rows, min_count=0).as_py():
            bad = self._refusals(mapper, rows.filter(bad_rows), records, set(misfits.to_pylist()))
            left.update(bad)
            # One event of a record that cannot be mapped holds the whole record back.
            rows = rows.filter(pc.invert(batches.among(rows, pa.array(list(bad), pa.int64()))))
        rows = self._with_addresses(mapper, rows, records, mapped)
        if rows.num_rows:
            source = versions.load(mapper)
            whole = completed(rows, mapping.same(source), mapping.nulls(source))
            mapped.events.append((mapper, whole.drop_columns(list(FLAGS))))

    def _with_addresses(
        self, mapper: str, rows: pa.Table, records: pa.Table, mapped: Mapped
    ) -> pa.Table:
        """Map again what may have its address under a key in lower case; return the other rows."""
        nowhere = pc.is_null(rows["src_endpoint.ip"])
        lower = self._found("lower", mapping.lower_cased, mapper, nowhere, rows, records)
        restored = self._restored(mapper, lower.to_pylist(), records)
        if not restored:
            return rows
        still_left = self._mapped(batches.table(restored.items()), mapped)
        done = pa.array([ordinal for ordinal in restored if ordinal not in still_left], pa.int64())
        return rows.filter(pc.invert(batches.among(rows, done)))

    def _found(
        self,
        name: str,
        statement: Callable[[Source], str],
        mapper: str,
        asked: pa.ChunkedArray,
        rows: pa.Table,
        records: pa.Table,
    ) -> pa.Array:
        """Return the ordinals that a statement yields of the records whose rows are asked for."""
        ordinals = pc.unique(rows.filter(asked)["record_ordinal"])
        if len(ordinals) == 0:
            return ordinals
        sql = partial(statement, versions.load(mapper))
        found = self._statements.run(
            f"{mapper} {name}", sql, records.filter(batches.among(records, ordinals))
        )
        return found["record_ordinal"].combine_chunks()

    def _refusals(
        self, mapper: str, rows: pa.Table, records: pa.Table, misfits: set[int]
    ) -> dict[int, Refusal]:
        model = versions.load(mapper).model
        refusals: dict[int, Refusal] = {}
        for row in rows.select(["record_ordinal", "metadata.original_time", *FLAGS]).to_pylist():
            ordinal = row["record_ordinal"]
            if ordinal in refusals:
                continue
            fault = None
            if ordinal in misfits or row["suspicious"]:
                fault = misfit(batches.text(records, ordinal), model)
            if fault is None and row["problem"]:
                fault = problem(row["problem"], row["metadata.original_time"])
            if fault is None and ordinal in misfits:
                fault = "wrong_type", "the record does not fit the model"
            if fault is not None:
                refusals[ordinal] = Refusal(ordinal, mapper, *fault)
        return refusals

    def _unknown_shape(self, ordinal: int, text: str) -> Refusal:
        newest = self.mappers[0]
        fault = misfit(text, versions.load(newest).model)
        names = ", ".join(self.mappers)
        return Refusal(ordinal, newest, *(fault or ("unknown_shape", f"accepted by none: {names}")))

    def _second_look(self, records: pa.Table, left: dict[int, Refusal], mapped: Mapped) -> None:
        again: dict[int, Refusal] = {}  # what is wrong once the keys are as the model spells them
        texts: dict[int, str] = {}
        for mapper in self.mappers:
            # Several versions may have left them: in their order.
            restored = self._restored(mapper, sorted(left), records)
            if restored:
                still_left = self._mapped(batches.table(restored.items()), mapped)
                again, texts = still_left | again, restored | texts
                for ordinal in set(restored) - set(still_left):
                    del left[ordinal]
        refused = {ordinal: again.get(ordinal, left[ordinal]) for ordinal in sorted(left)}
        self._mend(records, texts, refused, mapped)
        mapped.refused.extend(refused.values())

    def _mend(
        self, records: pa.Table, texts: dict[int, str], refused: dict[int, Refusal], mapped: Mapped
    ) -> None:
        """Map what only a field beside the point keeps from fitting."""
        found: dict[int, Mended] = {}
        for ordinal, refusal in refused.items():
            if refusal.reason == "wrong_type" and refusal.mapper is not None:
                text = texts.get(ordinal) or batches.text(records, ordinal)
                if (fit := mended(text, versions.load(refusal.mapper))) is not None:
                    found[ordinal] = fit
        if not found:
            return
        left = self._mapped(
            batches.table((number, fit.text) for number, fit in found.items()), mapped
        )
        for ordinal in set(found) - set(left):
            del refused[ordinal]
            mapped.mended.update(found[ordinal].faults)

    def _restored(self, mapper: str, ordinals: Iterable[int], records: pa.Table) -> dict[int, str]:
        """Return the records whose keys are not in the model's letter case, with them in it."""
        known = shape.of_model(versions.load(mapper).model)
        return {
            ordinal: text
            for ordinal in ordinals
            if (text := letter_case.restore(batches.text(records, ordinal), known)) is not None
        }
