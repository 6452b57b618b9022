"""How collectors run on Celery, as `conf/celery/workers.toml` says: brokers, schedule, limits."""

import hashlib
import tomllib
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from collectors.secret import Secret
from conf.errors import UsageError

_DEFAULT = "celery/workers.toml"


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Schedule(_Table):
    """Seconds between two runs of an account, by source where it is not the same for all."""

    every: float = Field(gt=0)
    sources: dict[str, float] = Field(default_factory=dict)

    def of(self, source: str) -> float:
        """Return the seconds between two runs of an account of a source."""
        return self.sources.get(source, self.every)


class Collect(_Table):
    """The workers of the queue `collect`."""

    side_by_side: int = Field(ge=1)
    longest: float = Field(gt=0)


class Normalize(_Table):
    """The workers of the queue `normalize`. `processes`: 0 for one each core."""

    processes: int = Field(ge=0)
    tasks_per_child: int = Field(ge=1)
    megabytes_per_child: int = Field(ge=100)
    longest: float = Field(gt=0)


class Daily(_Table):
    """The run of each day. `at`: HH:MM, UTC, '' for none; `back`: how many days are made up for."""

    at: str = Field(pattern=r"^(([01]\d|2[0-3]):[0-5]\d)?$")
    back: int = Field(ge=1)
    longest: float = Field(gt=0)


class Connection(_Table):
    """The connections to a broker, in seconds."""

    heartbeat: float = Field(gt=0)
    confirm: float = Field(gt=0)


class WorkerSettings(_Table):
    """The whole file. `brokers`: name -> where its address stands; `tenants`: tenant -> broker."""

    brokers: dict[str, Secret] = Field(min_length=1)
    tenants: dict[str, str] = Field(default_factory=dict)
    schedule: Schedule
    collect: Collect
    normalize: Normalize
    daily: Daily
    connection: Connection

    def broker_of(self, tenant: str) -> str:
        """Return the broker that works for a tenant: as named, else the highest of all hashes.

        Rendezvous hashing (Thaler and Ravishankar 1998): when a broker comes or goes, only the
        tenants that it gains or loses move.
        """
        named = self.tenants.get(tenant)
        return (
            named if named is not None else max(self._names, key=lambda name: _hash(name, tenant))
        )

    @property
    def daily_broker(self) -> str | None:
        """The one broker by which word of the daily run is sent; None: it is not."""
        return self._names[0] if self.daily.at else None

    @cached_property
    def _names(self) -> tuple[str, ...]:
        return tuple(sorted(self.brokers))

    def chosen(self, broker: str | None) -> str:
        """Return the name of the broker to work for. Raises UsageError when that is not clear."""
        known = ", ".join(self._names)
        if broker is None:
            if len(self._names) > 1:
                raise UsageError(f"There are several brokers: give --broker, one of {known}.")
            return self._names[0]
        if broker not in self.brokers:
            raise UsageError(f"unknown broker {broker!r}; known: {known}")
        return broker


def load(path: Path | None) -> WorkerSettings:
    """Read a file on top of the one that ships. Raises UsageError that names every fault."""
    default = tomllib.loads((resources.files("conf") / _DEFAULT).read_text("utf-8"))
    found = _read(path) if path is not None else {}
    try:
        settings = WorkerSettings.model_validate(_over(default, found))
    except ValidationError as error:
        faults = [
            f"{'.'.join(map(str, fault['loc']))}: {fault['msg'].removeprefix('Value error, ')}"
            for fault in error.errors(include_url=False, include_input=False)
        ]
        raise UsageError("\n".join([f"{path} has faults:", *faults])) from None
    unknown = sorted(set(settings.tenants.values()) - settings.brokers.keys())
    if unknown:
        known = ", ".join(sorted(settings.brokers))
        raise UsageError(f"{path}: tenants: unknown broker {', '.join(unknown)}; known: {known}")
    return settings


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}; name the file of the workers.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: no TOML: {error}") from None


def _over(default: dict[str, Any], found: dict[str, Any]) -> dict[str, Any]:
    """Return `found` on top of `default`, table by table; brokers are those of one file only."""
    merged = {**default, **found}
    for name in ("schedule", "collect", "normalize", "daily", "connection"):
        if isinstance(found.get(name), dict):
            merged[name] = {**default[name], **found[name]}
    return merged


def _hash(broker: str, tenant: str) -> bytes:
    return hashlib.sha256(f"{broker}\0{tenant}".encode()).digest()
