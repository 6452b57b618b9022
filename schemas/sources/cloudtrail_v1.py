"""AWS CloudTrail, version 1: events as Amazon EventBridge delivers them, wrapped in `detail`.

Around the event lies the bus's own envelope, with an id and a time of its own. Some events hold
no id of theirs in it; the envelope's then stands in, so that a delivery repeated is known again.
Source: Amazon EventBridge User Guide, "AWS service events delivered via AWS CloudTrail".
"""

from typing import Any

from pydantic import Field

from schemas.source import Source, SourceModel
from schemas.sources.cloudtrail_v2 import Event, Time, columns


class BusEvent(SourceModel):
    id: str | None = None
    detail_type: str | None = Field(default=None, alias="detail-type")
    account: str | None = None
    time: Time | None = None
    region: str | None = None
    detail: Event
    source: Any = None


EVENT = columns("detail.")
SOURCE = Source(
    model=BusEvent,
    product=("AWS CloudTrail", "AWS"),
    columns={
        **EVENT,
        "time": 'coalesce(detail.eventTime, "time")',
        "metadata.uid": f"coalesce({EVENT['metadata.uid']}, id)",
        "metadata.log_name": 'coalesce(detail.eventCategory, "detail-type")',
        "cloud.region": "coalesce(detail.awsRegion, region)",
        "cloud.account.uid": f"coalesce({EVENT['cloud.account.uid']}, account)",
    },
)
