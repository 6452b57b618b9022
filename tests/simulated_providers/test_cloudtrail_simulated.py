"""The simulated LookupEvents, called through botocore: signatures, pages, two calls a second."""

import json
from datetime import UTC, datetime
from typing import Any

import boto3
import mapping_check
import plain_http
import pytest
from botocore.client import BaseClient
from botocore.config import Config
from botocore.exceptions import ClientError
from provider_simulator.client import Simulator

NOW = datetime(2026, 10, 6, 12, tzinfo=UTC)


@pytest.fixture
def trail(simulator: Simulator, monkeypatch: pytest.MonkeyPatch) -> BaseClient:
    """A client that signs by the simulator's clock as it was at first."""
    simulator.set(limits=0)
    monkeypatch.setattr("botocore.auth.get_current_datetime", lambda: NOW)
    return client(simulator)


def client(simulator: Simulator, **changed: str) -> BaseClient:
    found = simulator.credentials("cloudtrail", "acme") | changed
    made: BaseClient = boto3.client(
        "cloudtrail",
        region_name=found["region"],
        endpoint_url=found["base_url"],
        aws_access_key_id=found["access_key_id"],
        aws_secret_access_key=found["secret_access_key"],
        config=Config(retries={"total_max_attempts": 1}, proxies={}),
    )
    return made


def walk(trail: Any, **asked: Any) -> list[dict[str, Any]]:
    pages = trail.get_paginator("lookup_events").paginate(**asked)
    return [event for page in pages for event in page["Events"]]


def code(refused: pytest.ExceptionInfo[ClientError]) -> str:
    return str(refused.value.response["Error"]["Code"])


class TestPages:
    def test_hold_exactly_what_was_published_newest_first(
        self, simulator: Simulator, trail: Any
    ) -> None:
        events = walk(trail)
        times = [event["EventTime"] for event in events]
        assert times == sorted(times, reverse=True)
        lines = [event["CloudTrailEvent"] for event in events]
        uids = mapping_check.uids("cloudtrail", lines)
        assert len(set(uids)) == len(uids) > 1000
        assert set(uids) == mapping_check.true_uids(simulator, "cloudtrail", "acme")

    def test_keep_to_a_window_with_both_its_ends(self, trail: Any) -> None:
        middle = trail.lookup_events()["Events"][30]["EventTime"]
        found = walk(trail, StartTime=middle, EndTime=middle)
        assert found
        assert {event["EventTime"] for event in found} == {middle}

    def test_of_more_than_fifty_are_refused(self, trail: Any) -> None:
        with pytest.raises(ClientError) as refused:
            trail.lookup_events(MaxResults=51)
        assert code(refused) == "InvalidMaxResultsException"

    def test_reach_ninety_days_back(
        self, simulator: Simulator, trail: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        later = datetime(2026, 12, 31, tzinfo=UTC)
        simulator.set_clock(later)
        monkeypatch.setattr("botocore.auth.get_current_datetime", lambda: later)
        oldest = datetime(2026, 10, 4, tzinfo=UTC)
        times = [event["EventTime"] for event in walk(trail, EndTime=oldest)]
        assert times
        assert min(times) >= datetime(2026, 10, 2, tzinfo=UTC)


class TestSignature:
    @pytest.mark.parametrize(
        ("changed", "expected"),
        [
            ({"secret_access_key": "wrong"}, "InvalidSignatureException"),
            ({"access_key_id": "AKIAWRONG"}, "UnrecognizedClientException"),
            ({"region": "eu-west-2"}, "InvalidSignatureException"),
        ],
    )
    def test_a_wrong_one_is_refused(
        self, simulator: Simulator, trail: Any, changed: dict[str, str], expected: str
    ) -> None:
        with pytest.raises(ClientError) as refused:
            client(simulator, **changed).lookup_events()  # type: ignore[attr-defined]
        assert code(refused) == expected

    def test_an_old_one_is_refused(self, simulator: Simulator, trail: Any) -> None:
        simulator.set_clock(advance=400)
        with pytest.raises(ClientError) as refused:
            trail.lookup_events()
        assert code(refused) == "InvalidSignatureException"

    def test_none_is_refused(self, simulator: Simulator) -> None:
        target = "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.LookupEvents"
        address = simulator.address("cloudtrail", "acme")
        answer = plain_http.post_json(f"{address}/", {}, X_Amz_Target=target)
        assert answer.json()["__type"] == "MissingAuthenticationTokenException"


class TestRefusals:
    def test_the_third_call_in_a_second(self, simulator: Simulator, trail: Any) -> None:
        simulator.set(limits=1)
        trail.lookup_events(MaxResults=1)
        trail.lookup_events(MaxResults=1)
        with pytest.raises(ClientError) as refused:
            trail.lookup_events(MaxResults=1)
        assert code(refused) == "ThrottlingException"

    def test_a_token_of_nobody(self, trail: Any) -> None:
        with pytest.raises(ClientError) as refused:
            trail.lookup_events(NextToken="made-up")
        assert code(refused) == "InvalidNextTokenException"

    def test_a_window_that_ends_before_it_begins(self, trail: Any) -> None:
        first, last = datetime(2026, 10, 2, tzinfo=UTC), datetime(2026, 10, 1, tzinfo=UTC)
        with pytest.raises(ClientError) as refused:
            trail.lookup_events(StartTime=first, EndTime=last)
        assert code(refused) == "InvalidTimeRangeException"


def test_the_event_itself_is_text_in_what_wraps_it(trail: Any) -> None:
    event = trail.lookup_events(MaxResults=1)["Events"][0]
    record = json.loads(event["CloudTrailEvent"])
    assert record["eventID"] == event["EventId"]
    assert record["eventName"] == event["EventName"]
