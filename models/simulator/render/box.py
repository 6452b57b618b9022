"""Box: events of the enterprise event stream (`admin_logs`)."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import ClassVar

from models.simulator.company import Company
from models.simulator.render import Action, Use, ndjson
from models.simulator.template import inner, template

USER = {"type": "user", "id": "$user_id", "name": "$name", "login": "$email"}
RECORD = {
    "type": "event",
    "event_id": "$uuid",
    "event_type": "$action",
    "created_at": "$time",
    "created_by": USER,
    "action_by": None,
    "ip_address": "$ip",
    "session_id": None,
    "source": USER,
    "additional_details": None,
}
FILE = {
    **RECORD,
    "source": {
        "item_type": "file",
        "item_id": "$item",
        "item_name": "Plan $item.docx",
        "parent": {"type": "folder", "name": "Projects", "id": "110"},
        "owned_by": USER,
    },
    "additional_details": {"size": 48_213, "version_id": "$item", "service_name": "Box Web App"},
}


class Log:
    """The events of the company's Box."""

    actions: ClassVar[tuple[Action, ...]] = (
        Action("LOGIN"),
        Action("PREVIEW", people=3.0),
        Action("DOWNLOAD", people=1.5, sync=2.0, program=2.0),
        Action("UPLOAD", people=1.0, sync=1.0, program=1.0),
        Action("EDIT", people=1.0),
    )
    shares: ClassVar[Mapping[str, float]] = {"": 0.08, "service": 0.05}
    guessable: ClassVar[bool] = True

    def __init__(self, company: Company) -> None:
        self._account = template(RECORD)
        self._file = template(FILE)

    def line(self, use: Use) -> str:
        chosen = self._account if use.action.name == "LOGIN" else self._file
        return chosen % {
            "user_id": use.person.stable("box", "123456789", 10),
            "name": inner(use.person.name),
            "email": use.person.email,
            "uuid": use.uuid,
            "action": "FAILED_LOGIN" if use.failed else use.action.name,
            "time": use.time[:19] + "+00:00",
            "ip": use.address.text,
            "item": 10**11 + use.number % 10**9,
        }

    def uids(self, use: Use) -> list[str]:
        return [use.uuid]

    def files(self, day: date, lines: list[str]) -> Iterator[tuple[str, bytes]]:
        return ndjson(day, lines)
