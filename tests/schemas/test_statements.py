"""Statements run over a batch of records, some of them at a time, and yield one whole."""

import pyarrow as pa
import pytest

from schemas import statements
from schemas.statements import BATCH_BYTES, FEWEST, Statements


def records(texts: list[str]) -> pa.Table:
    ordinals = pa.array(range(len(texts)), pa.int64())
    return pa.table({"record_ordinal": ordinals, "record_text": pa.array(texts, pa.string())})


@pytest.mark.parametrize(
    ("count", "length", "most"),
    [(5000, 2000, 540), (5000, 10, 5000), (200, 200_000, FEWEST), (0, 0, 0)],
)
def test_so_many_records_at_a_time_as_a_processor_keeps_at_hand(
    count: int, length: int, most: int
) -> None:
    given = records(["x" * length] * count)
    batches = statements._in_batches(given).to_batches()
    assert max((batch.num_rows for batch in batches), default=0) <= most
    assert max((batch.nbytes for batch in batches), default=0) <= max(
        BATCH_BYTES, FEWEST * (length + 20)
    )
    assert statements._in_batches(given).equals(given)


def test_the_answer_is_whole_and_in_order() -> None:
    given = records([f"{number:02000}" for number in range(3000)])
    asked: list[int] = []

    def statement() -> str:
        asked.append(1)
        return "SELECT record_ordinal, length(record_text) AS length FROM chunk"

    own = Statements()
    for part in (given, given.slice(0, 0), given.slice(7, 1000)):
        found = own.run("lengths", statement, part)
        assert found["record_ordinal"].to_pylist() == part["record_ordinal"].to_pylist()
        assert found["length"].to_pylist() == [2000] * part.num_rows
    assert len(asked) == 1
