"""AWS CloudTrail, version 3: events as Amazon EventBridge delivers them, wrapped in `detail`.

As version 1, but for sign-ins of IAM Identity Center; version 4 says what these are.
"""

from dataclasses import replace

from schemas.sources import cloudtrail_v1
from schemas.sources.cloudtrail_v4 import columns

V1 = cloudtrail_v1.SOURCE
ACTOR = {name: sql for name, sql in columns("detail.").items() if name.startswith("actor.")}
SOURCE = replace(V1, columns={**V1.columns, **ACTOR}, replaces="cloudtrail_v1")
