"""Which accounts of which tenants are collected: TOML, checked at once, all faults named.

    [tenants.acme.okta]                      # tenant, then source
    base_url = "https://acme.okta.com"
    token = "env:ACME_OKTA_TOKEN"            # where the secret lies; never the secret

    [[tenants.acme.m365]]                    # several accounts of one source: each with a name
    name = "europe"

    [defaults.okta]                          # for every account of a source that does not say so
    share = 0.3

A folder stands for all its `.toml` files together, such as one for each tenant.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from collectors import registry
from collectors.contract import Account
from collectors.outcome import AccountKey
from conf.errors import UsageError

_TABLES = {"tenants", "defaults"}


@dataclass(frozen=True)
class Configured:
    """One account that is to be collected."""

    key: AccountKey
    account: Account


@dataclass(frozen=True)
class Configuration:
    """Every account, in order of tenant, source and name."""

    accounts: tuple[Configured, ...]

    def chosen(self, tenant: str | None = None, source: str | None = None) -> list[Configured]:
        """Return the accounts of a tenant, a source or both. Raises UsageError when none is."""
        found = [
            one
            for one in self.accounts
            if tenant in (None, one.key.tenant) and source in (None, one.key.source)
        ]
        if not found:
            asked = " and ".join(
                f"{what} {name!r}"
                for what, name in (("tenant", tenant), ("source", source))
                if name
            )
            raise UsageError(f"The configuration has no account of {asked or 'anybody'}; add one.")
        return found

    def account(self, key: AccountKey) -> Account:
        """Return one account. Raises UsageError when there is none."""
        try:
            return self._by_key[key]
        except KeyError:
            message = f"The configuration has no account {key}; it may have been removed."
            raise UsageError(message) from None

    @cached_property
    def _by_key(self) -> dict[AccountKey, Account]:
        return {one.key: one.account for one in self.accounts}


def load(path: Path) -> Configuration:
    """Read a file, or every `.toml` file of a folder. Raises UsageError that names every fault."""
    faults: list[str] = []
    tables = [(file, table) for file in _files(path) for table in _table(file, faults)]
    defaults: dict[str, dict[str, Any]] = {}
    for file, table in tables:
        faults += [
            f"{file.name}: unknown table {name}; known: {', '.join(sorted(_TABLES))}"
            for name in sorted(table.keys() - _TABLES)
        ]
        for source, fields in _tables(table.get("defaults", {}), f"{file.name}: defaults", faults):
            defaults.setdefault(source, {}).update(fields)
    found: dict[AccountKey, Account] = {}
    for file, table in tables:
        for where, tenant, source, fields in _accounts(table, file.name, faults):
            account = _account(source, defaults.get(source, {}) | fields, where, faults)
            if account is None:
                continue
            key = AccountKey(tenant, source, account.name)
            if key in found:
                faults.append(f"{where}: {key} is there twice; give each account a name of its own")
            found[key] = account
    if faults:
        raise UsageError("\n".join([f"The configuration {path} has faults:", *faults]))
    return Configuration(tuple(Configured(key, found[key]) for key in sorted(found)))


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        files = sorted(path.glob("*.toml"))
        if not files:
            raise UsageError(f"{path} holds no .toml file; write one, or name another folder.")
        return files
    return [path]


def _table(file: Path, faults: list[str]) -> Iterator[dict[str, Any]]:
    try:
        yield tomllib.loads(file.read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        faults.append(f"{file.name}: no TOML: {error}")
    except UnicodeDecodeError:
        faults.append(f"{file.name}: not UTF-8 text")
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror}; name the file of the accounts.") from None


def _accounts(
    table: Mapping[str, Any], name: str, faults: list[str]
) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    """Yield for each account where it stands, its tenant, its source and its fields."""
    for tenant, sources in _tables(table.get("tenants", {}), f"{name}: tenants", faults):
        for source, value in sources.items():
            where = f"{name}: tenants.{tenant}.{source}"
            several = value if isinstance(value, list) else [value]
            for number, fields in enumerate(several, start=1):
                at = f"{where}[{number}]" if isinstance(value, list) else where
                if isinstance(fields, dict):
                    yield at, tenant, source, fields
                else:
                    faults.append(f"{at}: is no table; write [tenants.{tenant}.{source}]")


def _tables(value: Any, where: str, faults: list[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    if not isinstance(value, dict):
        faults.append(f"{where}: is no table")
        return
    for name, fields in value.items():
        if isinstance(fields, dict):
            yield name, fields
        else:
            faults.append(f"{where}.{name}: is no table")


def _account(
    source: str, fields: Mapping[str, Any], where: str, faults: list[str]
) -> Account | None:
    try:
        provider = registry.load(source)
    except UsageError as error:
        faults.append(f"{where}: {error}")
        return None
    try:
        account = provider.account.model_validate(fields)
        known = {stream.name for stream in provider.collector(account).streams}
    except ValidationError as error:
        # Without the values: one of them may be a secret that was written where a reference goes.
        for fault in error.errors(include_url=False, include_input=False, include_context=False):
            field = ".".join(map(str, fault["loc"]))
            faults.append(f"{where}{'.' if field else ''}{field}: {_plain(fault['msg'])}")
        return None
    unknown = sorted(set(account.streams) - known)
    if unknown:
        faults.append(
            f"{where}.streams: unknown {', '.join(unknown)}; known: {', '.join(sorted(known))}"
        )
    return account


def _plain(message: str) -> str:
    """Return pydantic's message as ours read."""
    said = message.removeprefix("Value error, ")
    known = {"Field required": "is missing", "Extra inputs are not permitted": "is no such field"}
    return known.get(said, said[:1].lower() + said[1:])
