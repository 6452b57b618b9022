"""The lake: a folder or an S3 prefix that holds raw objects, cursors and tables."""

from conf.errors import UsageError
from conf.settings import Settings
from lake import storage
from lake.edge import TableSpec
from lake.encryption import Encryption
from lake.log import Log
from lake.objects import Objects, open_objects
from lake.raw import Raw
from lake.tables import Table
from schemas.daily_use import DAILY_USE
from schemas.event import ANOMALY, EVENT, PARTITIONS, QUARANTINE
from schemas.feedback import VERDICT
from schemas.health import HEALTH

EVENTS = TableSpec(
    name="events",
    schema=EVENT,
    partitions=PARTITIONS,
    required=(
        *("time", "class_uid", "class_name", "category_uid", "activity_id", "type_uid"),
        *("severity_id", "metadata.uid", "metadata.version", "metadata.product.name"),
        *("tenant", "date", "source", "mapper", "raw_object"),
    ),
    order=("time",),
    statistics=("time", "source", "mapper", "raw_object"),
    unique=(
        *("time", "metadata.uid", "metadata.correlation_uid", "metadata.original_time"),
        *("actor.session.uid", "api.request.uid", "resources.list.element.uid"),
    ),
    day=("date", "time"),
)
QUARANTINED = TableSpec(
    name="quarantine",
    schema=QUARANTINE,
    partitions=PARTITIONS,
    required=("tenant", "date", "source", "reason", "record", "record_id", "raw_object", "line"),
    order=("raw_object", "line"),
    statistics=("source", "mapper", "raw_object"),
)
ANOMALIES = TableSpec(
    name="anomalies",
    schema=ANOMALY,
    partitions=PARTITIONS,
    required=("id", "tenant", "date", "user", "score", "severity", "run_id"),
    order=("user", "id"),
    statistics=("id", "user", "run_id"),
    checkpoints=False,  # a few commits a day; read by whoever lists Parquet files
)
VERDICTS = TableSpec(
    name="verdicts",
    schema=VERDICT,
    partitions=PARTITIONS,
    required=("tenant", "date", "time", "id", "verdict", "scope"),
    order=("id", "time"),
    statistics=("id", "time"),
)
RUNS = TableSpec(
    name="health",
    schema=HEALTH,
    partitions=PARTITIONS,
    required=("tenant", "date", "run_id", "days"),
    order=("run_id",),
    statistics=("run_id",),
)
DAYS = TableSpec(
    name="daily_use",
    schema=DAILY_USE,
    partitions=PARTITIONS,
    required=("tenant", "date", "made_from", "events", "failures"),
    order=("refused", "person", "address_id"),
    statistics=("made_from",),
)
SPECS = {spec.name: spec for spec in (EVENTS, QUARANTINED, ANOMALIES, VERDICTS, RUNS, DAYS)}


class Lake:
    """The lake at `uri`: a path, `file://` and a path, or `s3://bucket/prefix`."""

    def __init__(self, uri: str, settings: Settings) -> None:
        """Open the lake; nothing is made before something is written."""
        self.objects: Objects = open_objects(uri, settings)
        self.encryption = Encryption(self.objects, settings)
        self.raw = Raw(self.objects, self.encryption)
        self._settings = settings
        self._tables: dict[str, Table] = {}

    @property
    def uri(self) -> str:
        """Where the lake is, absolute."""
        return self.objects.uri

    def table(self, name: str) -> Table:
        """Return a table by its name, such as `events` or `anomalies`; SPECS has them all."""
        if name not in SPECS:
            raise UsageError(f"No table {name!r}; there are {', '.join(sorted(SPECS))}.")
        if name not in self._tables:
            log = Log(
                SPECS[name],
                storage.address(self.objects, name),
                storage.options(self.objects, self._settings),
            )
            self._tables[name] = Table(SPECS[name], self.objects, log)
        return self._tables[name]

    def tables(self) -> list[Table]:
        """Return every table."""
        return [self.table(name) for name in sorted(SPECS)]
