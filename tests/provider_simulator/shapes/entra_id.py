"""Resources `signIn` and `directoryAudit` of Microsoft Graph 1.0."""

from typing import Any

from provider_simulator.records import Series, Template

PERSON = {
    "userDisplayName": "$name",
    "userPrincipalName": "$login@$tenant.example",
    "userId": "7a000000-0000-4000-8000-$account",
}


def sign_in(application: str, *, error: int = 0, reason: str = "Other.") -> dict[str, Any]:
    return {
        "id": "$uuid",
        "createdDateTime": "$time",
        **PERSON,
        "appId": "00000003-0000-0000-c000-000000000000",
        "appDisplayName": application,
        "ipAddress": "$ip",
        "clientAppUsed": "Browser",
        "correlationId": "$uuid",
        "conditionalAccessStatus": "notApplied",
        "isInteractive": True,
        "riskDetail": "none",
        "riskLevelAggregated": "none",
        "riskLevelDuringSignIn": "none",
        "riskState": "none",
        "riskEventTypes": [],
        "riskEventTypes_v2": [],
        "resourceDisplayName": application,
        "resourceId": "00000003-0000-0000-c000-000000000000",
        "status": {"errorCode": error, "failureReason": reason, "additionalDetails": None},
        "deviceDetail": {
            "deviceId": "",
            "displayName": "",
            "operatingSystem": "Windows10",
            "browser": "Edge 126.0.0",
            "isCompliant": False,
            "isManaged": False,
            "trustType": "",
        },
        "location": {
            "city": "London",
            "state": "England",
            "countryOrRegion": "GB",
            "geoCoordinates": {"altitude": None, "latitude": 51.5142, "longitude": -0.0931},
        },
        "appliedConditionalAccessPolicies": [],
    }


def quiet_sign_in(application: str) -> dict[str, Any]:
    """One that a program makes for a person, by a token that it has (beta)."""
    return sign_in(application) | {
        "clientAppUsed": "Mobile Apps and Desktop clients",
        "isInteractive": False,
        "signInEventTypes": ["nonInteractiveUser"],
    }


def program_sign_in(name: str) -> dict[str, Any]:
    """One of a program for itself: it has no person (beta)."""
    return sign_in("Microsoft Graph") | {
        "userDisplayName": "",
        "userPrincipalName": "",
        "userId": "",
        "isInteractive": False,
        "servicePrincipalId": "7c000000-0000-4000-8000-$account",
        "servicePrincipalName": name,
        "signInEventTypes": ["servicePrincipal"],
    }


def audit(activity: str, category: str, operation: str) -> dict[str, Any]:
    return {
        "id": "Directory_$uuid",
        "category": category,
        "correlationId": "$uuid",
        "result": "success",
        "resultReason": "",
        "activityDisplayName": activity,
        "activityDateTime": "$time",
        "loggedByService": "Core Directory",
        "operationType": operation,
        "initiatedBy": {
            "app": None,
            "user": {
                "id": "7a000000-0000-4000-8000-$account",
                "displayName": None,
                "userPrincipalName": "$login@$tenant.example",
                "ipAddress": "$ip",
                "userType": None,
                "homeTenantId": None,
                "homeTenantName": None,
            },
        },
        "targetResources": [
            {
                "id": "7b000000-0000-4000-8000-$account",
                "displayName": None,
                "type": "User",
                "userPrincipalName": "new$number@$tenant.example",
                "groupType": None,
                "modifiedProperties": [
                    {"displayName": "AccountEnabled", "oldValue": "[]", "newValue": "[true]"}
                ],
            }
        ],
        "additionalDetails": [{"key": "User-Agent", "value": "Mozilla/5.0"}],
    }


def audit_uids(_line: bytes, series: Series, number: int) -> list[str]:
    return [f"Directory_{series.uuid}{number:012x}"]


SIGN_IN = Template.of(
    sign_in("Office 365 Exchange Online"),
    sign_in("Microsoft Teams"),
    sign_in("Azure Portal"),
    sign_in("Office 365 Exchange Online", error=50126, reason="Invalid username or password."),
)
QUIET_SIGN_IN = Template.of(
    quiet_sign_in("Office 365 Exchange Online"), quiet_sign_in("Microsoft Teams")
)
PROGRAM_SIGN_IN = Template.of(program_sign_in("backup"), program_sign_in("deployment"))
AUDIT = Template.of(
    audit("Add user", "UserManagement", "Add"),
    audit("Update user", "UserManagement", "Update"),
    audit("Add member to role", "RoleManagement", "Assign"),
    audit("Reset user password", "UserManagement", "Update"),
)
