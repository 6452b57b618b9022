"""Whether a text is JSON through and through."""

import json


def is_json(text: bytes) -> bool:
    """Tell whether a text is JSON, and not nested too deep to be read."""
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
