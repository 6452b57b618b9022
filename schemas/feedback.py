"""What analysts say of anomalies: one row of `verdicts/` a verdict. Rows are added, never changed.

`antipode verdict` writes such rows, and anybody may who can write a Delta table. How they are
applied is said in `models/feedback.py`.
"""

import pyarrow as pa

BENIGN, MALICIOUS, UNDECIDED = "benign", "malicious", "undecided"
PERSON, COMPANY = "person", "company"
NETWORK, BLOCK = "network", "block"

VERDICT = pa.schema(
    {
        "tenant": pa.string(),  # partition
        "date": pa.date32(),  # partition: the day on which it was given, UTC
        "time": pa.timestamp("us", tz="UTC"),
        "id": pa.string(),  # the anomaly's; of several verdicts on it the newest stands
        "verdict": pa.string(),  # benign, malicious, undecided
        "scope": pa.string(),  # person, company: for whom it holds
        "same": pa.string(),  # network, block: what has to be the same, beside the place
        "user": pa.string(),
        "country": pa.string(),
        "region": pa.string(),
        "city": pa.string(),
        "networks": pa.list_(pa.int64()),  # numbers of the autonomous systems
        "blocks": pa.list_(pa.string()),  # /24 of IPv4, /48 of IPv6: the text of the shared part
        "severity": pa.string(),  # the anomaly's when it was judged
        "until": pa.date32(),  # the last day for which it holds; null: for good
        "note": pa.string(),
        "author": pa.string(),
    }
)
