"""Events of OneLogin ("Event Resource and Types"); their kind and their id are numbers."""

from typing import Any

from provider_simulator.records import Series, Template


def event(kind: int, **more: Any) -> dict[str, Any]:
    return {
        # The position among the events of the account.
        "id": "<number>",
        "created_at": "$time",
        "account_id": "<account>",
        "user_id": "1$person",
        "event_type_id": kind,
        "notes": None,
        "ipaddr": "$ip",
        "actor_user_id": "1$person",
        "assuming_acting_user_id": None,
        "role_id": None,
        "app_id": None,
        "group_id": None,
        "otp_device_id": None,
        "actor_user_name": "$login@$tenant.example",
        "user_name": "$login@$tenant.example",
        "role_name": None,
        "app_name": None,
        "group_name": None,
        "otp_device_name": None,
        "operation_name": None,
        "error_description": None,
        **more,
    }


def uids(_line: bytes, _series: Series, number: int) -> list[str]:
    return [str(number)]


EVENT = Template.of(
    event(5),
    event(5),
    event(6, error_description="Invalid password"),
    event(7),
    event(8, app_id=71, app_name="Example Wiki"),
    event(8, app_id=72, app_name="Example Mail"),
    event(11),
    event(22, otp_device_id=5, otp_device_name="Authenticator"),
)
