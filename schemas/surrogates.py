"""Halves of a character in a JSON text: what a program leaves that cuts text within an emoji.

JSON writes characters beyond the first 65,536 as two escapes. One of them alone stands for nothing,
and most readers refuse the whole text for it.
"""

import re

HIGH, LOW = "[dD][89abAB][0-9a-fA-F]{2}", "[dD][c-fC-F][0-9a-fA-F]{2}"
# Every escape, so that a backslash which is itself escaped does not begin one.
ESCAPE = re.compile(rf"\\(?:u{HIGH}\\u{LOW}|(?P<half>u(?:{HIGH}|{LOW}))|.)", re.DOTALL)
UNKNOWN = r"\ufffd"  # the replacement character


def replaced(text: str) -> str | None:
    """Return the text with each half replaced, None where there is none."""
    whole = ESCAPE.sub(lambda match: UNKNOWN if match["half"] else match[0], text)
    return whole if whole != text else None
