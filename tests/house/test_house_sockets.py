"""The guard that keeps tests on this machine."""

import socket
from http.client import HTTPConnection

import pytest

from tests.support.sockets import ReachedOut


@pytest.mark.parametrize("host", ["192.0.2.1", "10.0.0.1", "2001:db8::1", "backoffice.example"])
def test_a_connection_to_another_machine_is_refused_and_remembered(socket_guard: list[str], host: str):
    with pytest.raises(ReachedOut, match=host):
        HTTPConnection(host, 80, timeout=1).connect()
    assert host in socket_guard.pop()
    assert not socket_guard


def test_a_datagram_to_another_machine_is_refused_and_remembered(socket_guard: list[str]):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender, pytest.raises(ReachedOut):
        sender.sendto(b"?", ("192.0.2.1", 53))
    assert socket_guard.pop() == "socket.sendto 192.0.2.1"


def test_this_machine_may_be_reached(socket_guard: list[str]):
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = server.getsockname()
        socket.create_connection(("localhost", address[1]), timeout=5).close()
    assert socket_guard == []
