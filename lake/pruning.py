"""Which files of a table may hold the rows that are asked for, told from the log alone."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

Bounds = tuple[Any, Any]  # least and greatest value, both included; None: no bound


@dataclass(frozen=True)
class Pruning:
    """Bounds and values of columns; a file goes when it surely holds no such row."""

    bounds: Mapping[str, Bounds] = field(default_factory=dict)
    values: Mapping[str, Collection[Any]] = field(default_factory=dict)

    def expression(self, log: pa.Schema) -> pc.Expression | None:
        """Return what must hold for an entry of the flattened log; None when nothing must."""
        terms = [
            _within(name, least, greatest, log) for name, (least, greatest) in self.bounds.items()
        ]
        terms += [
            _among(name, values, log) for name, values in self.values.items() if len(values) > 0
        ]
        found = [term for term in terms if term is not None]
        expression = found[0] if found else None
        for term in found[1:]:
            expression &= term
        return expression


def _among(name: str, values: Collection[Any], log: pa.Schema) -> pc.Expression | None:
    partition = f"partition.{name}"
    if partition in log.names:
        return pc.field(partition).isin(pa.array(list(values), log.field(partition).type))
    return _within(name, min(values), max(values), log)


def _within(name: str, least: Any, greatest: Any, log: pa.Schema) -> pc.Expression | None:
    partition = f"partition.{name}"
    low, high = (partition, partition) if partition in log.names else (f"min.{name}", f"max.{name}")
    if low not in log.names or (least is None and greatest is None):
        return None
    expression = pc.scalar(True)
    if greatest is not None:
        expression &= _or_unknown(low, pc.field(low) <= pa.scalar(greatest, log.field(low).type))
    if least is not None:
        expression &= _or_unknown(high, pc.field(high) >= pa.scalar(least, log.field(high).type))
    return expression


def _or_unknown(name: str, term: pc.Expression) -> pc.Expression:
    return pc.field(name).is_null() | term
