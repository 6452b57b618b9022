"""Microsoft Entra ID through Azure Monitor: the common envelope of diagnostic settings.

As version 2, but for sign-ins that were interrupted; version 3 says what these are.
"""

from dataclasses import replace

from schemas.sources import entra_id_v2
from schemas.sources.entra_id_v3 import interrupted

V2 = entra_id_v2.SOURCE
INTERRUPTED = interrupted("coalesce(properties.status.errorCode, resultType)")
SOURCE = replace(
    V2,
    replaces="entra_id_v2",
    columns={
        **V2.columns,
        "status_id": f"""CASE WHEN {entra_id_v2.SIGN_IN} AND {INTERRUPTED} THEN 0
            ELSE {V2.columns["status_id"]} END""",
    },
)
