"""Writes many moments at once, in the forms that records use."""

import numpy as np

from provider_simulator.clock import SECOND
from provider_simulator.timeline import Moments


def _iso(moments: Moments, unit: str, suffix: str) -> list[bytes]:
    texts = np.datetime_as_string(moments.astype("datetime64[ms]"), unit=unit)  # type: ignore[call-overload]
    return [text + suffix.encode() for text in texts.astype("S").tolist()]


def iso_milliseconds(moments: Moments) -> list[bytes]:
    """`2026-10-01T07:08:09.123Z`"""
    return _iso(moments, "ms", "Z")


def iso_seconds(moments: Moments) -> list[bytes]:
    """`2026-10-01T07:08:09Z`"""
    return _iso(moments, "s", "Z")


def iso_plain(moments: Moments) -> list[bytes]:
    """`2026-10-01T07:08:09`, without a zone."""
    return _iso(moments, "s", "")


def iso_offset(moments: Moments) -> list[bytes]:
    """`2026-10-01T07:08:09+00:00`"""
    return _iso(moments, "s", "+00:00")


def salesforce(moments: Moments) -> list[bytes]:
    """`2026-10-01T07:08:09.000+0000`"""
    return _iso(moments, "s", ".000+0000")


def compact(moments: Moments) -> list[bytes]:
    """`20261001070809.123`"""
    return [text.translate(None, b"-:T") for text in _iso(moments, "ms", "")]


def epoch_seconds(moments: Moments) -> list[bytes]:
    return [b"%d" % (moment // SECOND) for moment in moments.tolist()]


def epoch_milliseconds(moments: Moments) -> list[bytes]:
    return [b"%d" % moment for moment in moments.tolist()]
