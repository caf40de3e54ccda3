"""Requests that no library would send."""

import json
import socket

import pytest
import requests

from backoffice_client.sandbox import SandboxServer
from tests.backoffice_client.conftest import TOKEN

AUTHORIZED = f"Host: 127.0.0.1\r\nAuthorization: Bearer {TOKEN}\r\n"


def send(sandbox, raw):
    """The status and the problem's code; (0, None) where the connection just ends."""
    with socket.create_connection(("127.0.0.1", sandbox.port), timeout=5) as connection:
        connection.sendall(raw.encode())
        connection.shutdown(socket.SHUT_WR)
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    head, _, body = answer.partition(b"\r\n\r\n")
    return (int(head.split()[1]), json.loads(body)["code"]) if answer else (0, None)


@pytest.mark.parametrize(
    ("raw", "status", "code"),
    [
        (
            f"PUT /events/e-1 HTTP/1.1\r\n{AUTHORIZED}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            411,
            "length_required",
        ),
        (f"PUT /events/e-1 HTTP/1.1\r\n{AUTHORIZED}Content-Length: many\r\n\r\n", 400, "invalid"),
        (f"PUT /events/e-1 HTTP/1.1\r\n{AUTHORIZED}Content-Length: -1\r\n\r\n", 400, "invalid"),
        (f"PUT /events/e-1 HTTP/1.1\r\n{AUTHORIZED}Content-Length: {'9' * 5000}\r\n\r\n", 400, "invalid"),
        (f"PUT /events/e-1 HTTP/1.1\r\n{AUTHORIZED}Content-Length: 99999999999\r\n\r\n{{}}", 413, "too_large"),
        (f"PUT /events/e-1 HTTP/1.1\r\n{AUTHORIZED}Content-Length: 50\r\n\r\n{{}}", 0, None),
        (f"GET /nowhere HTTP/1.1\r\n{AUTHORIZED}\r\n", 404, "not_found"),
        (f"GET http://[::bad/ HTTP/1.1\r\n{AUTHORIZED}\r\n", 404, "not_found"),
        (f"GET /points/735%2Fx/connectivity HTTP/1.1\r\n{AUTHORIZED}\r\n", 404, "not_found"),
        (f"GET /events/e-1 HTTP/1.1\r\n{AUTHORIZED}\r\n", 405, "method_not_allowed"),
        (f"POST /sandbox/faults HTTP/1.1\r\n{AUTHORIZED}Content-Length: 2\r\n\r\n{{}}", 405, "method_not_allowed"),
        (f"PATCH /events/e-1 HTTP/1.1\r\n{AUTHORIZED}\r\n", 501, "invalid"),
        (f"GET / HTTP/1.1\r\nX-Long: {'x' * 70_000}\r\n\r\n", 431, "invalid"),
        ("GET /sandbox/points HTTP/1.1\r\n\r\n", 403, "foreign_host"),
        (f"GET /points/735/connectivity HTTP/1.1\r\nAuthorization: Bearer {'ż' * 9}\r\n\r\n", 401, "unauthorised"),
    ],
)
def test_a_malformed_request_gets_a_problem_document_or_no_answer(sandbox, raw, status, code) -> None:
    assert send(sandbox, raw) == (status, code)
    assert requests.get(f"{sandbox.url}/sandbox/received", timeout=5).json()["events"] == []


def test_an_error_inside_ends_one_connection_and_not_the_server(capfd) -> None:
    with SandboxServer("127.0.0.1", 0, data=None, token=TOKEN, now=lambda: 1 / 0) as broken:  # type: ignore[arg-type,return-value]
        with pytest.raises(requests.ConnectionError):
            requests.get(f"{broken.url}/sandbox/points", timeout=5)
        assert requests.get(f"{broken.url}/sandbox/faults", timeout=5).status_code == 200
    assert "ZeroDivisionError" in capfd.readouterr().err


def test_a_client_that_goes_away_leaves_no_trace_in_the_log(sandbox, capfd) -> None:
    assert send(sandbox, f"PUT /events/e-1 HTTP/1.1\r\n{AUTHORIZED}Content-Length: 50\r\n\r\n{{}}") == (0, None)
    assert capfd.readouterr().err == ""


def test_bound_to_more_than_the_loopback_any_name_of_the_machine_will_do(clock) -> None:
    with SandboxServer("0.0.0.0", 0, data=None, token=TOKEN, now=clock) as server:  # noqa: S104 - what is tested
        headers = {"Host": "testbench.office.example"}
        assert requests.get(f"http://127.0.0.1:{server.port}/", headers=headers, timeout=5).status_code == 200
