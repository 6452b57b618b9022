"""Accounts in TOML: everything that is wrong with them is named at once, and no secret is."""

from pathlib import Path

import pytest

from collectors import configuration
from collectors.outcome import AccountKey
from conf.errors import UsageError

GOOD = """
[tenants.acme.okta]
base_url = "https://acme.okta.com/"
token = "env:ACME_OKTA"

[[tenants.globex.okta]]
name = "europe"
base_url = "https://globex.okta-emea.com"
token = "file:/run/secrets/okta"
share = 0.2

[[tenants.globex.okta]]
name = "america"
base_url = "https://globex.okta.com"
token = "ssm:/okta"

[defaults.okta]
share = 0.3
"""


def load(folder: Path, text: str) -> configuration.Configuration:
    path = folder / "accounts.toml"
    path.write_text(text)
    return configuration.load(path)


def faults(folder: Path, text: str) -> str:
    with pytest.raises(UsageError) as raised:
        load(folder, text)
    return str(raised.value)


class TestReading:
    def test_accounts_have_a_tenant_a_source_and_perhaps_a_name(self, tmp_path: Path) -> None:
        found = load(tmp_path, GOOD)
        assert [str(one.key) for one in found.accounts] == [
            "acme/okta",
            "globex/okta/america",
            "globex/okta/europe",
        ]
        assert found.account(AccountKey("acme", "okta")).base_url == "https://acme.okta.com"

    def test_defaults_hold_where_an_account_says_nothing(self, tmp_path: Path) -> None:
        found = load(tmp_path, GOOD)
        assert [one.account.share for one in found.accounts] == [0.3, 0.3, 0.2]

    def test_a_folder_stands_for_its_files(self, tmp_path: Path) -> None:
        for tenant in ("a", "b"):
            (tmp_path / f"{tenant}.toml").write_text(GOOD.replace("acme", tenant))
        with pytest.raises(UsageError, match="globex/okta/europe is there twice"):
            configuration.load(tmp_path)
        (tmp_path / "b.toml").write_text('[tenants.b.slack]\ntoken = "env:X"\n')
        assert len(configuration.load(tmp_path).accounts) == 4

    def test_some_can_be_chosen(self, tmp_path: Path) -> None:
        found = load(tmp_path, GOOD)
        assert len(found.chosen(tenant="globex")) == 2
        assert len(found.chosen(source="okta")) == 3
        with pytest.raises(UsageError, match="tenant 'initech' and source 'box'"):
            found.chosen("initech", "box")


class TestFaults:
    def test_all_are_named_at_once(self, tmp_path: Path) -> None:
        told = faults(
            tmp_path,
            """
            surprise = 1
            [tenants.acme.okta]
            base_url = "acme.okta.com"
            token = "hunter2"
            colour = "red"
            [tenants.acme.nonsense]
            [tenants.acme.slack]
            share = 7
            token = "env:S"
            streams = ["audit"]
            [tenants.globex.slack]
            token = "env:S"
            streams = ["audit", "gossip"]
            [tenants.globex]
            entra_id = "yes"
            """,
        )
        for fault in (
            "unknown table surprise",
            "accounts.toml: tenants.acme.okta.base_url: an address begins with https://",
            "tenants.acme.okta.token: write where the secret lies",
            "tenants.acme.okta.colour: is no such field",
            "tenants.acme.nonsense: unknown source 'nonsense'",
            "tenants.acme.slack.share: input should be less than or equal to 1",
            "tenants.globex.slack.streams: unknown gossip; known: audit",
            "tenants.globex.entra_id: is no table",
        ):
            assert fault in told
        assert "hunter2" not in told

    def test_a_missing_field_is_named(self, tmp_path: Path) -> None:
        told = faults(tmp_path, "[tenants.acme.slack]\n")
        assert "tenants.acme.slack.token: is missing" in told

    def test_two_accounts_of_a_source_need_names(self, tmp_path: Path) -> None:
        account = '[[tenants.acme.slack]]\ntoken = "env:S"\n'
        assert "acme/slack is there twice" in faults(tmp_path, account * 2)

    def test_what_is_no_toml_is_named_with_the_line(self, tmp_path: Path) -> None:
        assert "line 2" in faults(tmp_path, "[tenants.acme]\nshare = \n")

    def test_a_file_that_is_not_there_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(UsageError, match=r"nowhere\.toml"):
            configuration.load(tmp_path / "nowhere.toml")

    def test_a_folder_without_any_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(UsageError, match=r"no \.toml file"):
            configuration.load(tmp_path)

    def test_a_time_without_a_zone_is_refused(self, tmp_path: Path) -> None:
        text = '[tenants.acme.slack]\ntoken = "env:S"\nsince = 2026-01-01T00:00:00\n'
        assert "since: a time needs its zone" in faults(tmp_path, text)
