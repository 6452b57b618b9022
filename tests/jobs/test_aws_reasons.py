"""Each setting for AWS has its reason on the page beside it."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

EMR = Path(__file__).parents[2] / "conf" / "emr"
PAGE = (EMR / "README.md").read_text()
TOLD = set(re.findall(r"`([^`\s]+)`", PAGE))
# What groups others, and what is there because a request of its kind has it.
GROUPS = frozenset(
    {
        *("Instances", "Properties", "Configurations", "Classification", "BootstrapActions"),
        *("EncryptionConfiguration", "AtRestEncryptionConfiguration"),
        *("InTransitEncryptionConfiguration", "TLSCertificateConfiguration"),
        *("S3EncryptionConfiguration", "LocalDiskEncryptionConfiguration"),
        "InstanceMetadataServiceConfiguration",
        *("Comment", "StartAt", "States", "Type", "Resource", "Arguments", "Next", "End"),
        *("ApplicationId", "ConfigurationOverrides", "Error", "Cause"),
    }
)
# Each run has a name of its own; states are told of by what they hold.
NAMES = frozenset({"Name", "Detect", "Tell", "Failed", "TopicArn", "Subject", "Message"})


def settings(found: Any) -> Iterator[str]:
    """The names of members, without those below one that is told of as a whole."""
    if isinstance(found, list):
        for each in found:
            yield from settings(each)
    elif isinstance(found, dict):
        for name, value in found.items():
            yield name
            if name not in TOLD:
                yield from settings(value)


@pytest.mark.parametrize(
    "name",
    [
        *("configurations.json", "cluster.json", "security_configuration.json", "steps.json"),
        *("serverless_application.json", "schedule/schedule.json", "schedule/daily.asl.json"),
        "schedule/maintain.json",
    ],
)
def test_each_setting_has_one(name: str) -> None:
    found = set(settings(json.loads((EMR / name).read_text())))
    assert len(found & TOLD) > 2
    assert found - TOLD - GROUPS - NAMES == set()


def test_each_rule_of_the_bucket_has_one() -> None:
    rules = json.loads((EMR / "bucket" / "lifecycle.json").read_text())["Rules"]
    assert {rule["ID"] for rule in rules} - TOLD == set()


def test_each_word_of_a_step_has_one() -> None:
    (step,) = json.loads((EMR / "steps.json").read_text())
    words = [word for word in step["HadoopJarStep"]["Args"] if re.match(r"--\w|spark\.", word)]
    names = {word.partition("=")[0] for word in words} - {"--master", "--conf", "--lake"}
    assert names - TOLD == set()


def test_each_file_is_named() -> None:
    names = [path.name for path in EMR.glob("*.json")]
    names += [path.name for path in (EMR / "bucket").glob("*.json")]
    names += [path.name for path in (EMR / "iam").glob("*.json")]
    assert [name for name in names if f"`{name}`" not in PAGE] == []
