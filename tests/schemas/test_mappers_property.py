"""Whatever a provider does to its records, none is lost and none stops the others.

Sample records of every mapper are changed at random: values of any type in any place, keys gone,
doubled or in another letter case, texts cut. Each must be mapped or refused, and refused for its
shape exactly where pydantic says that it does not fit the model.
"""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest
import source_samples
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from schemas import letter_case, mending, shape, versions

OF_SHAPE = {"wrong_type", "missing_field", "not_an_object", "not_json"}
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**53), 2**53),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(["", "0", "true", "{", "[", "unknown", "2026-02-30T25:61:00Z", "::1", "a@b"]),
    st.text(st.characters(codec="utf-8"), max_size=8),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=5,
)


def _places(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Return the path of every value inside a record."""
    found: list[tuple[str | int, ...]] = []
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    for key, child in inner:
        found.append((*path, key))
        if isinstance(child, dict | list):
            found += _places(child, (*path, key))
    return found


def _changed(record: Any, path: tuple[str | int, ...], change: Callable[[Any, Any], None]) -> Any:
    whole = copy.deepcopy(record)
    holder = whole
    for key in path[:-1]:
        holder = holder[key]
    change(holder, path[-1])
    return whole


def _recase(holder: Any, key: Any) -> None:
    if isinstance(holder, dict):
        holder[key.upper() if key.islower() else key.lower()] = holder.pop(key)


@st.composite
def _mutations(draw: st.DrawFn, records: list[Any]) -> str:
    record = draw(st.sampled_from(records))
    for _ in range(draw(st.integers(0, 3))):
        places = _places(record)
        if not places:
            break
        path = draw(st.sampled_from(places))
        kind = draw(st.sampled_from(["replace", "replace", "replace", "drop", "recase"]))
        if kind == "replace":
            value = draw(VALUES)
            record = _changed(record, path, lambda holder, key: holder.__setitem__(key, value))  # noqa: B023 - called at once
        elif kind == "drop":
            record = _changed(record, path, lambda holder, key: holder.__delitem__(key))
        else:
            record = _changed(record, path, _recase)
    text = json.dumps(record)
    cut = draw(st.sampled_from([None] * 9 + [3]))
    return text[:-cut] if cut else text


def _fits(mapper: str, text: str) -> bool:
    try:
        versions.load(mapper).model.model_validate_json(text)
    except ValidationError:
        return False
    return True


def _as_refused(mappers: tuple[str, ...], text: str) -> str:
    """Return the form that is judged at last: in the letter case of the first model that has it."""
    forms = (
        letter_case.restore(text, shape.of_model(versions.load(name).model)) for name in mappers
    )
    return next((form for form in forms if form is not None), text)


def _in_its_letter_case(mapper: str, text: str) -> str:
    return letter_case.restore(text, shape.of_model(versions.load(mapper).model)) or text


def _mended(mapper: str, text: str) -> str:
    found = mending.mended(text, versions.load(mapper))
    return found.text if found else text


@pytest.mark.parametrize("source", sorted(versions.mappers()))
def test_every_changed_record_is_mapped_or_refused_as_pydantic_would(source: str) -> None:
    mappers = versions.current(source)
    records = [
        json.loads(text)
        for mapper in versions.of(source)
        for text in source_samples.records(mapper)
        if text.startswith("{") and text.endswith("}")
    ]

    @settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(_mutations(records), min_size=6, max_size=20))
    def holds(texts: list[str]) -> None:
        outcome = source_samples.run(source, texts)
        mapped = {event.record: event.row["mapper"] for event in outcome.events}
        refused = {refusal.ordinal: refusal for refusal in outcome.refused}
        assert len(refused) == len(outcome.refused)
        assert sorted([*mapped, *refused]) == list(range(len(texts)))
        for ordinal, mapper in mapped.items():
            text = texts[ordinal]
            forms = [text, *(_in_its_letter_case(other, text) for other in mappers)]
            forms += [_mended(other, form) for other in mappers for form in forms]
            assert any(_fits(mapper, form) for form in forms), text
        for ordinal, refusal in refused.items():
            assert refusal.mapper is not None
            judged = _fits(refusal.mapper, _as_refused(mappers, texts[ordinal]))
            assert judged == (refusal.reason not in OF_SHAPE), (texts[ordinal], refusal)

    holds()


def test_records_that_several_versions_left_are_all_looked_at_again() -> None:
    """Two in another letter case, of which the newest version leaves the first to the older."""
    of_version_1 = {
        "ID": {"time": "2026-03-02T08:15:30Z", "applicationName": "drive"},
        "actor": {"email": "lea@example.com"},
        "events": [{"name": "view"}],
    }
    of_version_2 = {
        "ID": {"time": "2026-03-02T08:15:31Z", "applicationName": "drive"},
        "actor": {"email": "lea@example.com"},
        "name": "view",
    }
    outcome = source_samples.run(
        "google_workspace", [json.dumps(of_version_1), json.dumps(of_version_2)]
    )
    assert [event.row["mapper"] for event in outcome.events] == [
        "google_workspace_v3",
        "google_workspace_v4",
    ]
    assert outcome.refused == []
