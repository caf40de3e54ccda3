"""One process that is the whole service: web server, and the scheduler as threads beside it."""

import signal
import socket
import threading
from collections.abc import Callable

import structlog

from config import Settings
from mikroserwis import migrate, scheduler
from mikroserwis.app import create_app, make_parts
from mikroserwis.edge import Parts
from mikroserwis.serve import Server

log = structlog.get_logger()


class NotMigrated(Exception):
    """The database has an older schema, and it isn't the embedded one that is brought up by itself."""


def ready_parts(settings: Settings) -> Parts:
    """The parts over a database of the newest schema: the embedded one is migrated. Raises NotMigrated."""
    parts = make_parts(settings)
    if not settings.database_url:
        migrate.upgrade(parts.database.engine)
    elif not migrate.is_current(parts.database.engine):
        raise NotMigrated
    return parts


def serve(parts: Parts, listener: socket.socket, *, with_scheduler: bool, ready: Callable[[], None]) -> None:
    """Until SIGTERM or Ctrl-C: then requests under way are answered and deliveries under way are finished."""
    settings = parts.settings
    app = create_app(settings, parts)
    server = Server(app, listener, limit=settings.upload_limit + 2_000_000, behind_proxy=settings.proxies > 0)
    on_signal(server.stop)
    handle = scheduler.start(parts) if with_scheduler else None
    try:
        ready()
        if not server.run():
            log.warning("requests were cut off")
    finally:
        stop(handle)


def run_scheduler(parts: Parts, ready: Callable[[], None]) -> None:
    """Until SIGTERM or Ctrl-C."""
    ended = threading.Event()
    on_signal(ended.set)
    handle = scheduler.start(parts)
    try:
        ready()
        ended.wait()
    finally:
        stop(handle)


def stop(handle: scheduler.Handle | None) -> None:
    if handle is not None and not handle.stop():
        log.warning("a delivery was cut off; it will be done again")


def on_signal(act: Callable[[], object]) -> None:
    """SIGTERM and Ctrl-C ask once in good order; the second time they end the process at once."""

    def handle(number: int, _frame: object) -> None:
        for each in (signal.SIGTERM, signal.SIGINT):
            signal.signal(each, signal.SIG_DFL)
        log.debug("stopping", signal=number)
        act()

    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, handle)
