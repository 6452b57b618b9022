"""The command line: help, exit statuses, what it prints where."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from okta_records import lines

from antipode import cli, commands
from conf import plugins

COMMANDS = plugins.names(commands)


def antipode(*arguments: object, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "antipode", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, timeout=300)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_examples(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = [command, "update"] if command in ("geo", "feeds") else [command]
    assert cli.run([*arguments, "--help"]) == 0
    shown = capsys.readouterr().out
    assert "Example" in shown
    assert "antipode " + command in shown


def test_the_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["--help"]) == 0
    shown = capsys.readouterr().out
    assert all(f"  {command} " in shown for command in COMMANDS)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["nonsense"], "nonsense"),
        (["serve"], "antipode anomalies"),
        (["count"], "antipode sql"),
        (["run", "--raw", "x", "--lake", "lake", "--tenant", ""], "--tenant '': empty"),
        (
            ["normalize", "--raw", "x", "--lake", "l", "--tenant", "a", "--workers", "0"],
            "--workers '0'",
        ),
        (
            ["normalize", "--raw", "x", "--lake", "l", "--tenant", "a", "--workers=0"],
            "--workers '0'",
        ),
        (
            ["normalize", "--replay", "--lake", "nolake", "--tenant", "a"],
            "--lake nolake: holds no raw",
        ),
        (["drift", "--lake", "nolake", "--tenant", "a"], "--lake nolake: holds no raw"),
        (["anomalies", "--lake", "nolake"], "--lake nolake: holds no events"),
        (["sql", "SELECT * FROM nosuch", "--lake", "lake"], "events, anomalies, quarantine"),
        (["sql", "SELECT * FROM events", "--lake", "nolake"], "--lake nolake: holds no rows"),
        (["normalize", "--lake", "lake"], "--tenant"),
        (["normalize", "--lake", "lake", "--tenant", "acme"], "--raw DIR or --replay"),
        (["run", "--raw", "nowhere", "--lake", "lake", "--tenant", "acme"], "nowhere"),
        (["detect", "--lake", "lake", "--as-of", "tomorrow"], "--as-of 'tomorrow': no date"),
        (["detect", "--lake", "ftp://host/lake"], "ftp://host/lake"),
        (["detect", "--lake", "lake", "--days", "0"], "--days '0'"),
        (["explain", "abc", "--lake", "lake"], "abc"),
        (["sql", "DROP TABLE events", "--lake", "lake"], "events"),
        (["feeds", "update", "no_such_feed"], "no_such_feed"),
    ],
)
def test_bad_usage_exits_with_2_and_names_the_bad_value(
    arguments: list[str],
    says: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.run(arguments) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert says in json.loads(told.err.splitlines()[-1])["message"]


@pytest.mark.parametrize(
    ("name", "value", "wanted"),
    [
        ("ANTIPODE_LOG_LEVEL", "loud", "DEBUG, INFO, WARNING or ERROR"),
        ("ANTIPODE_S3_SSE_BUCKET_KEY", "maybe", "S3 Bucket Keys"),
    ],
)
def test_a_setting_that_cannot_be_is_told_with_what_is_wanted(
    name: str,
    value: str,
    wanted: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv(name, value)
    assert cli.run(["sql", "SELECT 1", "--lake", "lake"]) == 2
    message = json.loads(capsys.readouterr().err)["message"]
    assert message.startswith(f"{name}={value}: ")
    assert wanted in message


def test_a_source_that_the_lake_does_not_hold_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "raw" / "okta").mkdir(parents=True)
    (tmp_path / "raw" / "okta" / "a.ndjson").write_bytes(lines(0, 1))
    of_acme = ["--lake", str(tmp_path / "lake"), "--tenant", "acme"]
    assert cli.run(["normalize", "--raw", str(tmp_path / "raw"), *of_acme]) == 0
    assert cli.run(["normalize", "--replay", "--source", "nosuch", *of_acme]) == 2
    told = json.loads(capsys.readouterr().err.splitlines()[-1])["message"]
    assert "--source 'nosuch'" in told
    assert told.endswith("there are okta")
    assert cli.run(["anomalies", *of_acme]) == 0


def test_a_failure_exits_with_1(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "raw" / "okta").mkdir(parents=True)
    (tmp_path / "raw" / "okta" / "a.ndjson").write_bytes(lines(0, 1))
    monkeypatch.setenv("ANTIPODE_GEO_CITY_DB", str(tmp_path / "missing.mmdb"))
    arguments = ["normalize", "--raw", tmp_path / "raw", "--lake", tmp_path / "lake"]
    assert cli.run([*map(str, arguments), "--tenant", "acme"]) == 1


def test_messages_are_json_lines_and_the_result_is_one_object_last(tmp_path: Path) -> None:
    (tmp_path / "raw" / "okta").mkdir(parents=True)
    (tmp_path / "raw" / "okta" / "a.ndjson").write_bytes(lines(0, 20) + b"not json\n")
    done = antipode(
        *("normalize", "--raw", "raw", "--lake", "lake", "--tenant", "acme"),
        *("--workers", 1, "--json"),
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    for line in done.stderr.splitlines():
        assert {"time", "level", "message"} <= set(json.loads(line))
    counted = json.loads(done.stdout.splitlines()[-1])
    assert counted.pop("seconds").keys() == {"normalize"}
    assert counted == {
        "read": 21,
        "mapped": 20,
        "duplicates": 0,
        "quarantined": 1,
        "reasons": {"not_json": 1},
        "events": 20,
    }


def test_sql_prints_tables_json_and_csv(tmp_path: Path) -> None:
    (tmp_path / "raw" / "okta").mkdir(parents=True)
    (tmp_path / "raw" / "okta" / "a.ndjson").write_bytes(lines(0, 20))
    common = ("--lake", str(tmp_path / "lake"))
    antipode("normalize", "--raw", tmp_path / "raw", *common, "--tenant", "acme", "--workers", 1)
    query = "SELECT source, count(*) AS n FROM events WHERE tenant = 'acme' GROUP BY ALL"
    assert "okta" in antipode("sql", query, *common).stdout
    assert antipode("sql", query, *common, "--format", "csv").stdout == "source,n\nokta,20\n"
    found = json.loads(antipode("sql", query, *common, "--format", "json").stdout)
    assert found == [{"source": "okta", "n": 20}]
    # More columns than can stand side by side: one below the other.
    whole = antipode("sql", "SELECT * FROM events LIMIT 2", *common).stdout.splitlines()
    assert [line for line in whole if line.startswith("row ")] == ["row 1", "row 2"]
    assert any(line.split() == ["tenant", "acme"] for line in whole)
    none = antipode("sql", "SELECT * FROM events WHERE false", *common).stdout
    assert none == "No rows.\n"


def test_sql_can_neither_write_nor_read_other_files(tmp_path: Path) -> None:
    common = ("--lake", str(tmp_path / "lake"))
    secret = tmp_path / "secret.csv"
    secret.write_text("a\n1\n")
    for query in (f"SELECT * FROM '{secret}'", f"COPY (SELECT 1) TO '{tmp_path / 'out.csv'}'"):
        assert antipode("sql", query, *common).returncode == 2
    assert not (tmp_path / "out.csv").exists()


def test_maintain_and_drift_report_what_they_did(tmp_path: Path) -> None:
    (tmp_path / "raw" / "okta").mkdir(parents=True)
    (tmp_path / "raw" / "okta" / "a.ndjson").write_bytes(
        lines(0, 20).replace(b'"uuid"', b'"x":1,"uuid"')
    )
    common = ("--lake", str(tmp_path / "lake"))
    antipode("normalize", "--raw", tmp_path / "raw", *common, "--tenant", "acme", "--workers", 1)
    drift = json.loads(antipode("drift", *common, "--tenant", "acme", "--json").stdout)
    assert [(one["field"], one["records"]) for one in drift["fields"]] == [("x", 20)]
    assert "seconds" in json.loads(antipode("maintain", *common, "--json").stdout)
