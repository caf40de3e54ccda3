"""Fails a test whose own process reaches for another machine, even where the code under test swallows the error.

An audit hook sees every connection of Python code, and nothing is patched. It sees neither libpq nor child processes.
"""

import ipaddress
import sys
from collections.abc import Iterator
from typing import Any

import pytest

_attempts: list[str] = []


class ReachedOut(OSError):
    """A test tried to connect to, or to look up, another machine."""


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "socket.getaddrinfo":
        host = arguments[0]
    elif event in {"socket.connect", "socket.sendto", "socket.sendmsg"} and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    else:
        return
    if not _is_here(host):
        _attempts.append(f"{event} {host}")
        raise ReachedOut(f"a test may only talk to this machine, not to {host}")


def _is_here(host: str | bytes | None) -> bool:
    name = host.decode() if isinstance(host, bytes) else host
    if name in {None, "", "localhost"}:
        return True
    try:
        address = ipaddress.ip_address(str(name))
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


sys.addaudithook(_watch)


@pytest.fixture(autouse=True)
def socket_guard() -> Iterator[list[str]]:
    """Yields what this test tried to reach, for tests of the guard itself; whatever is left in it fails the test."""
    _attempts.clear()
    yield _attempts
    if _attempts:
        pytest.fail("The test reached for another machine: " + ", ".join(_attempts), pytrace=False)
