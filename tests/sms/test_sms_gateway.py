"""The client of the gateway, against its sandbox and against everything else that may answer on a bad day."""

import socket
import threading
from collections.abc import Iterator
from decimal import Decimal
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qs

import pytest

from mikroserwis.sms import Accepted, Gateway, SmsError
from mikroserwis.sms.sandbox import SmsSandbox
from tests.sms.desk import PHONE, Answer, gateway_that, saying

TO, IDX = f"+{PHONE}", "a" * 32
GOOD = {"id": "7", "points": 0.165, "number": PHONE, "status": "QUEUE", "error": None, "idx": IDX, "parts": 1}


def client(url: str, **options: float) -> Gateway:
    return Gateway(url, "sandbox", "Mikroserwis", timeout=(1, 1), deadline=options.get("deadline", 2))


def told(answer: Answer) -> SmsError:
    """What the client makes of it."""
    with gateway_that(answer) as (url, _bodies), pytest.raises(SmsError) as error:
        client(url).send(TO, "Nowe zgłoszenie", idx=IDX)
    return error.value


def test_an_sms_is_handed_over_as_the_contract_says(sandbox: SmsSandbox):
    accepted = client(sandbox.url).send(TO, "Zgłoszenie 115: żółć", idx=IDX, notify_url="https://m.example/x")
    [taken] = sandbox.taken
    assert (taken.to, taken.text, taken.sender, taken.idx) == (PHONE, "Zgłoszenie 115: żółć", "Mikroserwis", IDX)
    assert taken.notify_url == "https://m.example/x"
    assert accepted == Accepted(taken.id, Decimal("0.1650"), 1, "under_way")


def test_the_request_names_encoding_format_and_that_the_idx_is_checked():
    with gateway_that(saying({"count": 1, "list": [GOOD]})) as (url, bodies):
        client(url).send(TO, "x", idx=IDX)
    fields = {name: values[0] for name, values in parse_qs(bodies[0]).items()}
    expected = {"to": PHONE, "message": "x", "encoding": "utf-8", "format": "json", "idx": IDX, "check_idx": "1"}
    assert expected.items() <= fields.items()


def test_the_same_idx_again_is_taken_for_the_first_and_no_phone_gets_it_twice(sandbox: SmsSandbox):
    gateway = client(sandbox.url)
    gateway.send(TO, "x", idx=IDX)
    assert gateway.send(TO, "x", idx=IDX.upper()) == Accepted()
    assert len(sandbox.taken) == 1


def test_what_became_of_it_can_be_asked(sandbox: SmsSandbox):
    gateway = client(sandbox.url)
    gateway_id = gateway.send(TO, "x", idx=IDX).gateway_id or ""
    assert gateway.report(gateway_id) == "under_way"
    for status, report in (("DELIVERED", "delivered"), ("EXPIRED", "expired"), ("UNDELIVERED", "undelivered")):
        sandbox.report(gateway_id, status)
        assert gateway.report(gateway_id) == report


@pytest.mark.parametrize(
    ("error", "code", "permanent"),
    [
        (13, "bad_number", True),
        (11, "bad_text", True),
        (59, "bad_number", True),
        (14, "sender_refused", False),
        (101, "unauthorised", False),
        (103, "no_points", False),
        (105, "unauthorised", False),
        (202, "busy", False),
        (52, "busy", False),
        (201, "refused", False),
        (999, "refused", False),
        (31337, "refused", False),
    ],
)
@pytest.mark.parametrize("status", [200, 400])
def test_an_error_is_final_where_nobody_could_mend_it(error: int, code: str, permanent: bool, status: int):
    found = told(saying({"error": error, "message": "No correct phone numbers"}, status))
    assert (found.code, found.permanent) == (code, permanent)


def test_a_number_that_no_phone_has_is_refused_for_good_by_the_sandbox_too(sandbox: SmsSandbox):
    with pytest.raises(SmsError) as error:
        client(sandbox.url).send("+4812", "x", idx=IDX)
    assert (error.value.code, error.value.permanent) == ("bad_number", True)


def test_a_wrong_token_may_be_mended_and_is_never_spelled_out(sandbox: SmsSandbox):
    sandbox.token = "another"
    with pytest.raises(SmsError) as error:
        client(sandbox.url).send(TO, "x", idx=IDX)
    assert (error.value.code, error.value.permanent) == ("unauthorised", False)
    echoed = told(saying({"error": 101, "message": "Bearer sandbox\x00\nis wrong"}, 401))
    assert "sandbox" not in str(echoed)
    assert echoed.reason == "101 Bearer *** is wrong"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"<html>Service Unavailable</html>", 503, "server_error"),
        (b"<html>Log in</html>", 200, "bad_answer"),
        (b"", 200, "bad_answer"),
        (b"[1]", 200, "bad_answer"),
        (b"NaN", 200, "bad_answer"),
        (b"\xff\xfe", 200, "bad_answer"),
        (b"{" * 100_000, 200, "bad_answer"),
        ({"count": 0, "list": []}, 200, "bad_answer"),
        ({"count": 2, "list": [GOOD, GOOD]}, 200, "bad_answer"),
        ({"count": 1, "list": [{**GOOD, "number": "48999999999"}]}, 200, "bad_answer"),
        ({"count": 1, "list": [{**GOOD, "idx": "b" * 32}]}, 200, "bad_answer"),
        ({"count": 1, "list": [{**GOOD, "id": None}]}, 200, "bad_answer"),
        ({"count": 1, "list": [{**GOOD, "id": "7'; DROP TABLE sms"}]}, 200, "bad_answer"),
        ({"count": 1, "list": ["x"]}, 200, "bad_answer"),
        (b"", 401, "unauthorised"),
        (b"", 429, "busy"),
        ({"message": "Not found", "error": "not_found", "code": 404}, 404, "refused"),
    ],
)
def test_an_answer_that_makes_no_sense_is_tried_again_later(body: object, status: int, code: str):
    found = told(saying(body, status))
    assert (found.code, found.permanent) == (code, False)


def test_a_price_or_a_length_that_cannot_be_is_left_out():
    odd = {**GOOD, "points": "1e999", "parts": -1, "status": "SOMETHING_NEW"}
    with gateway_that(saying({"count": 1, "list": [odd]})) as (url, _bodies):
        assert client(url).send(TO, "x", idx=IDX) == Accepted("7", None, None, None)


def test_where_the_gateway_redirects_to_the_text_does_not_go():
    with gateway_that(saying({"count": 1, "list": [GOOD]})) as (elsewhere, bodies):
        found = told(saying(b"", 307, Location=f"{elsewhere}/sms.do"))
    assert (found.code, bodies) == ("bad_answer", [])


def test_a_huge_answer_is_not_read_to_its_end():
    def flood(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        for _ in range(4096):
            handler.wfile.write(b" " * 65536)

    assert told(flood).code == "bad_answer"


def test_a_gateway_that_drips_or_is_silent_holds_nobody_for_long():
    ended = threading.Event()

    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        while not ended.wait(0.1):
            handler.wfile.write(b" ")

    def silent(_handler: BaseHTTPRequestHandler) -> None:
        ended.wait(10)

    assert {told(drip).code, told(silent).code} == {"timeout"}
    ended.set()


@pytest.fixture
def closed_port() -> Iterator[int]:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]


def test_a_gateway_that_is_down_is_tried_again_later(closed_port: int):
    with pytest.raises(SmsError) as error:
        client(f"http://127.0.0.1:{closed_port}").send(TO, "x", idx=IDX)
    assert (error.value.code, error.value.permanent) == ("unreachable", False)
