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
from schemas.event import ANOMALY, EVENT, PARTITIONS, QUARANTINE

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


class Lake:
    """The lake at `uri`: a path, `file://` and a path, or `s3://bucket/prefix`."""

    def __init__(self, uri: str, settings: Settings) -> None:
        """Open the lake; nothing is made before something is written."""
        self.objects: Objects = open_objects(uri, settings)
        self.encryption = Encryption(self.objects, settings)
        self.raw = Raw(self.objects, self.encryption)
        self._settings = settings
        self._specs = {spec.name: spec for spec in (EVENTS, QUARANTINED, ANOMALIES)}
        self._tables: dict[str, Table] = {}

    @property
    def uri(self) -> str:
        """Where the lake is, absolute."""
        return self.objects.uri

    def table(self, name: str) -> Table:
        """Return the table `events`, `quarantine` or `anomalies`."""
        if name not in self._specs:
            raise UsageError(f"No table {name!r}; there are {', '.join(sorted(self._specs))}.")
        if name not in self._tables:
            log = Log(
                self._specs[name],
                storage.address(self.objects, name),
                storage.options(self.objects, self._settings),
            )
            self._tables[name] = Table(self._specs[name], self.objects, log)
        return self._tables[name]

    def tables(self) -> list[Table]:
        """Return every table."""
        return [self.table(name) for name in sorted(self._specs)]
