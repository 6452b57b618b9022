"""Microsoft Entra ID: sign-ins as Microsoft Graph's `auditLogs/signIns` lists them."""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import ClassVar

from models.simulator import agents
from models.simulator.company import Company
from models.simulator.render import Action, Use, ndjson
from models.simulator.template import inner, template

APPLICATIONS = (
    "Office 365 Exchange Online",
    "Microsoft Teams",
    "SharePoint Online",
    "Azure Portal",
)
RECORD = {
    "id": "$uuid",
    "createdDateTime": "$time",
    "userDisplayName": "$name",
    "userPrincipalName": "$email",
    "userId": "$user_id",
    "appId": "$app_id",
    "appDisplayName": "$app",
    "ipAddress": "$ip",
    "clientAppUsed": "Browser",
    "correlationId": "$correlation",
    "conditionalAccessStatus": "notApplied",
    "isInteractive": True,
    "riskDetail": "none",
    "riskLevelAggregated": "none",
    "riskLevelDuringSignIn": "none",
    "riskState": "none",
    "riskEventTypes": [],
    "riskEventTypes_v2": [],
    "resourceDisplayName": "$app",
    "resourceId": "$app_id",
    "status": {"errorCode": "<error>", "failureReason": "$reason", "additionalDetails": None},
    "deviceDetail": {
        "deviceId": "",
        "displayName": "",
        "operatingSystem": "$system",
        "browser": "$browser",
        "isCompliant": False,
        "isManaged": False,
        "trustType": "",
    },
    "location": "<location>",
    "appliedConditionalAccessPolicies": [],
}


class Log:
    """The sign-in log of the company's directory."""

    actions: ClassVar[tuple[Action, ...]] = (
        Action("Sign-in activity", people=1.0, sync=1.0, program=1.0),
    )
    shares: ClassVar[Mapping[str, float]] = {"": 0.10, "service": 0.05}
    guessable: ClassVar[bool] = True

    def __init__(self, company: Company) -> None:
        self._template = template(RECORD)

    def line(self, use: Use) -> str:
        _, system, browser = agents.agent(use.person, use.device, use.session)
        block = use.address.block
        app = use.pick(APPLICATIONS)
        location = {
            "city": block.city or None,
            "state": block.region or None,
            "countryOrRegion": block.country,
            "geoCoordinates": {
                "altitude": None,
                "latitude": block.latitude,
                "longitude": block.longitude,
            },
        }
        return self._template % {
            "uuid": use.uuid,
            "time": use.time[:19] + "Z",
            "name": inner(use.person.name),
            "email": use.person.email,
            "user_id": use.person.stable_uuid("entra"),
            "app": app,
            "app_id": f"00000000-0000-4000-8000-{APPLICATIONS.index(app):012}",
            "ip": use.address.text,
            "correlation": f"{use.session:08x}-0000-4000-8000-{use.session:012x}",
            "error": 50126 if use.failed else 0,
            "reason": "Error validating credentials due to invalid username or password."
            if use.failed
            else "Other.",
            "system": system,
            "browser": browser.title(),
            "location": json.dumps(location, ensure_ascii=False),
        }

    def uids(self, use: Use) -> list[str]:
        return [use.uuid]

    def files(self, day: date, lines: list[str]) -> Iterator[tuple[str, bytes]]:
        return ndjson(day, lines)
