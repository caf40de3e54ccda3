import io
import time
from itertools import count

import pytest
import requests

from backoffice_client import BackofficeError
from tests.backoffice_client.conftest import BYTES
from tests.backoffice_client.peer import Peer, http, then

CONNECTIVITY = http(200, b'{"point_id":735,"check_id":"c","checked_at":"2026-05-27T11:30:00+02:00","stations":[]}')
FAILED = http(500, b"<h1>Internal Server Error</h1>")


def faults(sandbox, **changes):
    assert requests.put(f"{sandbox.url}/sandbox/faults", json=changes, timeout=5).status_code == 200


def test_an_error_of_the_server_is_followed_by_another_attempt(connect, pauses) -> None:
    with Peer(FAILED, CONNECTIVITY) as peer:
        assert connect(peer.url).connectivity(735).check_id == "c"
    assert pauses == [0.5]


def test_no_call_meets_a_connection_that_the_other_side_is_about_to_close(connect, pauses) -> None:
    with Peer(then(CONNECTIVITY, lambda _connection: time.sleep(0.01))) as peer:
        client = connect(peer.url)
        for _call in range(20):
            client.connectivity(735)
    assert (len(peer.requests), pauses) == (20, [])


def test_pauses_grow_and_the_last_error_is_handed_on(connect, pauses) -> None:
    with Peer(FAILED) as peer, pytest.raises(BackofficeError) as failed:
        connect(peer.url, retries=3).connectivity(735)
    assert pauses == [0.5, 1.0, 2.0]
    assert len(peer.requests) == 4
    assert (failed.value.code, failed.value.permanent) == ("server_error", False)


def test_a_permanent_error_is_not_retried(connect, pauses) -> None:
    with Peer(http(400)) as peer, pytest.raises(BackofficeError):
        connect(peer.url).connectivity(735)
    assert (len(peer.requests), pauses) == (1, [])


def test_the_pause_is_as_long_as_the_other_side_asks(connect, pauses) -> None:
    with Peer(http(429, b"", "Retry-After: 7"), CONNECTIVITY) as peer:
        connect(peer.url).connectivity(735)
    assert pauses == [7.0]


def test_a_pause_beyond_the_deadline_is_left_to_the_caller(connect, pauses) -> None:
    with Peer(http(503, b"", "Retry-After: 3600")) as peer, pytest.raises(BackofficeError) as failed:
        connect(peer.url).connectivity(735)
    assert (failed.value.retry_after, pauses, len(peer.requests)) == (3600.0, [], 1)


@pytest.mark.parametrize("header", ["Wed, 21 Oct 2026 07:28:00 GMT", "-1", "²"])
def test_a_retry_after_that_is_no_number_of_seconds_changes_nothing(connect, pauses, header) -> None:
    with Peer(http(429, b"", f"Retry-After: {header}"), CONNECTIVITY) as peer:
        connect(peer.url).connectivity(735)
    assert pauses == [0.5]


def test_retries_end_with_the_deadline(connect, pauses) -> None:
    hours = count(step=3600)
    with Peer(FAILED) as peer, pytest.raises(BackofficeError):
        connect(peer.url, deadline=3601.0, retries=9, monotonic=lambda: float(next(hours))).connectivity(735)
    assert (len(peer.requests), pauses) == (1, [])


def test_a_scan_is_sent_from_its_beginning_at_each_attempt(connect, scan) -> None:
    receipt = f'{{"sha256":"{scan.sha256}","receipt":"r","accepted_at":"2026-05-27T09:30:00Z"}}'.encode()
    with Peer(FAILED, http(201, receipt)) as peer:
        assert connect(peer.url).upload_scan(scan, io.BytesIO(BYTES)).receipt == "r"
    assert [request.endswith(b"\r\n\r\n" + BYTES) for request in peer.requests] == [True, True]
    assert all(f"Idempotency-Key: {scan.sha256}".encode() in request for request in peer.requests)


def test_a_lost_answer_is_retried_and_accepted_once(connect, sandbox, scan, manifest, event) -> None:
    faults(sandbox, lost_answer_rate=1)
    with pytest.raises(BackofficeError) as lost:
        connect(sandbox.url).upload_scan(scan, io.BytesIO(BYTES))
    assert lost.value.code == "unreachable"
    faults(sandbox, lost_answer_rate=0)
    connect(sandbox.url).upload_scan(scan, io.BytesIO(BYTES))
    [kept] = requests.get(f"{sandbox.url}/sandbox/received", timeout=5).json()["scans"]
    assert (kept["sha256"], kept["offered"]) == (scan.sha256, 4)


def test_everything_arrives_once_through_a_storm_of_faults(connect, sandbox, scan, manifest, event) -> None:
    faults(sandbox, error_rate=0.3, drop_rate=0.3, lost_answer_rate=0.3)
    client = connect(sandbox.url, retries=50, sleep=lambda _: None, deadline=1e6)
    client.upload_scan(scan, io.BytesIO(BYTES))
    client.send_package(manifest)
    client.send_event(event)
    arrived = requests.get(f"{sandbox.url}/sandbox/received", timeout=5).json()
    assert [len(things) for things in arrived.values()] == [1, 1, 1]
