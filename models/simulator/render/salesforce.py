"""Salesforce: objects of LoginEvent (Real-Time Event Monitoring), as a query answers."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import ClassVar

from models.simulator import agents
from models.simulator.company import Company
from models.simulator.render import Action, Use, ndjson
from models.simulator.template import template

LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
RECORD = {
    "attributes": {
        "type": "LoginEvent",
        "url": "/services/data/v60.0/sobjects/LoginEvent/$uuid",
    },
    "EventIdentifier": "$uuid",
    "UserId": "$user_id",
    "Username": "$email",
    "EventDate": "$time",
    "LoginType": "SAML Sfdc Initiated SSO",
    "SourceIp": "$ip",
    "LoginUrl": "$company.my.salesforce.example",
    "Browser": "$browser",
    "Platform": "$system",
    "Status": "$status",
    "Application": "Browser",
    "UserType": "Standard",
    "CountryIso": "$country",
}


class Log:
    """The sign-ins at the company's Salesforce."""

    actions: ClassVar[tuple[Action, ...]] = (Action("Login", people=1.0, sync=1.0, program=1.0),)
    shares: ClassVar[Mapping[str, float]] = {"": 0.01, "sales": 0.06, "service": 0.02}
    guessable: ClassVar[bool] = True

    def __init__(self, company: Company) -> None:
        self._template = template(RECORD)
        self._company = company.name

    def line(self, use: Use) -> str:
        _, system, browser = agents.agent(use.person, use.device, use.session)
        return self._template % {
            "uuid": use.uuid,
            "user_id": "005" + use.person.stable("salesforce", LETTERS, 15),
            "email": use.person.email,
            "time": use.time + "+0000",
            "ip": use.address.text,
            "company": self._company,
            "browser": browser.title(),
            "system": system,
            "status": "Invalid Password" if use.failed else "Success",
            "country": use.address.block.country,
        }

    def uids(self, use: Use) -> list[str]:
        return [use.uuid]

    def files(self, day: date, lines: list[str]) -> Iterator[tuple[str, bytes]]:
        return ndjson(day, lines)
