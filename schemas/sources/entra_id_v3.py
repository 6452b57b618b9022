"""Microsoft Entra ID through Microsoft Graph: `auditLogs/signIns` and `auditLogs/directoryAudits`.

As version 1, but for sign-ins that were interrupted: these wait for the person (a second factor, a
new password, a consent, a device to be known), and so have neither succeeded nor failed. Entra's
own pages call them "Interrupted". What is interrupted before anybody has shown to be the person (an
account to choose, no session, a password to be reset) remains a failure: anybody can bring that
about who knows a name, and it must show nobody's presence. Azure Monitor's envelope is version 4.
Source: Microsoft Learn, "Microsoft Entra authentication and authorization error codes".
"""

from dataclasses import replace

from schemas.sources import entra_id_v1

INTERRUPTS = (
    # a second factor is to be given or set up, here or at another provider
    *(50072, 50074, 50076, 50078, 50079, 50158, 50203),
    # the password has expired
    *(50055, 50143, 50144),
    # the device, or its broker, is to show itself
    *(50097, 50127, 50129),
    # a question: stay signed in? is it this app? may it act for you?
    *(50140, 50199, 65001),
)


def interrupted(code: str) -> str:
    """Return the SQL predicate that tells such a sign-in by its error code, a text."""
    return f"coalesce({code} IN ({', '.join(map(repr, map(str, INTERRUPTS)))}), false)"


V1 = entra_id_v1.SOURCE
SOURCE = replace(
    V1,
    replaces="entra_id_v1",
    columns={
        **V1.columns,
        "status_id": f"""CASE WHEN {interrupted("status.errorCode")} THEN 0
            ELSE {V1.columns["status_id"]} END""",
    },
)
