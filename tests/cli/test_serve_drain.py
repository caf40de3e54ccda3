"""The embedded web server ends in good order."""

import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
import requests

from mikroserwis.serve import PortTaken, Server, listen

StartResponse = Callable[..., Any]


class SlowApp:
    """Answers when the test lets it, so that a stop can come in the middle."""

    def __init__(self) -> None:
        self.entered = threading.Event()
        self.may_answer = threading.Event()

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"] == "/slow":
            self.entered.set()
            self.may_answer.wait(20)
        body = environ["wsgi.input"].read() or b"x" * 300_000
        start_response("200 OK", [("Content-Length", str(len(body))), ("Content-Type", "text/plain")])
        return [body]


class Site:
    def __init__(self, drain_seconds: float = 10) -> None:
        self.app = SlowApp()
        listener = listen("127.0.0.1", 0)
        self.port: int = listener.getsockname()[1]
        self.server = Server(self.app, listener, limit=1_000_000, behind_proxy=False)
        self.drained: list[bool] = []
        self.thread = threading.Thread(target=lambda: self.drained.append(self.server.run(drain_seconds)))
        self.thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@pytest.fixture
def sites() -> Iterator[Callable[..., Site]]:
    opened: list[Site] = []

    def open_site(**options: Any) -> Site:
        opened.append(Site(**options))
        return opened[-1]

    yield open_site
    for site in opened:
        site.server.stop()
        site.app.may_answer.set()
        site.thread.join()


def test_a_request_under_way_is_answered_after_the_stop(sites: Callable[..., Site]):
    site = sites()
    answers: list[requests.Response] = []
    asking = threading.Thread(target=lambda: answers.append(requests.get(f"{site.url}/slow", timeout=20)))
    asking.start()
    assert site.app.entered.wait(10)
    site.server.stop()
    site.app.may_answer.set()
    asking.join()
    site.thread.join()
    assert (answers[0].status_code, len(answers[0].content)) == (200, 300_000)
    assert site.drained == [True]


def test_a_body_that_is_still_coming_in_is_waited_for(sites: Callable[..., Site]):
    site = sites()
    with socket.create_connection(("127.0.0.1", site.port)) as peer:
        peer.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\nConnection: close\r\n\r\n12345")
        assert requests.get(site.url, timeout=10).ok
        site.server.stop()
        peer.sendall(b"67890")
        answer = b"".join(iter(lambda: peer.recv(4096), b""))
    site.thread.join()
    assert answer.startswith(b"HTTP/1.1 200")
    assert answer.endswith(b"1234567890")


def test_an_idle_connection_does_not_hold_the_end_up(sites: Callable[..., Site]):
    site = sites()
    with requests.Session() as session:
        assert session.get(site.url, timeout=10).ok
        site.server.stop()
        site.thread.join(5)
    assert site.drained == [True]


def test_after_the_stop_nobody_new_is_let_in(sites: Callable[..., Site]):
    site = sites()
    site.server.stop()
    site.thread.join()
    with pytest.raises(requests.ConnectionError):
        requests.get(site.url, timeout=5)


def test_a_request_that_never_ends_is_cut_off(sites: Callable[..., Site]):
    site = sites(drain_seconds=0.3)
    asking = threading.Thread(target=lambda: _ignore(f"{site.url}/slow"))
    asking.start()
    assert site.app.entered.wait(10)
    site.server.stop()
    site.thread.join(10)
    assert site.drained == [False]
    site.app.may_answer.set()
    asking.join()


def _ignore(url: str) -> None:
    try:
        requests.get(url, timeout=20)
    except requests.RequestException:
        return


def test_a_port_in_use_is_told_apart_from_other_trouble():
    with listen("127.0.0.1", 0) as taken, pytest.raises(PortTaken) as error:
        listen("127.0.0.1", taken.getsockname()[1])
    assert str(error.value.port) in str(error.value)
