"""Okta events of some 2 kB, ten for each address, for the benchmarks."""

import json
import random
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

from conf.settings import Settings
from enrichment.geo_blocks import blocks

PLACE = {
    "city": "Boston",
    "country": "United States",
    "geolocation": {"lat": 42.36, "lon": -71.06},
    "postalCode": "02108",
    "state": "Massachusetts",
}
BROWSER = (
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/122.0.0.0 Safari/537.36"
)


def write(path: Path, events: int, seed: int = 1) -> None:
    """Write that many events of one week, in the order of time."""
    random_ = random.Random(seed)
    networks = blocks(Settings())["network"].to_pylist()
    ipv4 = [network for network in networks if ":" not in network]
    moment = datetime(2026, 10, 1, tzinfo=UTC)
    step = timedelta(days=7) / events
    with path.open("w") as file:
        for number in range(events):
            if number % 10 == 0:
                base = random_.choice(ipv4).split("/")[0].rsplit(".", 1)[0]
                address = f"{base}.{random_.randrange(1, 255)}"
            moment += step
            record = _event(random_, moment, address)
            file.write(json.dumps(record, separators=(",", ":")) + "\n")


def _event(random_: random.Random, moment: datetime, address: str) -> dict[str, object]:
    def token() -> str:
        return f"{random_.getrandbits(128):032x}"

    user = random_.randrange(500)
    name = {"alternateId": f"user{user}@example.com", "displayName": f"User {user}"}
    return {
        "actor": {"id": f"00u{user:017}", "type": "User", **name, "detailEntry": None},
        "client": {
            "userAgent": {"rawUserAgent": BROWSER, "os": "Mac OS X", "browser": "CHROME"},
            "zone": "null",
            "device": "Computer",
            "id": None,
            "ipAddress": address,
            "geographicalContext": PLACE,
        },
        "device": None,
        "authenticationContext": {
            "authenticationProvider": None,
            "credentialProvider": None,
            "credentialType": None,
            "issuer": None,
            "interface": None,
            "authenticationStep": 0,
            "rootSessionId": f"idx{token()}",
            "externalSessionId": f"idx{token()}",
        },
        "displayMessage": "User single sign on to app",
        "eventType": "user.authentication.sso",
        "outcome": {"result": "SUCCESS", "reason": None},
        "published": f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03}Z",
        "securityContext": {
            "asNumber": 701,
            "asOrg": "example carrier",
            "isp": "example carrier",
            "domain": "example.net",
            "isProxy": False,
        },
        "severity": "INFO",
        "debugContext": {
            "debugData": {
                "authnRequestId": token(),
                "deviceFingerprint": token(),
                "requestId": token(),
                "dtHash": token() + token(),
                "requestUri": "/app/office365/exk1/sso/wsfed/passive",
                "threatSuspected": "false",
                "initiationType": "IDP_INITIATED",
                "url": f"/app/office365/exk1/sso/wsfed/passive?client-request-id={token()}",
            }
        },
        "legacyEventType": "app.auth.sso",
        "transaction": {"type": "WEB", "id": token()[:26], "detail": {}},
        "uuid": str(uuid.UUID(int=random_.getrandbits(128), version=4)),
        "version": "0",
        "request": {
            "ipChain": [
                {"ip": address, "geographicalContext": PLACE, "version": "V4", "source": None}
            ]
        },
        "target": [
            {
                "id": f"0oa{token()[:17]}",
                "type": "AppInstance",
                "alternateId": "Microsoft Office 365",
                "displayName": "Microsoft Office 365",
                "detailEntry": {"signOnModeType": "WS_FEDERATION"},
            },
            {"id": f"0ua{token()[:17]}", "type": "AppUser", **name, "detailEntry": None},
        ],
    }
