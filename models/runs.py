"""Sorted keys and their runs: what numpy is quick at, whatever the number of rows."""

import numpy as np
import numpy.typing as npt

from models.columns import Booleans, Floats, Integers

MANY = 10_000


def begins(keys: Integers | Booleans) -> Integers:
    """Return where each run of equal keys begins."""
    new = np.empty(len(keys), np.bool_)
    new[:1] = True
    np.not_equal(keys[1:], keys[:-1], out=new[1:])
    return new.nonzero()[0].astype(np.int64, copy=False)


def lengths(begun: Integers, number: int) -> Integers:
    """Return how long runs are that begin there, the last one's end being `number`."""
    ends = np.empty_like(begun)
    ends[:-1], ends[-1:] = begun[1:], number
    return ends - begun


def distinct(keys: Integers) -> Integers:
    """Return the distinct keys, sorted.

    As `np.unique`, which hashes integers: on a million that takes ten times as long as sorting. Of
    many, most are as the one before, for people stay where they are: only others are sorted, unless
    they are in order already.
    """
    if len(keys) >= MANY:
        keys = keys[begins(keys)]
        if (keys[1:] > keys[:-1]).all():
            return keys
    ordered = keys.copy()
    ordered.sort()
    return ordered[begins(ordered)]


def distinct_sorted(keys: Integers) -> Integers:
    """Return the distinct keys of such as are in order."""
    return keys[begins(keys)]


def tallied(keys: Integers) -> tuple[Integers, Integers]:
    """Return the distinct keys, sorted, and how many there are of each; of many, by their runs."""
    if len(keys) < MANY:
        keys = np.sort(keys)
        first = begins(keys)
        return keys[first], lengths(first, len(keys))
    first = begins(keys)
    each, index = np.unique(keys[first], return_inverse=True)
    counts = np.bincount(index, lengths(first, len(keys)), len(each))
    return each, counts.astype(np.int64)


def indexed(keys: Integers) -> tuple[Integers, Integers]:
    """Return the distinct keys, sorted, and which of them each is, by their runs."""
    first = begins(keys)
    each = distinct(keys[first])
    return each, np.repeat(each.searchsorted(keys[first]), lengths(first, len(keys)))


def ordered(keys: Integers, ties: Integers) -> Integers:
    """Return what sorts the keys, and by `ties` what is of one key: `lexsort` where few are."""
    order = np.argsort(keys)
    keys = keys[order]
    alike = np.zeros(len(keys), np.bool_)
    alike[1:] = keys[1:] == keys[:-1]
    alike[:-1] |= alike[1:]
    of_several = order[alike]
    order[alike] = of_several[np.lexsort((ties[of_several], keys[alike]))]
    return order


def among(values: Integers, known: npt.ArrayLike) -> Booleans:
    """Say of each value whether it is one of `known`: `np.isin`, quicker for few."""
    ordered = np.sort(np.asarray(known, np.int64))
    if not len(ordered):
        return np.zeros(len(values), np.bool_)
    at = np.minimum(ordered.searchsorted(values), len(ordered) - 1)
    return np.asarray(ordered[at] == values)


def number_but(values: Integers, one: int) -> int:
    """Return how many of distinct sorted values are other than `one`."""
    at = int(values.searchsorted(one))
    return len(values) - int(at < len(values) and values[at] == one)


def share(which: Booleans) -> float:
    """Return the share of entries that hold: their mean, without numpy's cost of a call."""
    return float(np.count_nonzero(which)) / len(which)


def heaviest(group: Integers, weight: Integers | Floats) -> Booleans:
    """Say of each entry whether it is the heaviest of its group; the first of equals is."""
    order = np.lexsort((-weight, group))
    result = np.zeros(len(group), np.bool_)
    result[order[begins(group[order])]] = True
    return result


def counted(keys: Integers, weights: Floats | None = None) -> Floats:
    """Return for each entry how many entries, or how much of the weights, have its key."""
    _, index = np.unique(keys, return_inverse=True)
    return np.bincount(index, weights)[index].astype(np.float64)
