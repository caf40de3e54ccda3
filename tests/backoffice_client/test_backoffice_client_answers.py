"""What the client makes of answers: true ones, lying ones, and refusals."""

import io
import json
from datetime import UTC, datetime, timedelta

import pytest

from backoffice_client import BackofficeError, Connectivity, PackageRejected, Station
from tests.backoffice_client.conftest import BYTES, NOW
from tests.backoffice_client.peer import Peer, http

MOMENT = "2026-05-27T09:30:00Z"
STATION = {"number": 1, "name": "Kasa 1", "online": True, "last_contact": MOMENT}
CONNECTIVITY = {"point_id": 735, "check_id": "c-1", "checked_at": MOMENT, "stations": [STATION]}


def answer_to(connect, call, reply):
    with Peer(reply) as peer:
        return call(connect(peer.url, retries=0))


def error_of(connect, call, reply):
    with pytest.raises(BackofficeError) as failed:
        answer_to(connect, call, reply)
    return failed.value


def ask(client):
    return client.connectivity(735)


def test_moments_come_out_in_utc_and_new_fields_are_ignored(connect) -> None:
    told = CONNECTIVITY | {"checked_at": "2026-05-27T11:30:00+02:00", "region": "PL-14"}
    answer = answer_to(connect, ask, http(200, json.dumps(told).encode()))
    assert answer == Connectivity(735, "c-1", NOW, (Station(1, "Kasa 1", True, NOW),))
    assert answer.checked_at.utcoffset() == timedelta(0)
    assert answer.checked_at.tzinfo is UTC


@pytest.mark.parametrize(
    "lie",
    [
        {"point_id": 736},
        {"point_id": "735"},
        {"point_id": None},
        {"check_id": ""},
        {"checked_at": "2026-05-27T09:30:00"},
        {"checked_at": 1779874200},
        {"checked_at": "yesterday"},
        {"stations": {}},
        {"stations": [STATION, STATION]},
        {"stations": [STATION | {"online": "yes"}]},
        {"stations": [STATION | {"number": 0}]},
        {"stations": [STATION | {"number": True}]},
        {"stations": [STATION | {"last_contact": "2026-05-27T09:30:00"}]},
        {"stations": [{"number": 1}]},
    ],
)
def test_connectivity_that_breaks_the_contract_is_a_bad_answer(connect, lie) -> None:
    error = error_of(connect, ask, http(200, json.dumps(CONNECTIVITY | lie).encode()))
    assert (error.code, error.permanent) == ("bad_answer", False)


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>Welcome to our hotel</html>", b"[]", b"null", b'"ok"', b"\xff\xfe", b"[" * 100_000, b'{"point_id":'],
)
def test_an_answer_that_is_no_such_document_is_a_bad_answer(connect, body) -> None:
    assert error_of(connect, ask, http(200, body)).code == "bad_answer"


@pytest.mark.parametrize("status", [202, 204, 206, 304])
def test_a_status_the_contract_does_not_know_is_a_bad_answer(connect, status) -> None:
    assert error_of(connect, ask, http(status)).code == "bad_answer"


def test_a_receipt_for_another_scan_is_a_bad_answer(connect, scan) -> None:
    receipt = json.dumps({"sha256": "0" * 64, "receipt": "r", "accepted_at": MOMENT}).encode()
    error = error_of(connect, lambda it: it.upload_scan(scan, io.BytesIO(BYTES)), http(201, receipt))
    assert (error.code, "something else" in error.detail) == ("bad_answer", True)


def test_a_receipt_for_another_package_or_event_is_a_bad_answer(connect, manifest, event) -> None:
    package = json.dumps({"package_id": "other", "receipt": "r", "accepted_at": MOMENT}).encode()
    assert error_of(connect, lambda it: it.send_package(manifest), http(201, package)).code == "bad_answer"
    told = json.dumps({"event_id": "other", "receipt": "r", "accepted_at": MOMENT}).encode()
    assert error_of(connect, lambda it: it.send_event(event), http(201, told)).code == "bad_answer"


def test_a_receipt_without_a_number_is_a_bad_answer(connect, event) -> None:
    told = json.dumps({"event_id": event.event_id, "receipt": "", "accepted_at": MOMENT}).encode()
    assert error_of(connect, lambda it: it.send_event(event), http(201, told)).code == "bad_answer"


@pytest.mark.parametrize(
    ("status", "problem", "code", "permanent"),
    [
        (400, {}, "contract_broken", True),
        (401, {}, "unauthorised", True),
        (403, {}, "unauthorised", True),
        (404, {"code": "unknown_point"}, "unknown_point", True),
        (404, {}, "contract_broken", True),
        (408, {}, "busy", False),
        (418, {"code": "scan_rejected"}, "contract_broken", True),
        (422, {"code": "package_rejected"}, "contract_broken", True),
        (429, {}, "busy", False),
        (500, {}, "server_error", False),
        (503, {"code": "unknown_point"}, "server_error", False),
        (599, {}, "server_error", False),
    ],
)
def test_each_refusal_has_its_code_and_says_whether_it_is_final(connect, status, problem, code, permanent) -> None:
    error = error_of(connect, ask, http(status, json.dumps(problem).encode()))
    assert (error.code, error.permanent) == (code, permanent)


@pytest.mark.parametrize("body", [b"", b"<html>", b"[1]", b"[" * 100_000, b'{"code": 7, "detail": ["x"]}'])
def test_a_refusal_in_any_other_form_is_understood_by_its_status(connect, body) -> None:
    assert error_of(connect, ask, http(404, body)).code == "contract_broken"


def test_the_detail_of_a_refusal_is_kept_short(connect) -> None:
    body = json.dumps({"code": "invalid", "title": "x" * 10_000}).encode()
    assert len(error_of(connect, ask, http(400, body)).detail) < 1000


def test_a_rejected_package_names_each_file_and_why(connect, manifest) -> None:
    body = json.dumps(
        {"code": "package_rejected", "detail": "Umowa nieczytelna", "rejections": {"a" * 64: "strona 2 ucięta"}}
    ).encode()
    error = error_of(connect, lambda it: it.send_package(manifest), http(422, body))
    assert isinstance(error, PackageRejected)
    assert (error.reason, error.rejections) == ("Umowa nieczytelna", {"a" * 64: "strona 2 ucięta"})


@pytest.mark.parametrize("rejections", [None, [], "all of them"])
def test_a_rejected_package_without_a_list_is_still_rejected(connect, manifest, rejections) -> None:
    body = json.dumps({"code": "package_rejected", "detail": "nie", "rejections": rejections}).encode()
    error = error_of(connect, lambda it: it.send_package(manifest), http(422, body))
    assert isinstance(error, PackageRejected)
    assert error.rejections == {}


def test_a_point_the_platform_does_not_know_is_final(connect) -> None:
    body = json.dumps({"code": "unknown_point", "detail": "nie ma takiego punktu"}).encode()
    assert "nie ma takiego punktu" in error_of(connect, ask, http(404, body)).detail


def test_the_first_moment_of_time_is_a_valid_answer(connect) -> None:
    told = CONNECTIVITY | {"checked_at": "1970-01-01T00:00:00Z"}
    answer = answer_to(connect, ask, http(200, json.dumps(told).encode()))
    assert answer.checked_at == datetime(1970, 1, 1, tzinfo=UTC)
