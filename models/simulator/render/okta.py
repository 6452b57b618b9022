"""Okta System Log: LogEvent objects, about 2 kB each."""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import ClassVar

from models.simulator import agents
from models.simulator.company import Company
from models.simulator.render import Action, Use, ndjson
from models.simulator.template import inner, template
from models.simulator.world import Address

APPLICATIONS = ("Microsoft Office 365", "Google Workspace", "AWS IAM Identity Center", "Slack",
                "Salesforce.com", "GitHub Enterprise Cloud", "Workday", "Zoom")  # fmt: skip
LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
MESSAGES = {  # event type -> what a person reads, legacy event type
    "user.session.start": ("User login to Okta", "core.user_auth.login_success"),
    "user.authentication.sso": ("User single sign on to app", "app.auth.sso"),
    "user.authentication.auth_via_mfa": (
        "Authentication of user via MFA",
        "core.user.factor.attempt_success",
    ),
    "policy.evaluate_sign_on": ("Evaluation of sign-on policy", "core.policy.evaluate_sign_on"),
    "user.session.access_admin_app": (
        "User accessing Okta admin app",
        "app.admin.sso.login.success",
    ),
    "user.session.end": ("User logout from Okta", "core.user_auth.logout_success"),
    "app.oauth2.token.grant.access_token": (
        "OIDC access token is granted",
        "app.oauth2.token.grant.access_token_success",
    ),
}
RECORD = {
    "actor": {
        "id": "$user_id",
        "type": "User",
        "alternateId": "$email",
        "displayName": "$name",
        "detailEntry": None,
    },
    "client": {
        "userAgent": {"rawUserAgent": "$agent", "os": "$system", "browser": "$browser"},
        "zone": "null",
        "device": "$device",
        "id": None,
        "ipAddress": "$ip",
        "geographicalContext": "<geography>",
    },
    "device": None,
    "authenticationContext": {
        "authenticationProvider": None,
        "credentialProvider": None,
        "credentialType": None,
        "issuer": None,
        "interface": None,
        "authenticationStep": 0,
        "rootSessionId": "$session",
        "externalSessionId": "$session",
    },
    "displayMessage": "$message",
    "eventType": "$type",
    "outcome": "<outcome>",
    "published": "$time",
    "securityContext": "<security>",
    "severity": "$severity",
    "debugContext": {
        "debugData": {
            "requestId": "$request",
            "dtHash": "$digits$digits",
            "risk": "{level=LOW}",
            "requestUri": "/api/v1/authn",
            "threatSuspected": "false",
            "url": "/api/v1/authn?",
            "behaviors": "{New Geo-Location=NEGATIVE, New Device=NEGATIVE, New IP=NEGATIVE, "
            "New State=NEGATIVE, New Country=NEGATIVE, Velocity=NEGATIVE, New City=NEGATIVE}",
            "logOnlySecurityData": '{"risk":{"level":"LOW"},"behaviors":{"New Geo-Location":'
            '"NEGATIVE","New Device":"NEGATIVE","New IP":"NEGATIVE","New State":"NEGATIVE",'
            '"New Country":"NEGATIVE","Velocity":"NEGATIVE","New City":"NEGATIVE"}}',
        }
    },
    "legacyEventType": "$legacy",
    "transaction": {"type": "WEB", "id": "$request", "detail": {}},
    "uuid": "$uuid",
    "version": "0",
    "request": {
        "ipChain": [
            {
                "ip": "$ip",
                "geographicalContext": "<geography>",
                "version": "$version",
                "source": None,
            }
        ]
    },
    "target": [
        {
            "id": "$app_id",
            "type": "AppInstance",
            "alternateId": "$app",
            "displayName": "$app",
            "detailEntry": {"signOnModeType": "SAML_2_0"},
        },
        {
            "id": "$user_id",
            "type": "AppUser",
            "alternateId": "$email",
            "displayName": "$name",
            "detailEntry": None,
        },
    ],
}


class Log:
    """The System Log of the company's Okta organisation."""

    actions: ClassVar[tuple[Action, ...]] = (
        Action("user.session.start"),
        Action("user.authentication.sso", people=5.0, sync=1.0),
        Action("user.authentication.auth_via_mfa", people=1.5),
        Action("policy.evaluate_sign_on", people=2.0),
        Action("user.session.access_admin_app", people=0.03),
        Action("user.session.end", people=0.4),
        Action("app.oauth2.token.grant.access_token", people=1.0, sync=2.0, program=1.0),
    )
    shares: ClassVar[Mapping[str, float]] = {"": 0.30, "engineer": 0.22, "service": 0.08}
    guessable: ClassVar[bool] = True

    def __init__(self, company: Company) -> None:
        self._template = template(RECORD)
        self._places: dict[Address, tuple[str, str, str]] = {}

    def line(self, use: Use) -> str:
        message, legacy = MESSAGES[use.action.name]
        agent, system, browser = agents.agent(use.person, use.device, use.session)
        app = use.pick(APPLICATIONS)
        if (place := self._places.get(use.address)) is None:
            place = self._places[use.address] = _place(use.address)
        geography, security, version = place
        return self._template % {
            "user_id": "00u" + use.person.stable("okta", LETTERS, 17),
            "email": use.person.email,
            "name": inner(use.person.name),
            "agent": agent,
            "system": system,
            "browser": browser,
            "device": agents.DEVICE_NAMES.get(use.device, "Unknown"),
            "ip": use.address.text,
            "geography": geography,
            "security": security,
            "version": version,
            "session": f"idx{use.session:022x}",
            "message": message,
            "type": use.action.name,
            "legacy": legacy.replace("success", "failed") if use.failed else legacy,
            "outcome": '{"result":"FAILURE","reason":"INVALID_CREDENTIALS"}'
            if use.failed
            else '{"result":"SUCCESS","reason":null}',
            "severity": "WARN" if use.failed else "INFO",
            "time": use.time + "Z",
            "request": use.digits[:26],
            "digits": use.digits,
            "uuid": use.uuid,
            "app": app,
            "app_id": f"0oa{APPLICATIONS.index(app):017x}",
        }

    def uids(self, use: Use) -> list[str]:
        return [use.uuid]

    def files(self, day: date, lines: list[str]) -> Iterator[tuple[str, bytes]]:
        return ndjson(day, lines)


def _place(address: Address) -> tuple[str, str, str]:
    """Return what Okta itself believes of an address: place, network, version."""
    block = address.block
    geography = {
        "city": block.city or None,
        "state": block.region or None,
        "country": block.country,
        "postalCode": None,
        "geolocation": {"lat": round(block.latitude, 4), "lon": round(block.longitude, 4)},
    }
    security = {
        "asNumber": block.number,
        "asOrg": block.organisation.lower(),
        "isp": block.organisation.lower(),
        "domain": None,
        "isProxy": block.kind == "vpn",
    }
    dump = json.dumps
    return (
        dump(geography, ensure_ascii=False),
        dump(security, ensure_ascii=False),
        f"V{block.version}",
    )
