"""What each role can do, evaluated as AWS does: all that it needs, and what it must not."""

from pathlib import Path
from typing import Any

import pytest
from iam_decision import allowed

from jobs import daily_use, health
from jobs.cluster import deployment
from jobs.cluster.release import named
from lake.kms_keys import TAG
from lake.lake import SPECS

CONF = Path(__file__).parents[2] / "conf"
VALUES = deployment.read(CONF / "emr" / "deployment.toml")
BUCKET = f"arn:aws:s3:::{VALUES['bucket']}"
PLACE = f"{VALUES['region']}:{VALUES['account']}"
CLUSTER = f"arn:aws:elasticmapreduce:{PLACE}:cluster/j-1"
TENANTS_KEY = f"arn:aws:kms:{PLACE}:key/22222222-2222-2222-2222-222222222222"
SECRET = f"arn:aws:secretsmanager:{PLACE}:secret:antipode/acme/m365-AbCdEf"
OTHERS_SECRET = f"arn:aws:secretsmanager:{PLACE}:secret:payroll-AbCdEf"
PARAMETER = f"arn:aws:ssm:{PLACE}:parameter/antipode/acme/okta"
THROUGH_S3 = {"kms:ViaService": f"s3.{VALUES['region']}.amazonaws.com"}
THROUGH_SECRETS = {"kms:ViaService": f"secretsmanager.{VALUES['region']}.amazonaws.com"}
OF_A_TENANT = {f"aws:ResourceTag/{TAG}": "acme"}
OURS, ANOTHERS = ({"elasticmapreduce:ResourceTag/project": name} for name in ("antipode", "theirs"))
AS_WE_TAG = {"aws:RequestTag/project": "antipode"}
RAW = "lake/raw/source=okta/tenant=acme/date=2026-10-31/hour=00/1.ndjson.zst"
ROLES = {
    "job": ("job",),
    "node": ("job", "emr_node"),
    "submitter": ("submitter",),
    "workers": ("workers",),
    "releaser": ("releaser",),
    "key_keeper": ("key_keeper",),
    "schedule": ("schedule",),
    "worker_start": ("worker_start",),
}
WRITTEN_BY_DETECTION = ("anomalies", daily_use.TABLE, health.TABLE)


def can(role: str, action: str, where: str, request: Any = ()) -> bool:
    """`where`: a key in the bucket, or an ARN."""
    policies = [deployment.filled(f"emr/iam/{name}.json", VALUES) for name in ROLES[role]]
    resource = where if where == "*" or where.startswith("arn:") else f"{BUCKET}/{where}"
    return allowed(policies, action, resource, request=dict(request))


def can_list(role: str, prefix: str) -> bool:
    return can(role, "s3:ListBucket", BUCKET, {"s3:prefix": prefix})


