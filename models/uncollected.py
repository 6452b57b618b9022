"""Work that makes much to keep and no garbage: the collector would look through all of it again
and again, and find nothing.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Keep the garbage collector from setting in by itself, if it would."""
    sets_in = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if sets_in:
            gc.enable()
