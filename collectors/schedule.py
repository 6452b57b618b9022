"""Celery's beat with one entry for each account, which come and go with the configuration."""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

from celery import Celery
from celery.beat import ScheduleEntry, Scheduler
from celery.schedules import schedule

from collectors.celery_app import COLLECT, DAILY, task_name
from collectors.configuration import Configured
from collectors.live_configuration import LiveConfiguration
from collectors.outcome import AccountKey
from collectors.worker_settings import WorkerSettings

_LIFE_OF_DAILY = 12 * 3600.0  # seconds; a run that late would be in the way of the next
_SHORTEST_LIFE = 30.0  # seconds that a message waits at least, however often accounts are due


class AccountScheduler(Scheduler):
    """Sends the tasks of the accounts whose tenants one broker works for.

    Nothing is kept between two lives: when an account is due follows from its name and the clock,
    the same for every beat. So accounts are spread evenly over each interval, and one that is due
    once an hour is so however often beat is started.
    """

    max_interval = 5  # seconds, after which the configuration is looked at again

    def __init__(
        self,
        *args: Any,
        accounts: LiveConfiguration,
        settings: WorkerSettings,
        broker: str,
        **kwargs: Any,
    ) -> None:
        """`broker`: the name of the one to send to."""
        self._accounts, self._settings, self._broker = accounts, settings, broker
        self._known: object = None
        super().__init__(*args, **kwargs)

    def setup_schedule(self) -> None:
        """Make the entries, as beat asks for at its start."""
        self._renew()

    def tick(self, *args: Any, **kwargs: Any) -> Any:
        """Send what is due, of the accounts that there are now."""
        self._renew()
        return super().tick(*args, **kwargs)

    def _renew(self) -> None:
        configuration = self._accounts.current()
        if configuration is self._known:
            return
        self._known = configuration
        now = datetime.now(UTC)
        self.data = {
            str(one.key): self._kept(one) or entry(self.app, one.key, self._settings, now)
            for one in configuration.accounts
            if self._settings.broker_of(one.key.tenant) == self._broker
        }
        if self._settings.daily_broker == self._broker:
            self.data[DAILY] = daily_entry(self.app, self._settings, now)

    def _kept(self, one: Configured) -> ScheduleEntry | None:
        known: ScheduleEntry | None = self.data.get(str(one.key))
        return known


def entry(app: Celery, key: AccountKey, settings: WorkerSettings, now: datetime) -> ScheduleEntry:
    """Return when an account is due, and what is sent then. `now`: UTC."""
    every = settings.schedule.of(key.source)
    return ScheduleEntry(
        name=str(key),
        task=task_name(COLLECT),
        schedule=schedule(timedelta(seconds=every), app=app),
        args=(key.tenant, key.source, key.name),
        last_run_at=last_due(key, every, now),
        options={
            "queue": COLLECT,
            "expires": max(every, _SHORTEST_LIFE),
            "confirm_timeout": settings.connection.confirm,
            "ignore_result": True,
        },
        app=app,
    )


def daily_entry(app: Celery, settings: WorkerSettings, now: datetime) -> ScheduleEntry:
    """Return when the daily run is due. `now`: UTC."""
    hour, minute = map(int, settings.daily.at.split(":"))
    today = now.replace(hour=hour, minute=minute, second=0, microsecond=0)
    return ScheduleEntry(
        name=DAILY,
        task=task_name(DAILY),
        schedule=schedule(timedelta(days=1), app=app),
        last_run_at=today if today <= now else today - timedelta(days=1),
        options={
            "queue": DAILY,
            "expires": _LIFE_OF_DAILY,
            "confirm_timeout": settings.connection.confirm,
            "ignore_result": True,
        },
        app=app,
    )


def last_due(key: AccountKey, every: float, now: datetime) -> datetime:
    """Return when an account was due last, at or before now: each has its own second."""
    digest = hashlib.sha256(str(key).encode()).digest()
    phase = int.from_bytes(digest[:4]) / 2**32 * every
    since = (now.timestamp() - phase) % every
    return now - timedelta(seconds=since)
