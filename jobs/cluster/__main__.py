"""Prints a file of `conf/emr` or `conf/ecs` as the request that AWS is to get, filled in:

    python -m jobs.cluster emr/iam/job.json --deployment deployment.toml
    python -m jobs.cluster emr/serverless_application.json --deployment deployment.toml

The latter, and `emr/cluster.json`, with the files that are part of it.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from conf.errors import AntipodeError
from jobs.cluster import deployment
from jobs.cluster.release import named

WHOLE = {
    "emr/cluster.json": deployment.cluster_request,
    "emr/serverless_application.json": deployment.application_request,
}


def main(arguments: list[str]) -> int:
    """Print the request; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m jobs.cluster", description=__doc__)
    parser.add_argument("file", help="below conf/, such as emr/iam/job.json")
    parser.add_argument("--deployment", type=Path, required=True, help="what is the account's own")
    parser.add_argument("--release", default="emr-spark-8.0.0", help="of a cluster or application")
    given = parser.parse_args(arguments)
    try:
        print(json.dumps(request(given.file, given.deployment, given.release), indent=2))
    except AntipodeError as error:
        print(f"error: {error}", file=sys.stderr)
        return error.exit_status
    return 0


def request(file: str, place: Path, label: str) -> Any:
    """Return a file filled in, with the parts that it has in other files."""
    values = deployment.read(place)
    if file in WHOLE:
        return WHOLE[file](named(label), values)
    return deployment.filled(file, values)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
