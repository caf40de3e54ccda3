"""The client and the sandbox, over a socket."""

import io
from dataclasses import replace
from datetime import timedelta

import pytest
import requests

from backoffice_client import BackofficeError, Connectivity, PackageRejected, ScanRejected, Station
from tests.backoffice_client.conftest import BYTES, NOW


def switch(sandbox, point_id, number, online):
    url = f"{sandbox.url}/sandbox/points/{point_id}/stations/{number}"
    assert requests.put(url, json={"online": online}, timeout=5).status_code == 200


def received(sandbox):
    return requests.get(f"{sandbox.url}/sandbox/received", timeout=5).json()


def test_a_point_nobody_has_heard_of_has_no_stations(client) -> None:
    answer = client.connectivity(735)
    assert (answer.point_id, answer.stations, answer.checked_at) == (735, (), NOW)
    assert answer.check_id


def test_a_station_that_is_on_is_in_contact_at_the_moment_of_the_question(client, sandbox, clock) -> None:
    switch(sandbox, 735, 1, True)
    clock.moment += timedelta(hours=2)
    assert client.connectivity(735).stations == (Station(1, "Stanowisko 1", True, NOW + timedelta(hours=2)),)


def test_a_station_switched_off_was_last_in_contact_when_it_went(client, sandbox, clock) -> None:
    switch(sandbox, 735, 1, True)
    clock.moment += timedelta(minutes=5)
    switch(sandbox, 735, 1, False)
    clock.moment += timedelta(minutes=5)
    switch(sandbox, 735, 1, False)
    assert client.connectivity(735).stations == (Station(1, "Stanowisko 1", False, NOW + timedelta(minutes=5)),)


def test_a_station_that_was_never_on_has_no_last_contact(client, sandbox) -> None:
    switch(sandbox, 735, 2, False)
    assert client.connectivity(735).stations == (Station(2, "Stanowisko 2", False, None),)


def test_each_check_has_its_own_id_and_can_be_stored_as_evidence(client, sandbox) -> None:
    switch(sandbox, 735, 1, True)
    first, second = client.connectivity(735), client.connectivity(735)
    assert first.check_id != second.check_id
    assert first.to_json() == {
        "point_id": 735,
        "check_id": first.check_id,
        "checked_at": "2026-05-27T09:30:00Z",
        "stations": [{"number": 1, "name": "Stanowisko 1", "online": True, "last_contact": "2026-05-27T09:30:00Z"}],
    }
    assert isinstance(first, Connectivity)


def test_scans_then_the_package_then_an_event_are_received(client, sandbox, scan, manifest, event) -> None:
    uploaded = client.upload_scan(scan, io.BytesIO(BYTES))
    packed = client.send_package(manifest)
    told = client.send_event(event)
    assert (uploaded.sha256, packed.package_id, told.event_id) == (scan.sha256, "ticket-115-scans-1", "event-1")
    arrived = received(sandbox)
    assert [one["name"] for one in arrived["scans"]] == ["umowa 115 – Sieciechów.pdf"]
    assert [one["details"] for one in arrived["packages"]] == [{"company": "PPHU SAM Sieciechów"}]
    assert [one["event"] for one in arrived["events"]] == ["suspended"]
    assert {one["receipt"] for one in arrived["scans"]} == {uploaded.receipt}


def test_what_is_sent_again_gets_the_first_receipt(client, sandbox, clock, scan, manifest) -> None:
    first = client.upload_scan(scan, io.BytesIO(BYTES)), client.send_package(manifest)
    clock.moment += timedelta(days=1)
    again = client.upload_scan(scan, io.BytesIO(BYTES)), client.send_package(manifest)
    assert first == again
    assert [[one["offered"] for one in things] for things in received(sandbox).values()] == [[2], [2], []]


def test_a_scan_is_sent_from_where_the_file_stands(client, sandbox, scan) -> None:
    content = io.BytesIO(b"skipped" + BYTES)
    content.seek(7)
    assert client.upload_scan(scan, content).sha256 == scan.sha256


def test_a_package_whose_scan_never_arrived_is_refused_with_the_scan(client, sandbox, manifest, scan) -> None:
    with pytest.raises(PackageRejected) as refused:
        client.send_package(manifest)
    assert refused.value.permanent
    assert refused.value.rejections == {scan.sha256: "The file never arrived."}
    assert received(sandbox)["packages"] == []


def test_other_content_under_a_known_id_is_refused_for_good(client, sandbox, event) -> None:
    client.send_event(event)
    with pytest.raises(BackofficeError) as refused:
        client.send_event(replace(event, event="resumed"))
    assert (refused.value.code, refused.value.permanent) == ("contract_broken", True)
    assert "different_content" in refused.value.detail
    assert [one["event"] for one in received(sandbox)["events"]] == ["suspended"]


def test_bytes_that_are_not_what_their_hash_says_are_refused(client, sandbox, scan) -> None:
    with pytest.raises(BackofficeError, match="hash_mismatch") as refused:
        client.upload_scan(scan, io.BytesIO(b"changed on the disk meanwhile"))
    assert refused.value.permanent
    assert received(sandbox)["scans"] == []


def test_a_rejected_scan_comes_back_with_the_reason(client, sandbox, scan) -> None:
    requests.put(f"{sandbox.url}/sandbox/faults", json={"reject_scans": "brak podpisu na stronie 2"}, timeout=5)
    with pytest.raises(ScanRejected) as rejected:
        client.upload_scan(scan, io.BytesIO(BYTES))
    assert (rejected.value.sha256, rejected.value.reason) == (scan.sha256, "brak podpisu na stronie 2")
    assert (rejected.value.code, rejected.value.permanent) == ("scan_rejected", True)
    assert received(sandbox)["scans"] == []


def test_a_scan_accepted_earlier_stays_accepted_while_new_ones_are_rejected(client, sandbox, scan) -> None:
    first = client.upload_scan(scan, io.BytesIO(BYTES))
    requests.put(f"{sandbox.url}/sandbox/faults", json={"reject_scans": True}, timeout=5)
    assert client.upload_scan(scan, io.BytesIO(BYTES)) == first


def test_a_wrong_token_is_a_permanent_error(connect, sandbox) -> None:
    stranger = type(connect(sandbox.url))(sandbox.url, "wrong", sleep=lambda _: None)
    with pytest.raises(BackofficeError) as refused:
        stranger.connectivity(735)
    assert (refused.value.code, refused.value.permanent) == ("unauthorised", True)
