"""AWS CloudTrail, version 4: events as trail files and event data stores hold them.

As version 2, but for sign-ins of IAM Identity Center. A service writes these (`AwsServiceEvent`),
yet a person signs in, whom `userIdentity` names: it was the service there. The type is then
`Unknown`, whose `principalId` is that of the account and of nobody, or `IdentityCenterUser`.
Source: IAM Identity Center User Guide, "CloudTrail use cases for IAM Identity Center".
"""

from dataclasses import replace

from schemas.sources import cloudtrail_v2


def columns(e: str) -> dict[str, str]:
    """Return the mapping; `e` stands before each field of the event: nothing, or `detail.`."""
    given = cloudtrail_v2.columns(e)
    who = f"{e}userIdentity"
    name = f"""coalesce(nullif(nullif({who}.userName, ''), 'HIDDEN_DUE_TO_SECURITY_REASONS'),
        nullif(json_extract_string({e}additionalEventData, '$.UserName'), ''))"""
    person = f"coalesce({name}, nullif({who}.onBehalfOf.userId, ''))"
    in_center = f"({who}.type IN ('Unknown', 'IdentityCenterUser') AND {person} IS NOT NULL)"
    otherwise = {
        "actor.user.uid": f"""coalesce(nullif({who}.onBehalfOf.userId, ''),
            concat_ws(':', {who}.accountId, {name}))""",
        "actor.user.name": name,
        "actor.user.type_id": "1",
        "actor.invoked_by": f"{who}.invokedBy",
    }
    return given | {
        column: f"CASE WHEN {in_center} THEN {sql} ELSE {given[column]} END"
        for column, sql in otherwise.items()
    }


SOURCE = replace(cloudtrail_v2.SOURCE, columns=columns(""), replaces="cloudtrail_v2")
