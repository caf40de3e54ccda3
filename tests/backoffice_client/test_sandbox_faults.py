import time

import pytest
import requests

from tests.backoffice_client.conftest import TOKEN

BEARER = {"Authorization": f"Bearer {TOKEN}"}
EVENT = {"event_id": "e-1", "ticket": 115, "event": "taken", "at": "2026-05-27T09:30:00Z"}


def faults(sandbox, **changes):
    assert requests.put(f"{sandbox.url}/sandbox/faults", json=changes, timeout=5).status_code == 200


def tell(sandbox):
    return requests.put(f"{sandbox.url}/events/e-1", json=EVENT, headers=BEARER, timeout=5)


def received(sandbox):
    return requests.get(f"{sandbox.url}/sandbox/received", timeout=5).json()["events"]


def test_an_error_is_a_500_before_anything_was_done(sandbox) -> None:
    faults(sandbox, error_rate=1)
    assert (tell(sandbox).status_code, tell(sandbox).json()["code"]) == (500, "fault")
    assert received(sandbox) == []


def test_a_dropped_connection_ends_before_anything_was_done(sandbox) -> None:
    faults(sandbox, drop_rate=1)
    with pytest.raises(requests.ConnectionError):
        tell(sandbox)
    assert received(sandbox) == []


def test_a_lost_answer_ends_the_connection_after_everything_was_done(sandbox) -> None:
    faults(sandbox, lost_answer_rate=1)
    with pytest.raises(requests.ConnectionError):
        tell(sandbox)
    assert [one["event_id"] for one in received(sandbox)] == ["e-1"]


def test_a_delay_holds_the_answer_back(sandbox) -> None:
    faults(sandbox, delay_ms=150)
    begun = time.monotonic()
    assert tell(sandbox).status_code == 201
    assert time.monotonic() - begun >= 0.15


def test_faults_leave_the_controls_the_page_and_the_contract_document_alone(sandbox) -> None:
    faults(sandbox, error_rate=1, drop_rate=1, lost_answer_rate=1, delay_ms=60_000)
    for path in ("/", "/page.css", "/openapi.json", "/sandbox/points", "/sandbox/faults", "/sandbox/received"):
        assert requests.get(sandbox.url + path, timeout=5).status_code == 200


def test_the_same_seed_strikes_the_same_requests(open_sandbox) -> None:
    def outcomes(seed):
        sandbox = open_sandbox(seed=seed)
        faults(sandbox, error_rate=0.5)
        return [tell(sandbox).status_code for _ in range(12)]

    assert outcomes(1) == outcomes(1)
    assert outcomes(1) != outcomes(2)
    assert {200, 500} <= set(outcomes(1))


def test_a_sandbox_that_is_holding_an_answer_back_still_stops_at_once(open_sandbox) -> None:
    sandbox = open_sandbox()
    faults(sandbox, delay_ms=60_000)
    with pytest.raises(requests.ReadTimeout):
        requests.put(f"{sandbox.url}/events/e-1", json=EVENT, headers=BEARER, timeout=0.1)
    begun = time.monotonic()
    sandbox.stop()
    assert time.monotonic() - begun < 2
