"""Whether a text is JSON through and through."""

import pytest

from lake.json_text import is_json


@pytest.mark.parametrize("text", [b"{}", b' [1, "a"] ', b"null", b'{"a": {"b": [true]}}'])
def test_json_is(text: bytes) -> None:
    assert is_json(text)


@pytest.mark.parametrize("text", [b"", b"{", b'{"a": 1} x', b"\xff", b"[" * 100_000])
def test_what_is_cut_off_followed_by_more_or_nested_too_deep_is_not(text: bytes) -> None:
    assert not is_json(text)
