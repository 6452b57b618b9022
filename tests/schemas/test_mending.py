"""A field of another type than promised holds a record up only where it says what matters."""

import json
from typing import Any

import pytest
from okta_records import event

from schemas import versions
from schemas.mending import mended

OKTA = versions.load("okta_v1")


def fitted(**changed: Any) -> dict[str, Any] | None:
    found = mended(json.dumps(event(0, **changed)), OKTA)
    return json.loads(found.text) if found else None


@pytest.mark.parametrize("empty", ["", {}, []])
def test_what_is_empty_says_nothing(empty: Any) -> None:
    for field in ("target", "client", "outcome"):
        if not isinstance(event(0).get(field, []), type(empty)):
            assert fitted(**{field: empty}) == event(0, **{field: None})


def test_a_number_where_a_text_is_promised_is_its_text() -> None:
    assert fitted(target=[{"id": 7}, {"id": "8"}]) == event(0, target=[{"id": "7"}, {"id": "8"}])
    assert fitted(published=1790850030.123) == event(0, published="1790850030.123")
    assert fitted(actor={"displayName": 5}) == event(0, actor={"displayName": "5"})


def test_another_value_beside_the_point_is_null() -> None:
    assert fitted(displayMessage=["a"]) == event(0, displayMessage=None)
    assert fitted(displayMessage=True, target="x") == event(0, displayMessage=None, target=None)


@pytest.mark.parametrize(
    "changed",
    [
        {"eventType": 5},
        {"eventType": ["a"]},
        {"published": True},
        {"published": ["2026-10-01"]},
        {"client": "81.2.69.1"},
        {"client": {"ipAddress": 7}},
        {"actor": "ana"},
        {"actor": {"id": True}},
        {"outcome": "FAILURE"},
        {"displayMessage": ["a"], "eventType": 5},
    ],
)
def test_what_tells_time_action_outcome_person_or_address_is_left_alone(
    changed: dict[str, Any],
) -> None:
    assert fitted(**changed) is None


def test_the_faults_are_named_by_field_and_type_and_not_by_value() -> None:
    found = mended(json.dumps(event(0, target=[{"id": 7}], displayMessage=["secret"])), OKTA)
    assert found is not None
    assert sorted(found.faults) == [
        "displayMessage: an array where a string is promised",
        "target[].id: an integer where a string is promised",
    ]


def test_what_fits_or_is_no_object_is_not_mended() -> None:
    assert fitted() is None
    assert mended("[1]", OKTA) is None
    assert mended("{", OKTA) is None
