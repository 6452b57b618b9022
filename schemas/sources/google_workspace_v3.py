"""Google Workspace, Admin SDK Reports API `activities.list`: an activity with its `events[]`.

As version 1, but for these: Meet tells a person's address as a parameter. Chrome names the person
in one where it leaves out the actor. A challenge whose status is empty was neither passed nor
failed, and says nothing of a sign-in. Access that context refused is a failure. Groups name their
members in parameters of their own.
Source: Google, "Reports API", the events of each application.
"""

from collections.abc import Callable
from dataclasses import replace

from schemas.sources import google_workspace_v1
from schemas.sources.google_workspace_v1 import APPLICATION, SIGN_IN, parameter_of_item

V1 = google_workspace_v1.SOURCE
# The parameters that version 1 does not read.
NEW = ("ip_address", "failure_type", "TRIGGER_USER", "DEVICE_USER", "user_email", "member_id")


def columns(action: str, parameter: Callable[[str], str]) -> dict[str, str]:
    """Return the mapping, given the SQL of the event's name and of a parameter's value as text."""
    given = google_workspace_v1.columns(action, parameter)
    sign_in = SIGN_IN.format(action=f"lower({action})")
    challenge = parameter("login_challenge_status")
    of_chrome = f"""CASE WHEN {APPLICATION} = 'chrome' THEN
        coalesce(nullif({parameter("TRIGGER_USER")}, ''), nullif({parameter("DEVICE_USER")}, ''))
        END"""
    email = f"coalesce({given['actor.user.email_addr']}, {of_chrome})"
    member = f"""CASE WHEN {APPLICATION} LIKE 'groups%' THEN
        coalesce({parameter("user_email")}, {parameter("member_id")}) END"""
    return {
        **given,
        "status_id": f"""CASE WHEN {action} = 'ACCESS_DENY_EVENT' THEN 2
            WHEN {challenge} = '' AND NOT regexp_matches(lower({action}), 'failure|_blocked$') THEN
              CASE WHEN {sign_in} AND lower({action}) NOT IN ('login_success', 'logout') THEN 0
                ELSE 1 END
            ELSE {given["status_id"]} END""",
        "activity_id": f"""CASE WHEN {action} = 'ACCESS_DENY_EVENT' THEN 99
            ELSE {given["activity_id"]} END""",
        "status_detail": f"""coalesce({parameter("login_failure_type")},
            {parameter("failure_type")}, nullif({challenge}, ''))""",
        "actor.user.name": f"coalesce({given['actor.user.name']}, {of_chrome})",
        "actor.user.email_addr": f"CASE WHEN contains({email}, '@') THEN {email} END",
        "actor.user.type_id": f"""coalesce({given["actor.user.type_id"]},
            CASE WHEN {of_chrome} IS NOT NULL THEN 1 END)""",
        "user.name": f"coalesce({given['user.name']}, {member})",
        "user.email_addr": f"""coalesce({given["user.email_addr"]},
            CASE WHEN contains({member}, '@') THEN {member} END)""",
        "src_endpoint.ip": f"""coalesce(nullif(ipAddress, ''),
            CASE WHEN {APPLICATION} = 'meet' THEN {parameter("ip_address")} END)""",
    }


SOURCE = replace(
    V1,
    replaces="google_workspace_v1",
    columns={**V1.columns, **columns("item.name", parameter_of_item)},
)
