"""Roles may do no more than they need, and no rule of the bucket touches files of tables."""

import re
from pathlib import Path

import pytest

from jobs.cluster import deployment
from lake.lake import SPECS

CONF = Path(__file__).parents[2] / "conf"
VALUES = deployment.read(CONF / "emr" / "deployment.toml")
POLICIES = sorted(
    str(path.relative_to(CONF))
    for path in (*(CONF / "emr" / "iam").glob("*.json"), CONF / "emr" / "bucket" / "policy.json")
)


class TestPolicies:
    # AWS knows no resource for these; what makes something there is held to a tag.
    WITHOUT_RESOURCE = frozenset({"elasticmapreduce:ListClusters", "ecr:GetAuthorizationToken"})
    HELD_TO_A_TAG = frozenset({"elasticmapreduce:RunJobFlow", "kms:CreateKey"})

    @pytest.mark.parametrize("name", POLICIES)
    def test_every_statement_says_what_it_is_for(self, name: str) -> None:
        policy = deployment.filled(name, VALUES)
        assert policy["Version"] == "2012-10-17"
        names = [statement["Sid"] for statement in policy["Statement"]]
        assert len(set(names)) == len(names)
        assert all(re.fullmatch(r"[A-Za-z0-9]+", each) for each in names)

    @pytest.mark.parametrize("name", POLICIES)
    def test_nothing_is_allowed_on_everything(self, name: str) -> None:
        for statement in deployment.filled(name, VALUES)["Statement"]:
            if statement["Effect"] == "Deny":
                continue
            actions = _list(statement["Action"])
            assert [action for action in actions if "*" in action] == []
            if "*" in _list(statement.get("Resource", [])):
                assert set(actions) <= self.WITHOUT_RESOURCE | self.HELD_TO_A_TAG
                if set(actions) & self.HELD_TO_A_TAG:
                    assert "aws:RequestTag/" in str(statement["Condition"])

    @pytest.mark.parametrize("name", POLICIES)
    def test_a_role_is_passed_to_one_kind_of_service_only(self, name: str) -> None:
        for statement in deployment.filled(name, VALUES)["Statement"]:
            if "iam:PassRole" in _list(statement["Action"]):
                assert statement["Condition"]["StringEquals"]["iam:PassedToService"]


def _list(found: str | list[str]) -> list[str]:
    return [found] if isinstance(found, str) else found


class TestLifecycle:
    def test_no_rule_moves_or_expires_files_of_tables(self) -> None:
        rules = deployment.filled("emr/bucket/lifecycle.json", VALUES)["Rules"]
        for rule in rules:
            prefix = rule["Filter"].get("Prefix", rule["Filter"].get("And", {}).get("Prefix"))
            if "Days" in rule.get("Expiration", {}) or "Transitions" in rule:
                assert not any(f"lake/{name}/".startswith(prefix) for name in SPECS)

    def test_a_package_goes_only_when_somebody_has_set_it_aside(self) -> None:
        rules = deployment.filled("emr/bucket/lifecycle.json", VALUES)["Rules"]
        for rule in rules:
            chosen = rule["Filter"].get("And", rule["Filter"])
            if "Days" in rule.get("Expiration", {}) and chosen["Prefix"] in ("", "packages/"):
                assert chosen["Tags"] == [{"Key": "retired", "Value": "true"}]

    def test_what_a_deletion_leaves_goes_in_the_end_everywhere(self) -> None:
        rules = deployment.filled("emr/bucket/lifecycle.json", VALUES)["Rules"]
        everywhere = [rule for rule in rules if rule["Filter"] == {"Prefix": ""}]
        assert any("NoncurrentVersionExpiration" in rule for rule in everywhere)
        assert {"ExpiredObjectDeleteMarker": True} in [r.get("Expiration") for r in everywhere]
