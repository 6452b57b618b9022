"""The RBA data set's form: a small file of it becomes events, is detected in, and is measured."""

import csv
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import SparkSession

from antipode import cli
from conf.errors import Damaged, UsageError
from conf.settings import Settings
from enrichment import rba_logins
from jobs import evaluate_rba
from lake.lake import Lake

FIRST = datetime(2020, 2, 3, tzinfo=UTC)
HEADER = (
    *("index", "Login Timestamp", "User ID", "Round-Trip Time [ms]", "IP Address", "Country"),
    *("Region", "City", "ASN", "User Agent String", "Browser Name and Version"),
    *("OS Name and Version", "Device Type", "Login Successful", "Is Attack IP"),
    "Is Account Takeover",
)
OSLO = ("NO", "Oslo County", "Oslo", 29695)
LAGOS = ("NG", "Lagos", "Lagos", 37148)
SMALL_TOWN = ("NO", "Vestland", "Urangsvag", 2119)
UNKNOWN = ("NO", "-", "-", 2119)
TAKEN = "-4324475583306591935"


def login(
    user: str, moment: datetime, place: tuple[str, str, str, int], ip: str, **more: bool
) -> dict[str, Any]:
    """One line of the file; `more`: succeeded (True), attack_ip and takeover (False)."""
    country, region, city, number = place
    stamp = moment.replace(tzinfo=None).isoformat(" ", timespec="milliseconds")
    values = (
        *(stamp, user, "", ip, country, region, city, number, "Mozilla/5.0 (iPhone)"),
        *("Mobile Safari 13.1", "iOS 13.4", "mobile", more.get("succeeded", True)),
        *(more.get("attack_ip", False), more.get("takeover", False)),
    )
    return dict(zip(HEADER[1:], values, strict=True))


def month() -> Iterator[dict[str, Any]]:
    """Thirty people in Oslo, and one of them used from Lagos in between, on one day."""
    for day in range(28):
        for user in range(30):
            name = TAKEN if user == 0 else str(1000 + user)
            for hour in (7, 9, 12, 15):
                moment = FIRST + timedelta(days=day, hours=hour, seconds=37 * user)
                yield login(name, moment, OSLO, f"10.0.{user}.4")
            if user == 0 and day == 10:
                for hour in (9, 12):
                    for step in range(12):
                        moment = FIRST + timedelta(days=day, hours=hour, minutes=8 + 2 * step)
                        flags = {"attack_ip": True, "takeover": True}
                        yield login(TAKEN, moment, LAGOS, "102.89.1.7", **flags)


def write(path: Path, logins: list[dict[str, Any]]) -> Path:
    with path.open("w", newline="") as file:
        lines = csv.DictWriter(file, HEADER)
        lines.writeheader()
        lines.writerows({"index": number} | line for number, line in enumerate(logins))
    return path


def test_the_detection_is_measured_by_the_accounts_taken_over(
    spark: SparkSession, tmp_path: Path
) -> None:
    path = write(tmp_path / "rba.csv", list(month()))
    lake = str(tmp_path / "lake")
    report = evaluate_rba.evaluate_rba(path, Settings(), lake)
    assert (report["read"], report["windows"]) == (28 * 30 * 4 + 24, 1)
    assert (report["attacks"], report["attacks_found"], report["false"]) == (1, 1, 0)
    assert (report["users"], report["user_days"], report["days"]) == (30, 28 * 30, 28)
    assert report["by_kind"]["account_takeover"]["found"] == 1
    # Taken in once, whatever is read again.
    assert evaluate_rba.take_in(Lake(lake, Settings()), path) == report["read"]
    assert Lake(lake, Settings()).table("events").arrow(["source"]).num_rows == report["read"]


def test_places_are_those_named_as_far_as_they_are_known(tmp_path: Path) -> None:
    places = (OSLO, SMALL_TOWN, UNKNOWN, ("XX", "-", "-", 0))
    logins = [login("7", FIRST, place, "10.0.0.1", succeeded=False) for place in places]
    (rows,) = rba_logins.events(write(tmp_path / "rba.csv", logins), "rba")
    oslo, town, unknown, nowhere = rows.to_pylist()
    located = oslo["src_endpoint"]["location"]
    assert (located["city"], oslo["place"]["precision"]) == ("Oslo", "city")
    assert (located["lat"], located["long"]) == pytest.approx((59.9, 10.75), abs=0.2)
    located = town["src_endpoint"]["location"]
    assert (located["region"], located["city"]) == ("Vestland", None)
    assert town["place"]["precision"] == "region"
    located = unknown["src_endpoint"]["location"]
    assert (located["country"], located["region"], located["city"]) == ("NO", None, None)
    assert (unknown["place"]["precision"], 57 < located["lat"] < 72) == ("country", True)
    assert nowhere["src_endpoint"]["location"] is None
    assert oslo["status"] == "Failure"
    assert (oslo["person"], oslo["network"]["kind"]) == ("7", "isp")


def test_batches_hold_the_whole_file_in_its_order(tmp_path: Path) -> None:
    path = write(tmp_path / "rba.csv", list(month())[:1000])
    batches = list(rba_logins.events(path, "rba", rows=300))
    uids = [row["uid"] for rows in batches for row in rows["metadata"].to_pylist()]
    assert uids == [str(number) for number in range(1000)]
    assert len(batches) > 1


def test_windows_cover_the_file_and_attackers_addresses_are_noise(tmp_path: Path) -> None:
    flags = {"attack_ip": True}
    logins = [
        login("7", FIRST, OSLO, "10.0.0.1"),
        login("8", FIRST + timedelta(days=59), LAGOS, "10.0.0.2", **flags),
    ]
    path = write(tmp_path / "rba.csv", logins)
    lake = Lake(str(tmp_path / "lake"), Settings())
    assert evaluate_rba.take_in(lake, path) == 2
    ends = evaluate_rba.ends(lake, 30)
    assert [day.isoformat() for day in ends] == ["2020-03-04", "2020-04-03"]
    assert rba_logins.attack_addresses(path, ["7", "8"]) == [("8", ["10.0.0.2"])]
    assert rba_logins.taken_over(path) == []


def test_another_file_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = tmp_path / "other.csv"
    other.write_text("index,User ID\n1,2\n")
    with pytest.raises(Damaged, match=r"not the RBA data set, it lacks the column 'ASN'"):
        rba_logins.check(other)
    with pytest.raises(UsageError, match="no file"):
        rba_logins.check(tmp_path / "none.csv")
    assert cli.run(["evaluate", "--format", "rba"]) == 2
    assert cli.run(["evaluate", str(other)]) == 2
    assert cli.run(["evaluate", "--lake", "a", "--lake", "b", "--truth", "c"]) == 2
    assert "2 --lake and 1 --truth" in capsys.readouterr().err


def test_a_damaged_line_is_told(tmp_path: Path) -> None:
    path = write(tmp_path / "rba.csv", list(month())[:50])
    text = path.read_text().replace("2020-02-03 07:00:37", "yesterday", 1)
    path.write_text(text)
    with pytest.raises(Damaged, match=r"line 6: not of the RBA data set's form$"):
        list(rba_logins.events(path, "rba"))
