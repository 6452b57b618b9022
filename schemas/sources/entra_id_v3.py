"""Microsoft Entra ID through Microsoft Graph: `auditLogs/signIns` and `auditLogs/directoryAudits`.

As version 1, but for sign-ins that were interrupted: these wait for the person (a second factor, a
new password, a consent, a device to be known), and so have neither succeeded nor failed. Entra's
own pages call them "Interrupted". Azure Monitor's envelope is version 4.
Source: Microsoft Learn, "Microsoft Entra authentication and authorization error codes".
"""

from dataclasses import replace

from schemas.sources import entra_id_v1

INTERRUPTS = (
    # one of several accounts is to be chosen, or the person is to sign in at all
    *(16000, 16001, 16003, 50058, 50059, 51006, 52004, 81010, 81012, 81014),
    # a second factor is to be given or set up, here or at another provider
    *(50072, 50074, 50076, 50078, 50079, 50125, 50158, 50203),
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
