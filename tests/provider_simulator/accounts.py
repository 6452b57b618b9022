"""A customer's account at a simulated provider, as the configuration would say it.

    python -m provider_simulator.accounts --url http://127.0.0.1:8765 --secrets FOLDER \\
        --tenants acme globex --sources okta slack >accounts.toml

writes the accounts of some tenants, and what is secret of them to files in the folder.
"""

import argparse
import itertools
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.error import URLError

from provider_simulator.client import Simulator

Found = dict[str, Any]
Hide = Callable[[str], str]  # a secret -> a reference to it
_numbers = itertools.count()


def account(simulator: Simulator, source: str, tenant: str, hide: Hide) -> dict[str, Any]:
    """Return the fields of an account; its secrets are where `hide` put them.

    The simulator's own limits are the ones that hold: the collector's budget waits for nobody.
    """
    found = simulator.credentials(source, tenant)
    return {"base_url": found["base_url"], "quota": 1000, **ACCOUNTS[source](found, hide)}


def in_files(folder: Path) -> Hide:
    """Hide secrets in files."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    numbers = itertools.count()

    def hide(secret: str) -> str:
        path = folder.resolve() / str(next(numbers))
        path.write_text(secret)
        return f"file:{path}"

    return hide


def in_environment(setenv: Callable[[str, str], None]) -> Hide:
    """Hide secrets in environment variables."""

    def hide(secret: str) -> str:
        name = f"SIMULATED_SECRET_{next(_numbers)}"
        setenv(name, secret)
        return f"env:{name}"

    return hide


def _okta(found: Found, hide: Hide) -> Found:
    return {"client_id": found["client_id"], "private_key": hide(found["private_key"])}


def _service_account(found: Found, hide: Hide) -> Found:
    file = found["service_account"]
    return {"key": hide(json.dumps(file)), "token_url": file["token_uri"]}


def _google_workspace(found: Found, hide: Hide) -> Found:
    return {**_service_account(found, hide), "subject": found["subject"]}


def _gcp(found: Found, hide: Hide) -> Found:
    return {**_service_account(found, hide), "resources": [f"projects/{found['project']}"]}


def _client(*more: str) -> Callable[[Found, Hide], Found]:
    def fields(found: Found, hide: Hide) -> Found:
        plain = {name: found[name] for name in ("client_id", *more)}
        return {**plain, "client_secret": hide(found["client_secret"])}

    return fields


def _microsoft(found: Found, hide: Hide) -> Found:
    return {**_client("tenant_id", "scope")(found, hide), "login_url": found["base_url"]}


def _cloudtrail(found: Found, hide: Hide) -> Found:
    keys = {name: hide(found[name]) for name in ("access_key_id", "secret_access_key")}
    return {"region": found["region"], **keys}


def trail(simulator: Simulator, tenant: str, hide: Hide) -> Found:
    """Return the fields of an account of CloudTrail whose files are announced by a queue."""
    found = simulator.credentials("cloudtrail", tenant)
    queue = {name: found[name] for name in ("base_url", "queue_url", "s3_url")}
    return {"quota": 1000, **_cloudtrail(found, hide), **queue}


def _salesforce(found: Found, hide: Hide) -> Found:
    plain = {name: found[name] for name in ("client_id", "username", "audience")}
    return {**plain, "private_key": hide(found["private_key"])}


def _github(found: Found, hide: Hide) -> Found:
    plain = {name: found[name] for name in ("organization", "app_id", "installation_id")}
    return {**plain, "private_key": hide(found["private_key"])}


def _box(found: Found, hide: Hide) -> Found:
    keyed = {"private_key": hide(found["private_key"]), "key_id": found.get("key_id", "k")}
    return {**_client("enterprise_id", "token_url")(found, hide), **keyed}


def _dropbox(found: Found, hide: Hide) -> Found:
    return {
        "refresh_token": hide(found["refresh_token"]),
        "app_key": found["client_id"],
        "app_secret": hide(found["client_secret"]),
    }


# The streams that are simulated, where there are others.
STREAMS = {
    "google_workspace": ("login", "admin", "drive", "token", "saml", "user_accounts"),
    "m365": ("Audit.AzureActiveDirectory", "Audit.Exchange", "Audit.SharePoint", "Audit.General"),
}
ACCOUNTS: dict[str, Callable[[Found, Hide], Found]] = {
    "okta": _okta,
    "google_workspace": _google_workspace,
    "gcp": _gcp,
    "slack": lambda found, hide: {"token": hide(found["token"])},
    "github": _github,
    "box": _box,
    "dropbox": _dropbox,
    "zoom": _client("account_id", "token_url"),
    "onelogin": _client(),
    "entra_id": _microsoft,
    "m365": _microsoft,
    "cloudtrail": _cloudtrail,
    "salesforce": _salesforce,
}


def sections(
    simulator: Simulator, tenants: list[str], sources: list[str], hide: Hide
) -> Iterator[str]:
    """Yield the lines of a file of accounts, TOML."""
    for tenant in tenants:
        for source in sources:
            fields = account(simulator, source, tenant, hide)
            del fields["quota"]  # as a customer has it
            if source in STREAMS:
                fields["streams"] = STREAMS[source]
            yield f"[tenants.{tenant}.{source}]"
            # A string, number or list of JSON is one of TOML.
            yield from (f"{name} = {json.dumps(value)}" for name, value in fields.items())
            yield ""


def main() -> None:
    parser = argparse.ArgumentParser(prog="provider_simulator.accounts", description=__doc__)
    parser.add_argument("--url", required=True, help="of a simulator that runs, or starts now")
    parser.add_argument("--secrets", type=Path, required=True, help="folder for what is secret")
    parser.add_argument("--tenants", nargs="+", default=["acme"])
    parser.add_argument("--sources", nargs="+", default=sorted(ACCOUNTS), choices=sorted(ACCOUNTS))
    given = parser.parse_args()
    simulator = Simulator(given.url.rstrip("/"), 0)
    _wait_for(simulator)
    print(*sections(simulator, given.tenants, given.sources, in_files(given.secrets)), sep="\n")


def _wait_for(simulator: Simulator, seconds: float = 30.0) -> None:
    end = time.monotonic() + seconds
    while True:
        try:
            simulator.totals()
        except URLError:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)
        else:
            return


if __name__ == "__main__":
    main()
