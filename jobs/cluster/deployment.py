"""The files of `conf/emr` and `conf/ecs` made into requests, with what is one account's own put in.

`conf/emr/deployment.toml` says what that is: account, region, bucket, subnets, keys.
"""

import json
import re
import tomllib
from importlib import resources
from pathlib import Path
from typing import Any

from conf.errors import UsageError
from jobs.cluster.release import MACHINES, Release, target

Values = dict[str, Any]
_PLACE = re.compile(r"\$\{(\w+)\}")
_WHOLE = re.compile(r'"\$\{(\w+)\}"')
OF_A_CLUSTER = (
    *("spark.yarn.", "spark.shuffle.service.", "spark.locality.", "spark.history."),
    "spark.eventLog.",
)


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


def cluster_request(release: Release, values: Values, python: str | None = None) -> dict[str, Any]:
    """Return the request of RunJobFlow for a cluster of `release`, but for its steps.

    `python`: the version that its nodes are to have, for the package that is to run there; None:
    that which packages are made for unless told otherwise.
    """
    checked = {"python": python or target(release.label, None, MACHINES[0]).python}
    checked["glibc"] = release.glibc
    request: dict[str, Any] = filled("emr/cluster.json", {**values, **checked})
    request["ReleaseLabel"] = release.label
    request["Applications"] = [{"Name": name} for name in release.applications]
    request["Instances"]["InstanceFleets"] = filled("emr/instance_fleets.json", values)
    request["Instances"]["Ec2SubnetIds"] = list(_value(values, "subnets"))
    request["ManagedScalingPolicy"] = filled("emr/managed_scaling.json", values)
    request["Configurations"] = filled("emr/configurations.json", values)
    return request


def application_request(release: Release, values: Values) -> dict[str, Any]:
    """Return the request of CreateApplication for EMR Serverless with `release`.

    Its Spark has the settings of a cluster, but for those of YARN, of a cluster's own history
    server and of a shuffle service; and those of S3A with the prefix by which Spark hands them on.
    """
    request: dict[str, Any] = filled("emr/serverless_application.json", values)
    of = {each["Classification"]: each for each in filled("emr/configurations.json", values)}
    settings = of["spark-defaults"]["Properties"] | {
        f"spark.hadoop.{name}": value for name, value in of["core-site"]["Properties"].items()
    }
    kept = {name: settings[name] for name in settings if not name.startswith(OF_A_CLUSTER)}
    request["releaseLabel"] = release.label
    request["runtimeConfiguration"] = [{"classification": "spark-defaults", "properties": kept}]
    return request


def filled(name: str, values: Values) -> Any:
    """Return a file of `conf` (such as `emr/iam/job.json`) with `${...}` filled in.

    A list stands alone in its quotes, as in `"Subnets": "${subnets}"`, and loses these.
    """
    file = resources.files("conf").joinpath(*name.split("/"))
    if not (name.endswith(".json") and file.is_file()):
        raise UsageError(f"{name}: is no file of conf/; name one such as emr/iam/job.json")
    text = file.read_text("utf-8")
    # Only what stands in braces: state machines have variables of their own, `$states` and others.
    missing = sorted(key for key in set(_PLACE.findall(text)) if not values.get(key))
    if missing:
        raise UsageError(f"deployment: {', '.join(missing)} missing, which {name} needs")
    lists = {key: json.dumps(value) for key, value in values.items() if isinstance(value, list)}
    text = _WHOLE.sub(lambda place: lists.get(place[1], place[0]), text)
    return json.loads(_PLACE.sub(lambda place: json.dumps(str(values[place[1]]))[1:-1], text))


def text(values: Values, key: str) -> str:
    """Return a value that must be there."""
    return str(_value(values, key))


def _value(values: Values, key: str) -> Any:
    if not values.get(key):
        raise UsageError(f"deployment: {key} is missing; conf/emr/deployment.toml says what it is")
    return values[key]
