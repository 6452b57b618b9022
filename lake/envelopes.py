"""A line that holds several records: an array of them, or the envelope of a provider's answer."""

from collections.abc import Sequence

from lake.json_split import JsonSplitter
from lake.json_text import is_json


def opened(line: bytes, names: Sequence[str]) -> list[bytes] | None:
    """Return the records in a line, each on a line without its end; None when it is no envelope.

    `names` are the top-level keys under which records may lie. A line is an envelope when what it
    holds begins with an object, or when it is whole and holds nothing.
    """
    text = line.strip()
    if not may_be(text, names):
        return None
    splitter = JsonSplitter(names)
    found = splitter.feed(text)
    if cut_off := splitter.finish():
        found.append(cut_off)
    if not found:
        return [] if is_json(text) else None
    if text.startswith(b"{") and len(found[0]) == len(text):
        return None  # an object that is no envelope
    return found if found[0].startswith(b"{") else None


def may_be(line: bytes, names: Sequence[str]) -> bool:
    """Tell, without reading it, whether a line may be an envelope."""
    return line.startswith(b"[") or any(b'"%s"' % name.encode() in line for name in names)
