"""A message to a webhook over the network, guarded: only to addresses that are allowed, and never for long.

The name is looked up once and the connection goes to an address that was checked: a name that leads elsewhere a moment
later (rebinding) leads nowhere. Redirects aren't followed, no proxy of the environment is asked, and of an answer only
its beginning is read.
"""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPException
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, SSLError

from mikroserwis.clients import addresses
from mikroserwis.clients.addresses import Address

# Seconds for each step of connecting, and for all that follows.
CONNECT = 5.0
ANSWER = 10.0
# Of an answer's body, in bytes.
READ = 2048
_TRIED = 2
Resolve = Callable[[str, int], Sequence[str]]


@dataclass(frozen=True)
class Reply:
    """`text` begins the answer's body."""

    status: int
    text: str


class Unsent(Exception):
    """No answer came; `code`: unknown_host, private_address, needs_https, unreachable, tls, timeout or broken."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}")
        self.code, self.detail = code, detail[:500]


@dataclass(frozen=True)
class Sender:
    """`networks` are the private ones that may be sent to; `connect` and `answer` are seconds."""

    networks: str
    connect: float = CONNECT
    answer: float = ANSWER
    resolve: Resolve | None = None

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Reply:
        """Raises Unsent."""
        parts = urlsplit(url)
        host, is_safe = parts.hostname or "", parts.scheme == "https"
        port = parts.port or (443 if is_safe else 80)
        path = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
        connection = self._connected(host, port, is_safe=is_safe)
        named = {**headers, "Host": parts.netloc, "Connection": "close", "Accept-Encoding": "identity"}
        with _bounded(connection, self.answer):
            return _exchanged(connection, path, body, named, self.answer)

    def _connected(self, host: str, port: int, *, is_safe: bool) -> HTTPConnection:
        found = self._checked(host, port, is_safe=is_safe)
        for left, address in reversed(list(enumerate(reversed(found)))):
            connection = self._connection(str(address), host, port, is_safe=is_safe)
            try:
                connection.connect()
            except (ssl.SSLError, SSLError, ValueError) as error:  # the name isn't the certificate's: a ValueError
                connection.close()
                raise Unsent("tls", str(error)) from error
            except (HTTPError, OSError) as error:
                connection.close()
                if not left:
                    raise Unsent("unreachable", str(error)) from error
            else:
                return connection
        raise Unsent("unknown_host", host)

    def _connection(self, address: str, host: str, port: int, *, is_safe: bool) -> HTTPConnection:
        if not is_safe:
            return HTTPConnection(address, port, timeout=self.connect)
        # Vouched for by whom the machine trusts; SSL_CERT_FILE names others.
        named: dict[str, Any] = {"server_hostname": host, "assert_hostname": host, "cert_reqs": "CERT_REQUIRED"}
        return HTTPSConnection(address, port, timeout=self.connect, **named)

    def _checked(self, host: str, port: int, *, is_safe: bool) -> list[Address]:
        """Where the name leads. One forbidden address among them is enough to send nothing."""
        try:
            found = [ip_address(one.partition("%")[0]) for one in (self.resolve or _looked_up)(host, port)]
        except (OSError, ValueError, UnicodeError) as error:
            raise Unsent("unknown_host", str(error)) from error
        private = addresses.networks(self.networks)
        for one in found:
            if not addresses.is_allowed(one, private):
                raise Unsent("private_address", f"{host}: {one}")
            # Without encryption only within the house.
            if not is_safe and not addresses.is_within(one, private):
                raise Unsent("needs_https", f"{host}: {one}")
        return found[:_TRIED]


def _looked_up(host: str, port: int) -> list[str]:
    rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(row[4][0]) for row in rows))


@contextmanager
def _bounded(connection: HTTPConnection, seconds: float) -> Iterator[None]:
    """However slowly the answer drips, the connection is cut off after so many seconds."""
    waiting = connection.sock
    if waiting is not None:
        waiting.settimeout(seconds)
    timer = threading.Timer(seconds, _cut, [waiting])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        connection.close()


def _cut(waiting: Any) -> None:
    with suppress(OSError, AttributeError):
        waiting.shutdown(socket.SHUT_RDWR)


def _exchanged(connection: HTTPConnection, path: str, body: bytes, headers: Mapping[str, str], seconds: float) -> Reply:
    begun = time.monotonic()
    try:
        connection.request("POST", path, body, headers, preload_content=False, decode_content=False)
        response = connection.getresponse()
    except TimeoutError as error:
        raise Unsent("timeout", str(error)) from error
    except (HTTPError, HTTPException, OSError, ValueError) as error:
        is_slow = time.monotonic() - begun >= seconds
        raise Unsent("timeout" if is_slow else "broken", repr(error)) from error
    text = b""
    with suppress(HTTPError, HTTPException, OSError, ValueError):
        text = response.read(READ, decode_content=False)
    return Reply(response.status, text[:READ].decode("utf-8", "replace"))
