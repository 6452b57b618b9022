"""`antipode check`: signs in everywhere, fetches one page of each log, says what is missing.

It only looks: a provider whose `pages` would change something there has a `look` of its own.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta

from collectors import registry
from collectors.account_run import chosen_streams
from collectors.budget import Budget
from collectors.clock import Clock
from collectors.configuration import Configured
from collectors.contract import Collector, Cursor, Looked, Stream
from collectors.exchange import Line
from collectors.http import AccountHttp
from collectors.outcome import AccountKey, in_words
from collectors.told import Told
from collectors.transport import Transport

BACK = timedelta(hours=1)  # what is asked for; a window of this length is short everywhere


@dataclass(frozen=True)
class Checked:
    """One stream of an account: `error` is None when a page came, else the class of the error.

    `note` says what a person should know though nothing failed.
    """

    key: AccountKey
    stream: str
    records: int
    error: str | None
    detail: str
    note: str = ""


def check(
    accounts: Sequence[Configured], transport: Transport, clock: Clock, width: int = 16
) -> list[Checked]:
    """Check accounts, `width` side by side; nothing is changed, here or there."""
    with ThreadPoolExecutor(width) as pool:
        found = pool.map(lambda one: _account(one, transport, clock), accounts)
        return [checked for account in found for checked in account]


def _account(configured: Configured, transport: Transport, clock: Clock) -> list[Checked]:
    key, account = configured.key, configured.account
    collector = registry.load(key.source).collector(account)
    budget = Budget(collector.limits, account.share, account.quota)
    found = []
    for stream in chosen_streams(collector.streams, account, key):
        told = Told(tenant=key.tenant, source=key.source, account=key.name, stream=stream.name)
        line = Line(key.tenant, key.source, transport, budget, clock, told)
        http = AccountHttp(line, collector, account.base_url)
        found.append(_stream(key, collector, http, stream, clock))
    return found


def _stream(
    key: AccountKey, collector: Collector, http: AccountHttp, stream: Stream, clock: Clock
) -> Checked:
    try:
        looked = _look(collector, http, stream, clock.now())
    except Exception as error:
        return Checked(key, stream.name, 0, type(error).__name__, in_words(error))
    return Checked(key, stream.name, looked.records, None, "", looked.note)


def _look(collector: Collector, http: AccountHttp, stream: Stream, now: datetime) -> Looked:
    since = Cursor(now - BACK)
    look = getattr(collector, "look", None)
    if look is not None:
        looked: Looked = look(http, stream, since, now)
        return looked
    page = next(iter(collector.pages(http, stream, since, now)), None)
    return Looked(page.count if page else 0)
