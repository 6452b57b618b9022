"""Rules of sensitive activity see what the mappers make of providers' records."""

import json
from datetime import datetime
from functools import cache

import duckdb
import pyarrow as pa
import pytest
from sensitive_records import RECORDS

from enrichment import assemble, sensitive
from schemas.event import EVENT
from schemas.mapper import Mapper
from schemas.mapping import Bounds

BOUNDS = Bounds(datetime(2000, 1, 1), datetime(2030, 1, 1))  # noqa: DTZ001 - as the engine has them
CASES = [
    pytest.param(number, expected, id=f"{number}-{source}-{expected or 'nothing'}")
    for number, ((source, _), expected) in enumerate(RECORDS)
]


def flat(table, source):
    """The mapper's columns as the standard event wants them, without place and the like."""
    found = {name: table[name].combine_chunks() for name in table.column_names}
    return found | {"source": pa.repeat(source, table.num_rows)}


@cache
def fired():
    """The rules that fire for each record, by its place in the list."""
    found = {}
    for source in sorted({source for (source, _), _ in RECORDS}):
        texts = {
            number: json.dumps(record)
            for number, ((of, record), _) in enumerate(RECORDS)
            if of == source
        }
        records = pa.table({"record_ordinal": [*texts], "record_text": [*texts.values()]})
        mapper = Mapper(source, BOUNDS)
        mapped = mapper.map(records)
        assert mapped.refused == []
        for _, table in mapped.events:
            numbers = table["record_ordinal"].to_pylist()
            events = assemble.nest(flat(table, source), EVENT)
            with duckdb.connect() as connection:
                judged = sensitive.judge(events, connection)
            found |= dict(zip(numbers, judged["sensitive"].to_pylist(), strict=True))
    return found


@pytest.mark.parametrize(("number", "expected"), CASES)
def test_a_record_of_the_provider_fires_the_rule_meant_for_it(number, expected):
    assert fired()[number] == ([expected] if expected else [])


def test_every_rule_that_looks_at_the_message_is_tried_on_a_record():
    tried = {expected for _, expected in RECORDS}
    looking = {
        rule.id
        for rules in sensitive.rules().values()
        for rule in rules
        if rule.where and "message" in rule.where
    }
    assert looking <= tried
