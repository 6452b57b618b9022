"""Microsoft 365, Office 365 Management Activity API: one audit record of the common schema.

As version 1, but for these: a sign-in that was interrupted has neither succeeded nor failed
(schemas/sources/entra_id_v3.py says which are). Whom an administrator of the directory acted on is
`user`: the name in `Target` whose type is 5, or `ObjectId`. `Not Available` and those who open a
link without signing in are nobody, unless the record has no address either. SharePoint's own
accounts and service principals are no people.
Source: Microsoft Learn, "Office 365 Management Activity API schema".
"""

from dataclasses import replace
from typing import Any

from schemas.sources import m365_v1
from schemas.sources.entra_id_v3 import interrupted


class AuditRecord(m365_v1.AuditRecord):
    Target: Any = None


V1 = m365_v1.SOURCE
# The names of the same errors, where there is no number.
INTERRUPTS = """coalesce(LogonError LIKE '%Interrupt'
  AND LogonError <> 'PasswordResetRegistrationRequiredInterrupt' OR LogonError IN (
  'UserStrongAuthClientAuthNRequired', 'UserStrongAuthEnrollmentRequired', 'UserStrongAuthExpired',
  'DeviceAuthenticationRequired', 'ExternalSecurityChallenge', 'DelegationDoesNotExist',
  'InvalidPasswordExpiredPassword', 'InvalidPasswordExpiredOnPremPassword',
  'BrokerAppNotInstalled', 'DeviceIsNotWorkplaceJoined'), false)"""
INTERRUPTED = f"({m365_v1.SIGN_IN} AND ({INTERRUPTS} OR {interrupted('ErrorNumber')}))"
ADDRESS = V1.columns["src_endpoint.ip"]
NOBODY = f"""(({ADDRESS}) IS NOT NULL AND coalesce(
  UserId IN ('Not Available', 'anonymous') OR UserId LIKE 'urn:spo:anon#%', false))"""
PROGRAM = r"""coalesce(lower(UserId) IN ('app@sharepoint', 'sharepoint\system')
  OR UserId LIKE 'ServicePrincipal\_%' ESCAPE '\', false)"""
IN_DIRECTORY = f"(Workload = 'AzureActiveDirectory' AND NOT {m365_v1.SIGN_IN})"
TARGETS = """list_filter(json_transform(Target, '[{"ID": "VARCHAR", "Type": "VARCHAR"}]'),
  lambda t: t.Type = '5' AND contains(t.ID, '@'))"""
OF_DIRECTORY = rf"""CASE WHEN {IN_DIRECTORY} THEN coalesce(({TARGETS})[1].ID,
  nullif(regexp_extract(ObjectId, '^[^@\s/;]+@[^@\s/;]+$'), '')) END"""


def _somebody(column: str) -> str:
    return f"CASE WHEN NOT {NOBODY} THEN {V1.columns[column]} END"


SOURCE = replace(
    V1,
    model=AuditRecord,
    replaces="m365_v1",
    columns={
        **V1.columns,
        "status_id": f"CASE WHEN {INTERRUPTED} THEN 0 ELSE {V1.columns['status_id']} END",
        "actor.user.uid": _somebody("actor.user.uid"),
        "actor.user.name": _somebody("actor.user.name"),
        "actor.user.type_id": f"""CASE WHEN {NOBODY} THEN NULL WHEN {PROGRAM} THEN 3
            ELSE {V1.columns["actor.user.type_id"]} END""",
        "user.name": f"coalesce({V1.columns['user.name']}, {OF_DIRECTORY})",
        "user.email_addr": f"coalesce({V1.columns['user.email_addr']}, {OF_DIRECTORY})",
    },
)
