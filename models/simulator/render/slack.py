"""Slack: entries of the audit logs of an enterprise organisation."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import ClassVar

from models.simulator import agents
from models.simulator.company import Company
from models.simulator.render import Action, Use, ndjson
from models.simulator.template import inner, template

ACTOR = {
    "type": "user",
    "user": {"id": "$user_id", "name": "$name", "email": "$email", "team": "$team"},
}
RECORD = {
    "id": "$uuid",
    "date_create": "<seconds>",
    "action": "$action",
    "actor": ACTOR,
    "entity": ACTOR,
    "context": {
        "location": {"type": "workspace", "id": "$team", "name": "$company", "domain": "$company"},
        "ua": "$agent",
        "ip_address": "$ip",
        "session_id": "<session>",
    },
    "details": {},
}
FILE = {
    **RECORD,
    "entity": {
        "type": "file",
        "file": {
            "id": "F$file",
            "name": "notes-$file.pdf",
            "filetype": "application/pdf",
            "title": "notes",
        },
    },
}


class Log:
    """The audit log of the company's Slack."""

    actions: ClassVar[tuple[Action, ...]] = (
        Action("user_login"),
        Action("file_downloaded", people=2.0, program=1.0),
        Action("file_uploaded", people=1.0, program=1.0),
        Action("user_logout", people=0.2),
    )
    shares: ClassVar[Mapping[str, float]] = {"": 0.08, "service": 0.05}
    guessable: ClassVar[bool] = False

    def __init__(self, company: Company) -> None:
        self._templates = {
            action.name: template(FILE if action.name.startswith("file_") else RECORD)
            for action in self.actions
        }
        self._company = company.name
        self._team = "T0" + company.people[0].stable("slack-team", "ABCDEFGHJK123456789", 9)

    def line(self, use: Use) -> str:
        when = datetime.fromisoformat(use.time).replace(tzinfo=UTC)
        return self._templates[use.action.name] % {
            "uuid": use.uuid,
            "seconds": int(when.timestamp()),
            "action": use.action.name,
            "user_id": "W0" + use.person.stable("slack", "ABCDEFGHJK123456789", 9),
            "name": inner(use.person.name),
            "email": use.person.email,
            "team": self._team,
            "company": self._company,
            "agent": agents.agent(use.person, use.device, use.session)[0],
            "ip": use.address.text,
            "session": 7_000_000_000_000 + use.session,
            "file": use.digits[:9].upper(),
        }

    def uids(self, use: Use) -> list[str]:
        return [use.uuid]

    def files(self, day: date, lines: list[str]) -> Iterator[tuple[str, bytes]]:
        # The newest entries come first.
        return ndjson(day, lines[::-1])
