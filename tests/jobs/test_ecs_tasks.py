"""Tasks and services of ECS: commands of Antipode, as nobody, scaled by their queues."""

import re
from pathlib import Path
from typing import Any

import pytest
from command_words import read

from jobs.cluster import deployment
from lake.files import ROWS_PER_FILE

ROOT = Path(__file__).parents[2]
VALUES = deployment.read(ROOT / "conf" / "emr" / "deployment.toml")
DOCKERFILE = (ROOT / "Dockerfile").read_text()


def container(name: str) -> dict[str, Any]:
    (found,) = deployment.filled(f"ecs/{name}_task.json", VALUES)["containerDefinitions"]
    return dict(found)


class TestImages:
    """What runs is what was looked at."""

    def test_those_of_others_are_pinned(self) -> None:
        compose = (ROOT / "compose.yaml").read_text()
        named = re.findall(r"^    image: (\S+:\S+)$", compose, re.MULTILINE)
        named += re.findall(r"^ARG PYTHON=(\S+)$", DOCKERFILE, re.MULTILINE)
        assert len(named) == 3
        pinned = re.compile(r"@sha256:[0-9a-f]{64}$|:\d+\.\d+\.\d+-management$")
        assert [name for name in named if not pinned.search(name)] == []

    def test_tasks_name_ours_as_it_is_pushed(self) -> None:
        script = (ROOT / "bootstrap" / "push_image.sh").read_text()
        assert "readonly tag=$version-${commit:0:12}" in script
        assert re.search(r"/antipode:\d+\.\d+\.\d+-[0-9a-f]{12}$", VALUES["image"])
        assert container("collect")["image"] == VALUES["image"]


class TestWhatMayBeWritten:
    """Fargate gives a volume root's owner and mode, except at a place that the image names."""

    @pytest.fixture
    def place(self) -> str:
        (found,) = re.findall(r'^VOLUME \["(.+)"\]$', DOCKERFILE, re.MULTILINE)
        return str(found)

    @pytest.mark.parametrize("name", ["collect", "normalize", "beat", "serve", "maintain"])
    def test_is_the_volume_of_the_image_and_nothing_else(self, name: str, place: str) -> None:
        mounts = [each["containerPath"] for each in container(name)["mountPoints"]]
        assert mounts == [place]
        assert container(name)["readonlyRootFilesystem"] is True

    def test_belongs_to_the_user_of_the_image_before_it_is_a_volume(self, place: str) -> None:
        made = DOCKERFILE.index(
            f"install --directory --owner 10001 --group 10001 --mode 0700 {place}"
        )
        assert made < DOCKERFILE.index("USER 10001:10001") < DOCKERFILE.index("VOLUME")

    def test_is_where_everything_temporary_and_kept_goes(self, place: str) -> None:
        image = DOCKERFILE.rsplit("\nFROM ", 1)[1]
        places = re.findall(r"(?:TMPDIR=|ANTIPODE_DATA_DIR=|WORKDIR |--home-dir )(\S+)", image)
        assert len(places) == 4
        assert {"/".join(each.split("/")[:4]) for each in places} == {place}


class TestTasks:
    COMING = frozenset({"serve"})  # the HTTP API; once it is there, this set is wrong and must go

    @pytest.mark.parametrize("name", ["collect", "normalize", "beat", "serve", "maintain"])
    def test_a_task_runs_a_command_of_antipode_as_nobody_in_particular(self, name: str) -> None:
        from antipode import commands
        from conf import plugins

        task = deployment.filled(f"ecs/{name}_task.json", VALUES)
        (container,) = task["containerDefinitions"]
        assert container["user"] == "10001:10001"
        assert container["readonlyRootFilesystem"] is True
        words = container["command"]
        assert (words[0] in plugins.names(commands)) != (words[0] in self.COMING)
        if words[0] not in self.COMING:
            given = {"beat": "accounts", "maintain": "lake"}.get(name, "metrics_port")
            assert read(words)[given]

    def test_who_removes_what_is_replaced_is_not_who_collects(self) -> None:
        roles = {
            name: deployment.filled(f"ecs/{name}_task.json", VALUES).get("taskRoleArn")
            for name in ("collect", "normalize", "beat", "maintain")
        }
        role = f"arn:aws:iam::{VALUES['account']}:role/antipode-"
        assert roles == {
            "collect": f"{role}workers",
            "normalize": f"{role}workers",
            "beat": None,
            "maintain": f"{role}maintainer",
        }

    def test_upkeep_has_half_as_much_memory_again_as_a_merge_takes(self) -> None:
        """Of so many rows as are merged at once; both figures are of docs/scale.md."""
        bytes_a_row, before_any = 3_500, 0.3 * 2**30
        given = int(deployment.filled("ecs/maintain_task.json", VALUES)["memory"]) * 2**20
        assert given >= 1.5 * (before_any + bytes_a_row * ROWS_PER_FILE)

    def test_no_secret_stands_in_a_task(self) -> None:
        for name in ("collect", "normalize", "beat"):
            (container,) = deployment.filled(f"ecs/{name}_task.json", VALUES)[
                "containerDefinitions"
            ]
            assert [each["name"] for each in container["secrets"]] == ["ANTIPODE_BROKER"]
            assert "ANTIPODE_BROKER" not in [each["name"] for each in container["environment"]]

    @pytest.mark.parametrize("queue", ["collect", "normalize"])
    def test_workers_scale_on_the_depth_of_a_queue_that_there_is(self, queue: str) -> None:
        from collectors.celery_app import COLLECT, NORMALIZE

        policy = deployment.filled(f"ecs/{queue}_scaling.json", VALUES)
        metrics = policy["TargetTrackingScalingPolicyConfiguration"][
            "CustomizedMetricSpecification"
        ]
        dimensions = metrics["Metrics"][0]["MetricStat"]["Metric"]["Dimensions"]
        assert {"Name": "Queue", "Value": queue} in dimensions
        assert queue in (COLLECT, NORMALIZE)
        service = deployment.filled(f"ecs/{queue}_service.json", VALUES)
        assert policy["ResourceId"] == f"service/{VALUES['ecs_cluster']}/{service['serviceName']}"
