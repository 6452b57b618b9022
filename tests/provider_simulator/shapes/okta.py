"""LogEvent objects as Okta writes them ("System Log API", LogEvent; "Event types").

Those of one kind differ in who, where and when alone.
"""

from typing import Any

from provider_simulator.records import Template

GEOGRAPHY = {
    "city": "London",
    "state": "England",
    "country": "United Kingdom",
    "postalCode": "EC1A",
    "geolocation": {"lat": 51.5142, "lon": -0.0931},
}


def record(
    event_type: str, message: str, legacy: str, *, reason: str | None = None, application: str = ""
) -> dict[str, Any]:
    """Return the LogEvent of a kind; with a `reason` it failed."""
    user = {
        "id": "00u$account$person",
        "alternateId": "$login@$tenant.example",
        "displayName": "$name",
        "detailEntry": None,
    }
    target = [{**user, "type": "AppUser"}]
    if application:
        of_app = {"id": "0oa$account", "type": "AppInstance", "detailEntry": None}
        target.insert(0, {**of_app, "alternateId": application, "displayName": application})
    return {
        "actor": {**user, "type": "User"},
        "client": {
            "userAgent": {
                "rawUserAgent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36",
                "os": "Windows 10",
                "browser": "CHROME",
            },
            "zone": "null",
            "device": "Computer",
            "id": None,
            "ipAddress": "$ip",
            "geographicalContext": GEOGRAPHY,
        },
        "device": None,
        "authenticationContext": {
            "authenticationProvider": None,
            "credentialProvider": None,
            "credentialType": None,
            "issuer": None,
            "interface": None,
            "authenticationStep": 0,
            "rootSessionId": "102$digits",
            "externalSessionId": "102$digits",
        },
        "displayMessage": message,
        "eventType": event_type,
        "outcome": {"result": "FAILURE" if reason else "SUCCESS", "reason": reason},
        "published": "$time",
        "securityContext": {
            "asNumber": 20712,
            "asOrg": "example networks",
            "isp": "example networks",
            "domain": "example.net",
            "isProxy": False,
        },
        "severity": "WARN" if reason else "INFO",
        "debugContext": {
            "debugData": {
                "requestId": "$digits",
                "dtHash": "$digits$digits$digits$digits",
                "requestUri": "/idp/idx/identify",
                "threatSuspected": "false",
                "url": "/idp/idx/identify?",
            }
        },
        "legacyEventType": legacy,
        "transaction": {"type": "WEB", "id": "W$digits", "detail": {}},
        "uuid": "$uuid",
        "version": "0",
        "request": {
            "ipChain": [
                {"ip": "$ip", "geographicalContext": GEOGRAPHY, "version": "V4", "source": None}
            ]
        },
        "target": target,
    }


LOG_EVENT = Template.of(
    record("user.session.start", "User login to Okta", "core.user_auth.login_success"),
    record("user.session.start", "User login to Okta", "core.user_auth.login_failed",
           reason="INVALID_CREDENTIALS"),
    record("user.session.end", "User logout from Okta", "core.user_auth.logout_success"),
    record("user.authentication.sso", "User single sign on to app", "app.auth.sso",
           application="Example Wiki"),
    record("user.authentication.sso", "User single sign on to app", "app.auth.sso",
           application="Example Mail"),
    record("user.authentication.auth_via_mfa", "Authentication of user via MFA",
           "core.user.factor.attempt_success"),
    record("user.account.update_password", "User update password for Okta",
           "core.user.config.password_update.success"),
    record("application.user_membership.add", "Add user to application membership",
           "app.generic.provision.assign_user_to_app", application="Example Wiki"),
)  # fmt: skip
