"""The files of `conf/emr` made into requests, with what is one account's own put in.

`conf/emr/deployment.toml` says what that is: account, region, bucket, subnets, keys.
"""

import json
import string
import tomllib
from importlib import resources
from pathlib import Path
from typing import Any

from conf.errors import UsageError
from jobs.cluster.release import Release

Values = dict[str, Any]


def read(path: Path) -> Values:
    """Return what `path` says of the account. Raises UsageError when it is no such file."""
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise UsageError(
            f"--deployment {path}: is not there; copy conf/emr/deployment.toml and fill it in"
        ) from None
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"--deployment {path}: {error}") from None


def cluster_request(release: Release, values: Values) -> dict[str, Any]:
    """Return the request of RunJobFlow for a cluster of `release`, but for its steps."""
    request: dict[str, Any] = filled("cluster.json", values)
    request["ReleaseLabel"] = release.label
    request["Applications"] = [{"Name": name} for name in release.applications]
    request["Instances"]["InstanceFleets"] = filled("instance_fleets.json", values)
    request["Instances"]["Ec2SubnetIds"] = list(_value(values, "subnets"))
    request["ManagedScalingPolicy"] = filled("managed_scaling.json", values)
    request["Configurations"] = filled("configurations.json", values)
    return request


def filled(name: str, values: Values) -> Any:
    """Return a file of `conf/emr` (such as `iam/job.json`) with `${...}` filled in."""
    text = (resources.files("conf") / "emr").joinpath(*name.split("/")).read_text("utf-8")
    found = string.Template(text)
    texts = {key: str(value) for key, value in values.items() if not isinstance(value, list)}
    missing = [key for key in found.get_identifiers() if key not in texts]
    if missing:
        raise UsageError(f"deployment: {', '.join(missing)} missing, which {name} needs")
    return json.loads(found.substitute(texts))


def text(values: Values, key: str) -> str:
    """Return a value that must be there."""
    return str(_value(values, key))


def _value(values: Values, key: str) -> Any:
    if not values.get(key):
        raise UsageError(f"deployment: {key} is missing; conf/emr/deployment.toml says what it is")
    return values[key]
