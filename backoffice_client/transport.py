"""One HTTP request with hard limits on time and size. Retries and meaning are the client's."""

import socket
import threading
from collections.abc import Mapping
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass
from types import TracebackType
from typing import Any, BinaryIO

import requests
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError, ReadTimeoutError
from urllib3.response import BaseHTTPResponse

from backoffice_client.errors import BackofficeError

LARGEST_ANSWER = 1024 * 1024
CHUNK = 64 * 1024


@dataclass(frozen=True)
class Call:
    """`subject` is the id it is about. `body`: whole in memory, or a seekable file sent from `start` to its end."""

    method: str
    subject: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes | BinaryIO | None
    start: int = 0


@dataclass(frozen=True)
class Reply:
    status: int
    body: bytes
    retry_after: str | None


class Bearer(AuthBase):
    def __init__(self, token: str) -> None:
        # A broken token would otherwise surface, spelled out, in the HTTP library's message.
        if not (token.isascii() and token.isprintable() and token and " " not in token):
            raise ValueError("the token must be printable ASCII without spaces")
        self._header = f"Bearer {token}"

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = self._header
        return request


class Watchdog:
    """Cuts the connection when the time is up.

    The socket's own timeouts start anew with every byte, so a peer that drips bytes would hold us for ever.
    """

    def __init__(self, seconds: float) -> None:
        self.has_bitten = False
        self._socket: socket.socket | None = None
        self._timer = threading.Timer(seconds, self._bite)
        self._timer.daemon = True

    def __enter__(self) -> "Watchdog":
        self._outer = _on_guard.set(self)
        self._timer.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._timer.cancel()
        _on_guard.reset(self._outer)

    def guard(self, connected: socket.socket) -> None:
        """The socket, not its connection: that one lets go of it as soon as the headers have come."""
        self._socket = connected
        if self.has_bitten:
            self._bite()

    def _bite(self) -> None:
        self.has_bitten = True
        if self._socket is not None:
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)


_on_guard: ContextVar[Watchdog] = ContextVar("_on_guard")


class _Connection(HTTPConnection):
    def connect(self) -> None:
        super().connect()
        _on_guard.get().guard(self.sock)


class _SecureConnection(HTTPSConnection):
    def connect(self) -> None:
        super().connect()
        _on_guard.get().guard(self.sock)


class _Pool(HTTPConnectionPool):
    """Keeps no connection, whatever the other side says of it: the next call could meet one that is being closed."""

    ConnectionCls: Any = _Connection

    def _put_conn(self, conn: Any) -> None:
        if conn is not None:
            conn.close()
        super()._put_conn(None)


class _SecurePool(_Pool, HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


class GuardedAdapter(HTTPAdapter):
    """Shows each connection to the watchdog, and hides where a redirect points so that nothing can follow it."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}

    def build_response(self, req: requests.PreparedRequest, resp: BaseHTTPResponse) -> requests.Response:
        response = super().build_response(req, resp)
        response.headers.pop("Location", None)
        return response


class Transport:
    def __init__(
        self, base_url: str, token: str, timeout: tuple[float, float], session: requests.Session | None
    ) -> None:
        self._base_url = base_url
        self._auth = Bearer(token)
        self._timeout = timeout
        self._session = session or _plain_session()
        self._session.mount(f"{base_url}/", GuardedAdapter())

    def send(self, call: Call, seconds: float) -> Reply:
        """Send once and read the whole answer within `seconds`.

        Raises a temporary `BackofficeError`: unreachable, timeout, or bad_answer for more than `LARGEST_ANSWER` bytes.
        """
        with Watchdog(seconds) as watchdog:
            try:
                reply = self._exchange(call, seconds)
            except (requests.Timeout, ReadTimeoutError):
                raise _temporary("timeout", call) from None
            except (requests.RequestException, HTTPError):
                raise _temporary("timeout" if watchdog.has_bitten else "unreachable", call) from None
        if watchdog.has_bitten:
            raise _temporary("timeout", call)
        if len(reply.body) > LARGEST_ANSWER:
            raise _temporary("bad_answer", call)
        return reply

    def _exchange(self, call: Call, seconds: float) -> Reply:
        if call.body is not None and not isinstance(call.body, bytes):
            call.body.seek(call.start)
        with self._session.request(
            call.method,
            self._base_url + call.path,
            params=call.query,
            # A connection of our own each time: never one that the other side has silently closed in between.
            headers={"Accept": "application/json", "Accept-Encoding": "identity", "Connection": "close"}
            | dict(call.headers),
            data=call.body,
            auth=self._auth,
            timeout=(min(self._timeout[0], seconds), min(self._timeout[1], seconds)),
            allow_redirects=False,
            stream=True,
        ) as response:
            body = bytearray()
            for chunk in response.raw.stream(CHUNK, decode_content=False):
                body += chunk
                if len(body) > LARGEST_ANSWER:
                    break
            return Reply(response.status_code, bytes(body), response.headers.get("Retry-After"))


def _plain_session() -> requests.Session:
    session = requests.Session()
    # Neither proxies nor a .netrc of the machine: what is used is what was passed in.
    session.trust_env = False
    return session


def _temporary(code: str, call: Call) -> BackofficeError:
    what = {
        "timeout": "no whole answer in time",
        "unreachable": "no connection, or it broke",
        "bad_answer": f"more than {LARGEST_ANSWER} bytes",
    }[code]
    return BackofficeError(code, f"{call.method} {call.path}: {what}", permanent=False)
