"""From raw logs to anomalies on a real YARN, with the package that a cluster of EMR gets."""

import json
import subprocess
import sys
import tarfile
import zipfile
from io import BytesIO
from pathlib import PurePosixPath
from typing import Any

import emr_settings
import pyarrow as pa
import pytest
from cluster_submission import Submission, on_a_node
from cluster_world import BUCKET, DETECT, TENANT, World, client, role_of_jobs, settings
from faults_spark.tables import Tables, differing
from hadoop_cluster import CHECKOUT
from iam_decision import allowed

EVENT_LOGS = "logs/spark-events/"
pytestmark = [pytest.mark.e2e, pytest.mark.timeout(1800)]


@pytest.fixture(scope="module")
def detected(world: World, on_the_cluster: str, on_the_laptop: str) -> Submission:
    with world.submit(on_the_cluster) as submission:
        status = submission.wait(1500)
        assert status == 0, submission.said()[-6_000:]
        return submission


def test_the_rows_are_those_of_the_laptop(
    world: World, detected: Submission, on_the_cluster: str, on_the_laptop: str
) -> None:
    there, here = world.rows(on_the_cluster), world.rows(on_the_laptop)
    assert here.num_rows >= 2
    assert there.schema == here.schema
    others = [name for name in here.column_names if there[name] != here[name]]
    assert not others, _differences(there, here, others)


def test_what_was_made_of_each_day_is_that_of_the_laptop(
    world: World, detected: Submission, on_the_cluster: str, on_the_laptop: str
) -> None:
    there, here = (
        Tables(lake, settings(world.store)).newest() for lake in (on_the_cluster, on_the_laptop)
    )
    assert here["daily_use"].num_rows > 50
    assert differing(there, here) == []


def test_it_wrote_only_where_the_role_of_jobs_may_write(
    world: World, detected: Submission, on_the_cluster: str, taken_in: str
) -> None:
    role, account = role_of_jobs()
    s3 = client(world.store)

    def keys(lake: str) -> dict[str, str]:
        prefix = lake.removeprefix(f"s3://{BUCKET}/") + "/"
        pages = s3.get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix=prefix)
        found = [each for page in pages for each in page["Contents"]]
        return {each["Key"].removeprefix(prefix): each["ETag"] for each in found}

    written = set(keys(on_the_cluster).items()) - set(keys(taken_in).items())
    assert len(written) >= 6
    for key, _ in written:
        assert allowed([role], "s3:PutObject", f"arn:aws:s3:::{account}/lake/{key}", {}), key


def test_executors_of_the_cluster_did_the_work(world: World, detected: Submission) -> None:
    application = detected.asked()
    assert (application["state"], application["finalStatus"]) == ("FINISHED", "SUCCEEDED")
    names = {path.parent.name for path in world.cluster.logs(detected.application)}
    assert len(names) >= 3, "a driver and two executors"
    finished = [
        path.read_text().count("Finished task")
        for path in world.cluster.logs(detected.application, "stderr")[1:3]
    ]
    assert all(finished), finished


def test_the_step_ends_with_what_it_counted(
    world: World, detected: Submission, on_the_laptop: str
) -> None:
    driver = world.cluster.logs(detected.application, "stdout")[0]
    flagged = world.rows(on_the_laptop).num_rows
    assert flagged >= 2
    assert f"{TENANT}: {flagged} flagged in the 12 days before 2026-10-31" in driver.read_text()


def test_the_command_on_a_node_of_the_cluster_does_the_same(
    world: World, on_the_laptop: str, at_a_node: str
) -> None:
    """Literally what docs/cluster.md says: the driver here, its executors in containers."""
    words = ["detect", "--lake", at_a_node, "--master", "yarn", *DETECT]
    done = subprocess.run(
        [sys.executable, "-m", "antipode", *words],
        env=on_a_node(world.cluster, world.store),
        cwd=world.folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=1500,
    )
    assert done.returncode == 0, done.stderr[-6_000:]
    counted = json.loads(done.stdout.splitlines()[-1])
    here = world.rows(on_the_laptop)
    assert counted["flagged"] == here.num_rows
    there = world.rows(at_a_node)
    others = [name for name in here.column_names if there[name] != here[name]]
    assert not others, _differences(there, here, others)
    newest = max(app["id"] for app in world.cluster.ask("apps")["apps"]["app"])
    names = {path.parent.name for path in world.cluster.logs(newest)}
    assert len(names) >= 2, "an application master and executors, in containers"


def test_containers_see_nothing_of_the_checkout(world: World, detected: Submission) -> None:
    seen = world.cluster.as_seen_by_containers(CHECKOUT)
    assert seen.is_dir()
    assert list(seen.iterdir()) == []


def test_the_archives_hold_no_link_and_no_place_of_the_machine_that_packed_them(
    world: World,
) -> None:
    bucket, prefix = world.package.removeprefix("s3://").split("/", 1)
    assert bucket == BUCKET

    def fetch(name: str) -> BytesIO:
        answer: Any = client(world.store).get_object(Bucket=bucket, Key=f"{prefix}/{name}")
        return BytesIO(answer["Body"].read())

    place = str(CHECKOUT).encode()
    with tarfile.open(fileobj=fetch("environment.tar.gz")) as archive:
        for entry in archive:
            assert entry.isfile(), entry.name
            assert not {"..", "/"} & set(PurePosixPath(entry.name).parts), entry.name
            content = archive.extractfile(entry)
            assert content is not None
            assert place not in content.read(), entry.name
    with zipfile.ZipFile(fetch("antipode-code.zip")) as code:
        assert not [name for name in code.namelist() if place in code.read(name)]


def test_a_step_that_is_run_again_with_the_settings_of_emr_changes_nothing(
    world: World, detected: Submission, on_the_cluster: str
) -> None:
    before = world.rows(on_the_cluster)
    s3 = client(world.store)
    s3.put_object(Bucket=BUCKET, Key=EVENT_LOGS)  # as bootstrap/emr.sh does
    with world.submit(on_the_cluster, emr_settings.settings(BUCKET)) as again:
        assert again.wait(1500) == 0, again.said()[-6_000:]
    assert world.rows(on_the_cluster) == before
    logs = s3.list_objects_v2(Bucket=BUCKET, Prefix=EVENT_LOGS)["Contents"]
    names = sorted(log["Key"].rsplit("/", 1)[-1].split("_")[0] for log in logs if log["Size"])
    assert names == ["events"], "one run, rolled by hour or size"
    assert not [log["Key"] for log in logs if "inprogress" in log["Key"]]


def test_a_step_that_fails_fails_the_application_and_says_why(
    world: World, on_the_cluster: str
) -> None:
    with world.submit(on_the_cluster, tenant="nobody") as submission:
        assert submission.wait(1500) != 0
        assert submission.asked()["finalStatus"] == "FAILED"
        assert "holds no events of 'nobody'" in submission.said()


def _differences(there: pa.Table, here: pa.Table, names: list[str]) -> str:
    return "\n".join(
        f"{name}: {there[name].to_pylist()!r} != {here[name].to_pylist()!r}"[:2_000]
        for name in names
    )
