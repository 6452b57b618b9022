"""`antipode keys`"""

from typing import Annotated

import typer

from antipode import clock, output
from antipode.options import AnyTenant, Json, Lake, Tenant
from conf.errors import UsageError
from conf.settings import Settings

EXAMPLES = """Examples:

    antipode keys list --lake s3://bucket/lake

    antipode keys rotate --lake s3://bucket/lake --tenant acme

    antipode keys destroy --lake s3://bucket/lake --tenant acme --yes
"""


def register(app: typer.Typer) -> None:
    """Add the group."""
    keys = typer.Typer(
        help="The keys that raw objects are encrypted under.",
        epilog=EXAMPLES,
        no_args_is_help=True,
        rich_markup_mode=None,
    )
    app.add_typer(keys, name="keys")
    keys.command("list", epilog=EXAMPLES)(_list)
    keys.command("rotate", epilog=EXAMPLES)(_rotate)
    keys.command("destroy", epilog=EXAMPLES)(_destroy)


def _list(lake: Lake, tenant: AnyTenant = None, json: Json = False) -> None:
    """List the keys of tenants: in use, retired (they still read) or destroyed."""
    from lake.key_ring import key_ring

    register = key_ring(lake, Settings()).register
    found = [
        {
            "tenant": name,
            "id": key.id,
            "kind": key.kind,
            "created": key.created,
            "state": "destroyed" if key.destroyed else "in use" if last else "retired",
            "destroyed": key.destroyed or None,
        }
        for name in ([tenant] if tenant else register.tenants())
        for keys in [register.of(name)]
        for key in keys
        for last in [key == keys[-1]]
    ]
    lines = [
        f"{one['tenant']}: {one['state']}, {one['kind']}, since {one['created']}, {one['id']}"
        for one in found
    ]
    output.result({"keys": found}, json, *(lines or ["no keys"]))


def _rotate(
    lake: Lake,
    tenant: Tenant,
    key: Annotated[
        str, typer.Option("--key", metavar="ARN", help="A KMS key that exists. Default: a new one.")
    ] = "",
    json: Json = False,
) -> None:
    """Take a new key into use for what is stored from now on; older ones still read."""
    from lake.key_ring import KNOWN_SECONDS, key_ring

    new = key_ring(lake, Settings()).rotate(tenant, clock.now(), key)
    output.result(
        {"tenant": tenant, "id": new.id, "kind": new.kind},
        json,
        f"{tenant}: {new.id} is in use, in running processes within {KNOWN_SECONDS:.0f} seconds",
    )


def _destroy(
    lake: Lake,
    tenant: Tenant,
    key: Annotated[
        str, typer.Option("--key", metavar="ID", help="Only this one, no longer in use.")
    ] = "",
    yes: Annotated[
        bool, typer.Option("--yes", help="Yes: what is under the keys is lost for good.")
    ] = False,
    json: Json = False,
) -> None:
    """Destroy a tenant's keys: its encrypted raw objects can never be read again."""
    if not yes:
        raise UsageError(
            f"keys destroy: the raw objects of {tenant} could never be read again. If that is "
            "meant, say --yes."
        )
    from lake.key_ring import key_ring

    said = key_ring(lake, Settings()).destroy(tenant, clock.now(), key)
    output.result({"tenant": tenant, "destroyed": said}, json, *said)
