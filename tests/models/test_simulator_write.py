"""The raw logs of a simulated month, and the truth beside them."""

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from simulated_months import LAST_DAY, SETTINGS, a_month, records_of

import schemas.sources
from conf import plugins
from conf.errors import UsageError
from jobs.simulate import simulate
from models.simulator import render, write
from schemas.source import SourceModel

ID_OF = {
    "okta": "uuid",
    "m365": "Id",
    "cloudtrail": "eventID",
    "entra_id": "id",
    "github": "_document_id",
    "slack": "id",
    "box": "event_id",
    "salesforce": "EventIdentifier",
}
USERS, EVENTS, DAYS = 120, 12_000, 30


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("simulated") / "raw"
    simulate(folder, USERS, EVENTS, DAYS, 1, LAST_DAY, SETTINGS, sources=plugins.names(render))
    return folder


def model_of(source: str) -> type[SourceModel]:
    """The model of the version that has the provider's own form."""
    version = {"cloudtrail": 2}.get(source, 1)
    model: type[SourceModel] = plugins.load(schemas.sources, f"{source}_v{version}").SOURCE.model
    return model


def digest(folder: Path) -> str:
    found = hashlib.sha256()
    for path in sorted(folder.parent.rglob("*")):
        if path.is_file():
            found.update(str(path.relative_to(folder.parent)).encode() + path.read_bytes())
    return found.hexdigest()


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(tmp_path: Path) -> None:
    digests = []
    for name, seed in (("first", 5), ("second", 5), ("third", 6)):
        raw = tmp_path / name / "raw"
        simulate(raw, 60, 4000, 10, seed, LAST_DAY, SETTINGS, plan="demo")
        digests.append(digest(raw))
    assert digests[0] == digests[1] != digests[2]


def test_as_many_records_are_written_as_asked(tmp_path: Path) -> None:
    told: list[int] = []
    counts = simulate(
        tmp_path / "raw", 60, 4000, 10, 1, LAST_DAY, SETTINGS, plan="demo", progress=told.append
    )
    written = {s: sum(1 for _ in records_of(tmp_path / "raw" / s)) for s in write.FOUR}
    assert counts["sources"] == written
    assert counts["records"] == sum(written.values()) == 4000 == told[-1]
    assert told == sorted(told)
    assert all(written.values())
    assert counts["attacks"] == 2
    assert sorted(p.name for p in tmp_path.iterdir()) == [
        "raw", "raw.noise.ndjson", "raw.truth.ndjson",
    ]  # fmt: skip


@pytest.mark.parametrize("source", plugins.names(render))
def test_every_record_is_what_the_provider_promises(out: Path, source: str) -> None:
    model = model_of(source)
    records = list(records_of(out / source))
    assert records
    for record in records:
        model.model_validate_json(json.dumps(record))


def test_every_id_of_the_truth_is_in_the_logs(out: Path) -> None:
    known = set()
    for source, key in ID_OF.items():
        known |= {record[key] for record in records_of(out / source)}
    for activity in records_of(out / "google_workspace"):
        id = activity["id"]
        stem = f"{id['applicationName']}/{id['time']}/{id['uniqueQualifier']}"
        known |= {f"{stem}/{ordinal}" for ordinal in range(len(activity["events"]))}
    truth = [json.loads(line) for line in write.truth_file(out).read_text().splitlines()]
    assert truth
    for line in truth:
        assert set(line) == {"attack", "kind", "user", "event_uids"}
        assert line["event_uids"]
        assert set(line["event_uids"]) <= known, line["kind"]


def test_ids_are_unique(out: Path) -> None:
    for source, key in ID_OF.items():
        ids = [record[key] for record in records_of(out / source)]
        assert len(set(ids)) == len(ids)


def test_times_lie_in_the_month(out: Path) -> None:
    times = [record["published"] for record in records_of(out / "okta")]
    assert min(times) >= "2026-03-12T00:00:00.000Z"
    assert max(times) < "2026-04-11"
    assert all(datetime.fromisoformat(t).tzinfo == UTC for t in times[:50])


def test_an_okta_record_is_whole(out: Path) -> None:
    records = list(records_of(out / "okta"))
    sizes = [len(json.dumps(record)) for record in records]
    assert 1800 < sum(sizes) / len(sizes) < 2800
    failed = [r for r in records if r["outcome"]["result"] == "FAILURE"]
    assert {r["eventType"] for r in failed} == {"user.session.start"}


def test_work_is_done_by_day_and_little_of_it_on_weekends(out: Path) -> None:
    days = [
        datetime.fromisoformat(record["id"]["time"]).weekday()
        for record in records_of(out / "google_workspace")
        if not record["actor"]["email"].startswith("svc-")
    ]
    weekend = sum(day >= 5 for day in days) / len(days)
    assert 0.005 < weekend < 0.12


def test_the_noise_names_addresses_of_accounts(out: Path) -> None:
    noise = [json.loads(line) for line in write.noise_file(out).read_text().splitlines()]
    emails = {record["actor"]["alternateId"] for record in records_of(out / "okta")}
    assert {"mobile", "spray", "service"} <= {line["noise"] for line in noise}
    assert {line["user"] for line in noise} <= emails
    assert all(line["ips"] for line in noise)


def test_a_folder_that_holds_something_is_refused(tmp_path: Path) -> None:
    (tmp_path / "old").write_text("")
    with pytest.raises(UsageError, match="not empty: name a new folder"):
        simulate(tmp_path, 60, 4000, 10, 1, LAST_DAY, SETTINGS)


def test_too_few_events_for_the_plan_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"events: 100 are too few.*at least \d+"):
        write.write(a_month(users=60), tmp_path / "raw", 100, 1)


def test_an_unknown_source_is_named_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"unknown 'fax'.*okta"):
        simulate(tmp_path / "raw", 60, 4000, 10, 1, LAST_DAY, SETTINGS, sources=["fax"])


@pytest.mark.parametrize("name", ["users", "events", "days"])
def test_nothing_can_be_less_than_one(tmp_path: Path, name: str) -> None:
    numbers = {"users": 60, "events": 4000, "days": 10} | {name: 0}
    with pytest.raises(UsageError, match=f"{name}: 0 is too small"):
        simulate(tmp_path / "raw", **numbers, seed=1, last_day=LAST_DAY, settings=SETTINGS)
