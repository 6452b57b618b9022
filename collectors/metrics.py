"""What is counted while collecting, for Prometheus.

Labels are tenant and source (the freshness of each account of a source stands alone): few enough
that a thousand tenants cost little memory. What concerns a stream or a request is in the log.
"""

from prometheus_client import Counter, Gauge

_ACCOUNT = ("tenant", "source")
_NAMESPACE = "antipode"

REQUESTS = Counter(
    "collect_requests", "Requests answered, by status.", (*_ACCOUNT, "status"), namespace=_NAMESPACE
)
RETRIES = Counter("collect_retries", "Requests sent again.", _ACCOUNT, namespace=_NAMESPACE)
WAITED = Counter(
    "collect_waited_seconds",
    "Time spent waiting for the budget or the provider.",
    _ACCOUNT,
    namespace=_NAMESPACE,
)
RECORDS = Counter(
    "collect_records",
    "Records stored in raw/; those read again count again.",
    _ACCOUNT,
    namespace=_NAMESPACE,
)
STORED = Counter(
    "collect_stored_bytes", "Bytes stored in raw/, compressed.", _ACCOUNT, namespace=_NAMESPACE
)
SKIPPED = Counter(
    "collect_skipped", "Things the provider no longer has.", _ACCOUNT, namespace=_NAMESPACE
)
FAILED = Counter(
    "collect_failed_runs",
    "Runs of an account that ended before their end, by error.",
    (*_ACCOUNT, "error"),
    namespace=_NAMESPACE,
)
FRESH = Gauge(
    "collect_fresh_until_seconds",
    "The time up to which all logs of an account were read, in seconds since 1970.",
    (*_ACCOUNT, "account"),
    namespace=_NAMESPACE,
)
EVENTS = Counter(
    "normalize_records",
    "Records taken to events/, by what became of them.",
    (*_ACCOUNT, "outcome"),
    namespace=_NAMESPACE,
)
