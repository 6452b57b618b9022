"""What a file in `enrichment/sensitive_rules/` holds: the rules of one source.

    RULES = (
        Rule(
            id="okta.api_token_created",
            title="An API token was made",
            severity="medium",
            operations=("system.api_token.create",),
            technique="T1098.001",
            reference="https://developer.okta.com/docs/reference/api/event-types/",
            fires=({"api.operation": "system.api_token.create"},),
            spares=({"api.operation": "system.api_token.revoke"},),
        ),
    )

A rule is asked of one event at a time and sees the standard event only. What takes counting, such
as a mass download, is therefore left to events in which the provider itself tells of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Severity = Literal["low", "medium", "high", "critical"]
Sample = Mapping[str, object]  # dotted column of the standard event -> value


@dataclass(frozen=True)
class Rule:
    """One kind of activity that deserves a look whatever place it comes from.

    `id`          the source, a dot, and a name; what the column `sensitive` shows.
    `title`       a sentence without its full stop.
    `severity`    how much it matters if the account is not in its owner's hands.
    `operations`  values of `api.operation`: the provider's names of the event.
    `where`       a further condition, SQL over the standard event; empty: none.
    `technique`   id of the technique in MITRE ATT&CK.
    `reference`   the provider's page that describes the event.
    `fires`       events, as the mapper makes them, in which the rule fires.
    `spares`      similar ones in which it does not.
    `attempts`    also fires when the provider says that it failed.
    """

    id: str
    title: str
    severity: Severity
    operations: tuple[str, ...]
    technique: str
    reference: str
    fires: tuple[Sample, ...]
    spares: tuple[Sample, ...]
    where: str = ""
    attempts: bool = False
