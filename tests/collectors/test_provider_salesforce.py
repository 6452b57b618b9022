"""Salesforce: sign-ins by query, event log files by the time they were made, each once."""

import json
from typing import Any

import pytest
from provider_script import (
    DAY,
    HOUR,
    NOW,
    Asked,
    answered,
    claims,
    in_turn,
    private_key,
    provider,
    records,
)

from collectors.contract import Cursor
from collectors.errors import CursorLost, Retry, Stop
from collectors.providers import salesforce as salesforce_module

BASE = "https://acme.my.salesforce.example"
DATA = "/services/data/v60.0"
ACCOUNT = {"base_url": BASE, "client_id": "c-1", "client_secret": "env:SALESFORCE_SECRET"}
KEYED = {"private_key": "env:SALESFORCE_KEY", "username": "reader@acme.example"}
CSV = b'"EVENT_TYPE","URI"\n"Login","/a"\n"Login","/b ""quoted"" and\nbroken"\n'


@pytest.fixture(autouse=True)
def secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SALESFORCE_SECRET", "s3cret")
    monkeypatch.setenv("SALESFORCE_KEY", private_key())


def queried(*found: dict[str, Any], following: str | None = None):
    more = {"nextRecordsUrl": following} if following else {}
    return answered({"totalSize": 1, "done": not following, "records": list(found), **more})


def file(name: str, made: str = "2026-03-09T11:30:00.000+0000") -> dict[str, Any]:
    return {"attributes": {}, "Id": name, "CreatedDate": made, "EventType": "Login"}


def files(asked: Asked):
    return answered(CSV, headers={"content-type": "text/csv"}) if "/LogFile" in asked.path else None


def refused(code: str, status: int, message: str = ""):
    return answered([{"errorCode": code, "message": message}], status)


def test_walks_the_sign_ins_of_a_window():
    more = f"{DATA}/query/01g-2000"
    answers = in_turn(queried({"Id": "1"}, following=more), queried({"Id": "2"}))
    salesforce = provider("salesforce", ACCOUNT, answers)
    pages = list(salesforce.pages("logins", Cursor(NOW - HOUR), NOW))
    assert [record["Id"] for page in pages for record in records(page)] == ["1", "2"]
    first, second = salesforce.script.calls
    assert first.path == f"{DATA}/query"
    soql = first.query["q"]
    assert soql.startswith("SELECT Id, UserId, LoginTime, ")
    assert soql.endswith(
        "FROM LoginHistory WHERE LoginTime >= 2026-03-09T11:00:00.000Z"
        " AND LoginTime < 2026-03-09T12:00:00.000Z"
    )
    assert (second.path, second.query) == (more, {})


def test_reads_the_files_made_in_a_window():
    salesforce = provider("salesforce", ACCOUNT, files, in_turn(queried(file("0AT1"))))
    (page,) = salesforce.pages("files.hourly", Cursor(NOW - HOUR), NOW)
    assert (page.body, page.form, page.count) == (CSV, "csv", 2)
    listing, fetched = salesforce.script.calls
    assert "CreatedDate >= 2026-03-09T11:00:00.000Z" in listing.query["q"]
    assert "Interval = 'Hourly'" in listing.query["q"]
    assert fetched.path == f"{DATA}/sobjects/EventLogFile/0AT1/LogFile"


def test_daily_files_are_a_log_of_their_own():
    salesforce = provider("salesforce", ACCOUNT, files, in_turn(queried(file("0AT1"))))
    assert len(list(salesforce.pages("files.daily"))) == 1
    assert "Interval = 'Daily'" in salesforce.script.calls[0].query["q"]


@pytest.mark.parametrize(
    ("stream", "begin"), [("hourly", "2026-03-09T10:00"), ("daily", "2026-03-08T11:00")]
)
def test_a_past_span_is_read_again_by_what_files_are_about(stream: str, begin: str):
    salesforce = provider("salesforce", ACCOUNT, files, in_turn(queried(file("0AT1"))))
    again = Cursor(NOW - HOUR, NOW, again=True)
    assert len(list(salesforce.pages(f"files.{stream}", again, NOW))) == 1
    soql = salesforce.script.calls[0].query["q"]
    assert f"WHERE LogDate >= {begin}:00.000Z AND LogDate < 2026-03-09T12:00:00.000Z" in soql


def test_a_file_that_was_read_is_not_fetched_again():
    answers = in_turn(queried(file("0AT1")), queried(file("0AT1"), file("0AT2")))
    salesforce = provider("salesforce", ACCOUNT, files, answers)
    (first,) = salesforce.pages("files.hourly", Cursor(NOW - HOUR), NOW)
    again = Cursor(NOW - DAY, kept=first.cursor.kept)
    (more,) = salesforce.pages("files.hourly", again, NOW + HOUR)
    assert more.count == 2
    assert salesforce.script.calls[-1].path.endswith("0AT2/LogFile")


