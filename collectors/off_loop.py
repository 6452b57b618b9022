"""A folder's objects in a process on gevent: files are waited for in threads beside its loop.

gevent patches sockets, not files. To write an object safely is to wait for the disk two times over,
and whoever waited for it in the loop would stall every account that the process collects.
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NoReturn, TypeVar

import gevent

from lake.objects import Object, Objects

Result = TypeVar("Result")


class OffLoop:
    """The same objects, each call made in one of gevent's native threads."""

    def __init__(self, objects: Objects) -> None:
        """Use objects that need nothing of what gevent has patched."""
        self._objects = objects

    @property
    def uri(self) -> str:
        """Where the store is, as a user would write it."""
        return self._objects.uri

    def get(self, key: str) -> Object:
        """Return an object. Raises KeyError when there is none."""
        return _beside(self._objects.get, key)

    def put(self, key: str, data: bytes) -> None:
        """Write an object, replacing what was there."""
        _beside(self._objects.put, key, data)

    def put_if(self, key: str, data: bytes, etag: str | None) -> str:
        """Write an object only if it still has `etag` (None: does not exist). Raises Conflict."""
        return _beside(self._objects.put_if, key, data, etag)

    def list(self, prefix: str) -> Iterator[str]:
        """Yield the keys that begin with `prefix`, in the order of their characters."""
        yield from _beside(lambda: tuple(self._objects.list(prefix)))

    def delete(self, key: str) -> None:
        """Remove an object; no error when there is none."""
        _beside(self._objects.delete, key)


def _beside(work: Callable[..., Result], *given: Any) -> Result:
    def tried() -> Callable[[], Result]:
        # gevent prints what is raised in its threads, though whoever waits for it is told, too.
        try:
            result = work(*given)
        except Exception as error:
            return partial(_raise, error)
        return lambda: result

    answer: Callable[[], Result] = gevent.get_hub().threadpool.apply(tried)
    return answer()


def _raise(error: Exception) -> NoReturn:
    raise error
