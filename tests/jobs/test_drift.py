"""Fields that a provider adds are counted and reported; none is lost."""

from datetime import UTC, date, datetime
from pathlib import Path

from okta_records import line, lines

from conf.settings import Settings
from jobs.drift import Drift, drift
from jobs.normalize import Target, normalize
from schemas import versions
from schemas.drift import known_fields

NOW = datetime(2026, 11, 20, tzinfo=UTC)


def test_new_fields_are_counted_where_a_model_describes_the_object(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    (raw / "okta").mkdir(parents=True)
    (raw / "okta" / "a.ndjson").write_bytes(
        lines(0, 20)
        + line(20, riskEngine={"score": 7, "model": {"name": "a"}})
        + line(21, riskEngine={"score": 8})
        + line(22, client={"ipAddress": "81.2.69.1", "fingerprint": "x"})
        + line(23, target=[{"id": "t", "trustLevel": 1}])
        + line(24, displayMessage=["a"])
        + b"not json\n[1]\n"
    )
    settings = Settings(data_dir=tmp_path / "data")
    target = Target(str(tmp_path / "lake"), "acme", NOW, settings)
    normalize(raw, target, workers=1)
    day = date(2026, 11, 20)
    assert drift(target.uri, settings, "acme") == [
        Drift("okta", "riskEngine", 2, day, day),
        Drift("okta", "client.fingerprint", 1, day, day),
        Drift("okta", "displayMessage: an array where a string is promised", 1, day, day),
        Drift("okta", "target[].trustLevel", 1, day, day),
    ]
    assert drift(target.uri, settings, "acme", "github") == []


def test_what_the_samples_hold_is_known() -> None:
    for source in versions.mappers():
        assert known_fields(source)
    assert {"uuid", "client.ipAddress", "target[].id"} <= known_fields("okta")
    assert {"eventVersion", "userIdentity.accessKeyId"} <= known_fields("cloudtrail")
    assert {"EVENT_TYPE", "LoginTime"} <= known_fields("salesforce")
