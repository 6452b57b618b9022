"""The loop over a list's pages: what it yields, and what it does about a list that misbehaves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from provider_script import NOW, records

from collectors.contract import Cursor
from collectors.errors import Retry
from collectors.paging import REVISITS, Found, walk


def paged(numbers: list[int], size: int):
    """Asks for pages of `size` of the numbers; the token is where the page begins."""

    def ask(token: str | None) -> Found:
        start = int(token or 0)
        part = [str(number).encode() for number in numbers[start : start + size]]
        following = start + size
        return Found(part, str(following) if following < len(numbers) else None)

    return ask


@given(st.integers(0, 20), st.integers(1, 7), st.data())
def test_from_every_cursor_the_rest_can_be_read(count: int, size: int, data: st.DataObject):
    numbers = list(range(count))
    pages = list(walk(Cursor(NOW), paged(numbers, size)))
    read = [number for page in pages for number in records(page)]
    assert read == numbers
    if pages:
        stop = data.draw(st.integers(0, len(pages) - 1))
        stored = [number for page in pages[: stop + 1] for number in records(page)]
        rest = walk(pages[stop].cursor, paged(numbers, size))
        assert stored + [number for page in rest for number in records(page)] == numbers


def test_an_empty_page_with_a_following_one_ends_nothing():
    answers = iter([Found([], "2"), Found([b"1"], None)])
    empty, last = walk(Cursor(NOW), lambda token: next(answers))
    assert (empty.count, empty.cursor.page) == (0, {"token": "2"})
    assert (records(last), last.cursor.page) == ([1], {"done": True})


def test_an_empty_list_has_no_pages():
    assert list(walk(Cursor(NOW), lambda token: Found([], None))) == []


def test_a_page_that_comes_twice_is_passed():
    answers = iter([Found([b"1"], "2"), Found([b"1"], "2"), Found([b"2"], "")])
    pages = list(walk(Cursor(NOW), lambda token: next(answers)))
    assert [records(page) for page in pages] == [[1], [1], [2]]


@pytest.mark.parametrize("circle", [["a"], ["a", "b"], ["a", "b", "c"]])
def test_pages_in_a_circle_end(circle: list[str]):
    asked: list[str | None] = []

    def ask(token: str | None) -> Found:
        asked.append(token)
        following = circle[(circle.index(token) + 1) % len(circle)] if token else circle[0]
        return Found([b"1"], following)

    with pytest.raises(Retry, match="circle"):
        list(walk(Cursor(NOW), ask))
    assert len(asked) == 1 + len(circle) + REVISITS


def test_what_is_kept_stays_in_every_cursor():
    since = Cursor(NOW, kept={"note": 1})
    assert all(page.cursor.kept == {"note": 1} for page in walk(since, paged([1, 2, 3], 1)))
