"""`antipode check`: signs in everywhere, fetches one page of each log, says what is missing."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta

from collectors import registry
from collectors.account_run import chosen_streams
from collectors.budget import Budget
from collectors.clock import Clock
from collectors.configuration import Configured
from collectors.contract import Collector, Cursor, Stream
from collectors.exchange import Line
from collectors.http import AccountHttp
from collectors.outcome import AccountKey, in_words
from collectors.told import Told
from collectors.transport import Transport

BACK = timedelta(hours=1)  # what is asked for; a window of this length is short everywhere


@dataclass(frozen=True)
class Checked:
    """One stream of an account: `error` is None when a page came, else the class of the error."""

    key: AccountKey
    stream: str
    records: int
    error: str | None
    detail: str


def check(
    accounts: Sequence[Configured], transport: Transport, clock: Clock, width: int = 16
) -> list[Checked]:
    """Check accounts, `width` side by side; nothing is stored and nothing acknowledged."""
    with ThreadPoolExecutor(width) as pool:
        found = pool.map(lambda one: _account(one, transport, clock), accounts)
        return [checked for account in found for checked in account]


def _account(configured: Configured, transport: Transport, clock: Clock) -> list[Checked]:
    key, account = configured.key, configured.account
    collector = registry.load(key.source).collector(account)
    budget = Budget(collector.limits, account.share)
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
    now = clock.now()
    try:
        pages = collector.pages(http, stream, Cursor(now - BACK), now)
        page = next(iter(pages), None)
    except Exception as error:
        return Checked(key, stream.name, 0, type(error).__name__, in_words(error))
    return Checked(key, stream.name, page.count if page else 0, None, "")