def test_files_with_the_same_columns_are_put_together():
    other = b'"EVENT_TYPE","OTHER"\n"API","x"'  # and no line end

    def of_two_kinds(asked: Asked):
        if "/LogFile" not in asked.path:
            return None
        return answered(other if "API" in asked.path else CSV, headers={"content-type": "text/csv"})

    kinds = [file("Login1"), file("API1"), file("Login2"), file("API2")]
    listed = [{**one, "EventType": one["Id"][:-1]} for one in kinds]
    salesforce = provider("salesforce", ACCOUNT, of_two_kinds, in_turn(queried(*listed)))
    apis, logins = salesforce.pages("files.hourly")
    assert apis.body == b'"EVENT_TYPE","OTHER"\n"API","x"\n"API","x"\n'
    assert logins.body == CSV + CSV.partition(b"\n")[2]
    assert (apis.count, logins.count) == (2, 4)


def test_resumes_in_the_middle_of_a_list(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(salesforce_module, "PAGE_BYTES", 1)
    three = queried(file("0AT1"), file("0AT2"), file("0AT3"))
    salesforce = provider("salesforce", ACCOUNT, files, in_turn(three, three))
    first = next(salesforce.pages("files.hourly", Cursor(NOW - HOUR), NOW))
    before = len(salesforce.script.calls)
    assert len(list(salesforce.pages("files.hourly", first.cursor, NOW))) == 2
    assert not any("0AT1" in call.path for call in salesforce.script.calls[before:])


def test_a_file_that_is_gone_is_passed_over():
    def without_one(asked: Asked):
        return refused("NOT_FOUND", 404) if "0AT1" in asked.path else None

    listed = in_turn(queried(file("0AT1"), file("0AT2")))
    salesforce = provider("salesforce", ACCOUNT, without_one, files, listed)
    assert len(list(salesforce.pages("files.hourly"))) == 1


@pytest.mark.parametrize("status", [400, 404])
def test_the_rest_of_a_query_that_is_unknown_is_a_lost_cursor(status: int):
    salesforce = provider("salesforce", ACCOUNT, in_turn(refused("INVALID_QUERY_LOCATOR", status)))
    begun = Cursor(NOW - HOUR, NOW, {"token": f"{DATA}/query/01g-2000"})
    with pytest.raises(CursorLost):
        salesforce.records("logins", begun)


def test_used_up_calls_end_the_run_for_now():
    salesforce = provider(
        "salesforce", ACCOUNT, lambda asked: refused("REQUEST_LIMIT_EXCEEDED", 403)
    )
    with pytest.raises(Retry):
        salesforce.records("logins")


@pytest.mark.parametrize(
    ("code", "status", "message", "remedy"),
    [
        ("INVALID_TYPE", 400, "sObject type 'EventLogFile' is not supported", "View Event Log"),
        ("INVALID_TYPE", 400, "sObject type 'LoginHistory' is not supported", "Manage Users"),
        ("API_DISABLED_FOR_ORG", 403, "", "API Enabled"),
    ],
)
def test_refusals_name_the_permission(code: str, status: int, message: str, remedy: str):
    salesforce = provider("salesforce", ACCOUNT, in_turn(refused(code, status, message)))
    with pytest.raises(Stop, match=remedy):
        salesforce.records("logins")


def test_signs_in_as_the_app():
    salesforce = provider("salesforce", ACCOUNT, in_turn(queried()))
    salesforce.records("logins")
    (sign_in,) = salesforce.script.sign_ins
    assert sign_in.address == f"{BASE}/services/oauth2/token"
    assert sign_in.form["grant_type"] == "client_credentials"


def test_signs_in_as_a_user():
    account = ACCOUNT | {"client_secret": None} | KEYED
    salesforce = provider("salesforce", account, in_turn(queried()))
    salesforce.records("logins")
    said = claims(salesforce.script.sign_ins[0].form["assertion"])
    assert (said["iss"], said["sub"]) == ("c-1", "reader@acme.example")
    assert said["aud"] == "https://login.salesforce.com"


@pytest.mark.parametrize("change", [KEYED, {"client_secret": None}])
def test_an_account_has_one_proof(change: dict[str, Any]):
    with pytest.raises(ValueError, match="give either client_secret"):
        provider("salesforce", ACCOUNT | change)


def test_records_keep_the_bytes_that_came():
    odd = b'{"records": [{"Id": "1",  "LoginTime":1.50}]}'
    salesforce = provider("salesforce", ACCOUNT, in_turn(answered(odd)))
    (page,) = salesforce.pages("logins")
    assert page.body == b'{"Id": "1",  "LoginTime":1.50}\n'
    assert json.loads(page.body)["Id"] == "1"