class TestJobs:
    @pytest.mark.parametrize("table", WRITTEN_BY_DETECTION)
    def test_they_read_and_write_the_tables_of_detection(self, table: str) -> None:
        for action in ("s3:GetObject", "s3:PutObject"):
            assert can("job", action, f"lake/{table}/_delta_log/00000000000000000001.json")
        assert can("job", "s3:PutObject", f"lake/{table}/tenant=acme/date=2026-10-31/1.parquet")

    def test_they_write_no_other_table_and_no_raw_data(self) -> None:
        for table in set(SPECS) - set(WRITTEN_BY_DETECTION):
            assert not can("job", "s3:PutObject", f"lake/{table}/1.parquet")
        for action in ("s3:GetObject", "s3:PutObject", "s3:DeleteObject"):
            assert not can("job", action, RAW)

    @pytest.mark.parametrize("table", sorted(SPECS))
    def test_they_remove_no_file_of_a_table(self, table: str) -> None:
        assert not can("job", "s3:DeleteObject", f"lake/{table}/tenant=acme/1.parquet")

    def test_they_read_events_and_verdicts_and_what_is_run(self) -> None:
        for key in ("lake/events/1", "lake/verdicts/1", "packages/p/package.json", "geo/a.mmdb"):
            assert can("job", "s3:GetObject", key)
            assert not can("job", "s3:PutObject", key)

    def test_their_key_opens_nothing_but_what_s3_holds(self) -> None:
        for role in ("job", "node"):
            assert can(role, "kms:Decrypt", VALUES["kms_key"], THROUGH_S3)
            assert not can(role, "kms:Decrypt", VALUES["kms_key"])
            assert not can(role, "kms:Decrypt", TENANTS_KEY, OF_A_TENANT)

    def test_nodes_encrypt_their_disks_under_a_key_of_its_own(self) -> None:
        assert VALUES["disk_key"] != VALUES["kms_key"]
        assert can("node", "kms:GenerateDataKey", VALUES["disk_key"])
        security = deployment.filled("emr/security_configuration.json", VALUES)
        at_rest = security["EncryptionConfiguration"]["AtRestEncryptionConfiguration"]
        assert at_rest["LocalDiskEncryptionConfiguration"]["AwsKmsKey"] == VALUES["disk_key"]

    def test_nodes_alone_read_the_private_key_of_the_cluster(self) -> None:
        security = deployment.filled("emr/security_configuration.json", VALUES)
        way = security["EncryptionConfiguration"]["InTransitEncryptionConfiguration"]
        key = way["TLSCertificateConfiguration"]["S3Object"].partition(f"{VALUES['bucket']}/")[2]
        assert [role for role in ROLES if can(role, "s3:GetObject", key)] == ["node"]


class TestSubmitter:
    def test_a_cluster_starts_only_with_our_tag(self) -> None:
        # RunJobFlow has no resource: a statement on cluster/* would allow nothing.
        assert can("submitter", "elasticmapreduce:RunJobFlow", "*", AS_WE_TAG)
        assert not can("submitter", "elasticmapreduce:RunJobFlow", "*")
        tags = deployment.cluster_request(named("emr-7.13.0"), VALUES)["Tags"]
        assert {"Key": "project", "Value": "antipode"} in tags

    def test_a_cluster_of_somebody_else_is_neither_used_nor_taken(self) -> None:
        steps = "elasticmapreduce:AddJobFlowSteps"
        assert can("submitter", steps, CLUSTER, OURS)
        assert not can("submitter", steps, CLUSTER, ANOTHERS)
        tag = "elasticmapreduce:AddTags"
        assert can("submitter", tag, CLUSTER, AS_WE_TAG)
        assert not can("submitter", tag, CLUSTER, AS_WE_TAG | ANOTHERS)

    def test_it_sees_which_dates_are_done_and_reads_no_events(self) -> None:
        for key in ("lake/health/tenant=acme/1.parquet", "lake/events/_delta_log/0.json"):
            assert can("submitter", "s3:GetObject", key)
        for prefix in ("lake/health/_delta_log/", "lake/events/_delta_log/", "logs/emr/j-1/"):
            assert can_list("submitter", prefix)
        assert not can("submitter", "s3:GetObject", "lake/events/tenant=acme/1.parquet")
        assert not can("submitter", "s3:PutObject", "packages/p/package.json")

    def test_a_role_is_passed_to_its_own_service_only(self) -> None:
        role = f"arn:aws:iam::{VALUES['account']}:role/antipode-"
        to = "iam:PassedToService"
        for name, service in (
            ("emr-service", "elasticmapreduce"),
            ("emr-node", "ec2"),
            ("job", "emr-serverless"),
        ):
            wanted = {to: f"{service}.amazonaws.com"}
            assert can("submitter", "iam:PassRole", role + name, wanted)
            for other in ("elasticmapreduce", "ec2", "emr-serverless", "lambda"):
                if other != service:
                    another = {to: f"{other}.amazonaws.com"}
                    assert not can("submitter", "iam:PassRole", role + name, another)


