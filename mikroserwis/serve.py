"""The web server of the embedded default: waitress, which ends only when every request under way has been answered."""

import errno
import gc
import socket
import threading
import time
from collections.abc import Callable
from typing import Any

from waitress import wasyncore
from waitress.server import create_server

THREADS = 8
DRAIN_SECONDS = 10.0
BACKLOG = 256


# A page makes some ten thousand objects and leaves no circles behind.
COLLECT_AFTER = 20_000


class PortTaken(Exception):
    """Somebody else listens there; `host` and `port` say where."""

    def __init__(self, host: str, port: int) -> None:
        super().__init__(f"{host}:{port} is in use by another program")
        self.host = host
        self.port = port


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 is any free one. Raises PortTaken, or OSError for an address that isn't ours."""
    try:
        return socket.create_server((host, port), family=_family(host), backlog=BACKLOG)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise PortTaken(host, port) from error
        raise


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def settle() -> None:
    """For a process that is about to serve: what was made by now stays, and garbage is looked for once in a few pages.

    With Python's own pace every eighth part of a page's time would go into looking.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER, 20, 20)


class Server:
    """Serves `app` on a listening socket. `behind_proxy`: keep the headers that a trusted proxy has set."""

    def __init__(self, app: Callable[..., Any], listener: socket.socket, *, limit: int, behind_proxy: bool) -> None:
        self._server = create_server(
            app,
            sockets=[listener],
            threads=THREADS,
            ident=None,
            max_request_body_size=limit,
            clear_untrusted_proxy_headers=not behind_proxy,
        )
        self._stopping = threading.Event()

    def stop(self) -> None:
        """Accept nothing more; `run` returns when what is under way is done. For signal handlers and other threads."""
        if self._stopping.is_set():
            return
        self._stopping.set()
        self._server.trigger.pull_trigger()

    def run(self, drain_seconds: float = DRAIN_SECONDS) -> bool:
        """Serve until `stop`. False if a request was still under way after `drain_seconds`."""
        while not self._stopping.is_set():
            self._turn()
        self._refuse_new()
        end = time.monotonic() + drain_seconds
        while self._busy() and time.monotonic() < end:
            self._turn(0.1)
        is_drained = not self._busy()
        self._server.task_dispatcher.shutdown(timeout=0 if not is_drained else 1)
        wasyncore.close_all(self._server._map)
        return is_drained

    def _turn(self, seconds: float = 1.0) -> None:
        wasyncore.loop(timeout=seconds, use_poll=True, map=self._server._map, count=1)

    def _refuse_new(self) -> None:
        """The listening socket goes; connections without a request would wait in vain."""
        self._server.accepting = False
        self._server.del_channel()
        self._server.socket.close()

    def _busy(self) -> bool:
        """Requests that are being read, answered or sent."""
        return any(
            channel.requests or channel.request is not None or channel.total_outbufs_len
            for channel in list(self._server.active_channels.values())
        )
