"""Salesforce's login history as its set-up pages let it be downloaded: CSV, under labels.

A label is a field's name in words ("Login Time", "Source IP"). Times are written as the locale of
who downloads says; with AM or PM the month stands first. Day and month of other slashed dates
cannot be told, so these stay what no time is read from.
"""

import json
import re
from typing import Any

MARK = b'"Login Time"'
FIELDS = {
    name.lower(): name
    for name in (
        *("Id", "UserId", "Username", "UserType", "LoginTime", "SourceIp", "Status", "LoginType"),
        *("LoginSubType", "LoginUrl", "Application", "Browser"),
    )
}
MONTH_FIRST = re.compile(
    r"(\d{1,2})/(\d{1,2})/(\d{4}),? (\d{1,2}):(\d{2})(?::(\d{2}))?\s([AP])M(?: ([A-Z]{3,4}))?"
)
# Of zones that American users see; other abbreviations are left to who reads the time.
HOURS = {"AKST": 9, "AKDT": 8, "PST": 8, "PDT": 7, "MST": 7, "MDT": 6, "CST": 6, "CDT": 5, "EST": 5}
OFFSETS = {zone: f"-{hours:02}:00" for zone, hours in {**HOURS, "EDT": 4, "HST": 10}.items()}


def record(row: dict[str, Any]) -> str | None:
    """Return the row with the fields' names, and its time in a form that can be read."""
    if not {"Login Time", "Source IP"} <= row.keys():
        return None
    named = {FIELDS.get(label.replace(" ", "").lower(), label): row[label] for label in row}
    time = named["LoginTime"]
    if isinstance(time, str) and (match := MONTH_FIRST.fullmatch(time.strip())):
        named["LoginTime"] = _time(*match.groups(default=""))
    return json.dumps(named)


def _time(  # the groups of MONTH_FIRST
    month: str, day: str, year: str, hour: str, minute: str, second: str, half: str, zone: str
) -> str:
    hours = int(hour) % 12 + (12 if half == "P" else 0)
    moment = f"{year}-{month:0>2}-{day:0>2} {hours:02}:{minute}:{second or '00'}"
    return f"{moment}{OFFSETS.get(zone, f' {zone}'.rstrip())}"