class TestWorkers:
    def test_they_read_the_secrets_of_accounts_and_no_others(self) -> None:
        assert can("workers", "secretsmanager:GetSecretValue", SECRET)
        assert not can("workers", "secretsmanager:GetSecretValue", OTHERS_SECRET)
        assert can("workers", "ssm:GetParameter", PARAMETER)
        assert can("workers", "kms:Decrypt", VALUES["kms_key"], THROUGH_SECRETS)

    def test_they_collect_as_the_role_of_that_name_in_any_account_and_as_no_other(self) -> None:
        for account in (VALUES["account"], "999999999999"):
            role = f"arn:aws:iam::{account}:role/"
            assert can("workers", "sts:AssumeRole", f"{role}antipode-collect")
            assert not can("workers", "sts:AssumeRole", f"{role}antipode-maintainer")

    def test_they_use_the_keys_that_bear_a_tenant(self) -> None:
        for action in ("kms:DescribeKey", "kms:GenerateDataKey", "kms:Decrypt"):
            assert can("workers", action, TENANTS_KEY, OF_A_TENANT)
            assert not can("workers", action, TENANTS_KEY)
        assert not can("workers", "kms:ScheduleKeyDeletion", TENANTS_KEY, OF_A_TENANT)

    def test_they_put_raw_objects_and_remove_none(self) -> None:
        assert can("workers", "s3:PutObject", RAW)
        assert not can("workers", "s3:DeleteObject", RAW)
        assert can_list("workers", "lake/cursors/")


class TestWorkerStart:
    def test_it_hands_over_the_brokers_address_and_reads_no_other_secret(self) -> None:
        assert can("worker_start", "secretsmanager:GetSecretValue", VALUES["broker_secret"])
        assert can("worker_start", "kms:Decrypt", VALUES["kms_key"], THROUGH_SECRETS)
        assert not can("worker_start", "kms:Decrypt", VALUES["kms_key"], THROUGH_S3)
        assert not can("worker_start", "secretsmanager:GetSecretValue", SECRET)


class TestSchedule:
    def test_it_starts_the_upkeep_on_our_cluster_and_no_other_task(self) -> None:
        target = deployment.filled("emr/schedule/maintain.json", VALUES)["Target"]
        task = target["EcsParameters"]["TaskDefinitionArn"]
        ours, other = ({"ecs:cluster": each} for each in (target["Arn"], target["Arn"] + "-2"))
        assert can("schedule", "ecs:RunTask", f"{task}:7", ours)
        assert not can("schedule", "ecs:RunTask", f"{task}:7", other)
        assert not can("schedule", "ecs:RunTask", task.replace("maintain", "collect"), ours)
        role = deployment.filled("ecs/maintain_task.json", VALUES)["taskRoleArn"]
        to = {"iam:PassedToService": "ecs-tasks.amazonaws.com"}
        assert can("schedule", "iam:PassRole", role, to)
        assert not can("schedule", "iam:PassRole", role)


class TestReleaser:
    @pytest.mark.parametrize("key", ["packages/p/package.json", "bootstrap/emr.sh"])
    def test_it_puts_what_is_run_and_touches_no_data(self, key: str) -> None:
        assert can("releaser", "s3:PutObject", key)
        assert can("releaser", "kms:GenerateDataKey", VALUES["kms_key"], THROUGH_S3)
        assert not can("releaser", "s3:GetObject", "lake/events/1.parquet")
        assert not can("releaser", "s3:DeleteObject", key)


class TestKeyKeeper:
    def test_keys_are_made_with_the_tag_of_their_tenant(self) -> None:
        tagged = {f"aws:RequestTag/{TAG}": "acme", "aws:TagKeys": [TAG]}
        assert can("key_keeper", "kms:CreateKey", "*", tagged)
        assert can("key_keeper", "kms:TagResource", TENANTS_KEY, tagged)
        assert not can("key_keeper", "kms:CreateKey", "*")

    def test_only_keys_of_tenants_are_destroyed(self) -> None:
        assert can("key_keeper", "kms:ScheduleKeyDeletion", TENANTS_KEY, OF_A_TENANT)
        assert not can("key_keeper", "kms:ScheduleKeyDeletion", VALUES["kms_key"])
        assert can("key_keeper", "s3:PutObject", "lake/keys/acme.json")
