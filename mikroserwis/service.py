"""One process that is the whole service: web server, and the scheduler as threads beside it."""

import signal
import socket
import threading
from collections.abc import Callable

import structlog
from flask import Flask

from config import Settings
from config.settings import PREFIX
from mikroserwis import migrate, scheduler, storage
from mikroserwis.app import create_app, make_parts
from mikroserwis.edge import Parts
from mikroserwis.serve import Server, settle
from mikroserwis.storage import StorageRefused, StorageUnavailable

log = structlog.get_logger()


class Unready(Exception):
    """Why the service can't be started with these settings, in words for whoever set them."""


class NotMigrated(Unready):
    """The database has an older schema, and it isn't the embedded one that is brought up by itself."""

    def __init__(self) -> None:
        super().__init__("The database has an older schema. Run: mikroserwis migrate")


def application(settings: Settings) -> Flask:
    """For a WSGI server of somebody's own. Raises Unready."""
    parts = ready_parts(settings)
    require_shared(settings, alone=False)
    return create_app(settings, parts)


def require_shared(settings: Settings, *, alone: bool) -> None:
    """What several processes need in common, and the bucket if one is set. Raises Unready.

    `alone`: this process does everything, so it is likely to be the only one. A storage service that is away for the
    moment is no reason not to start: whatever needs no file goes on.
    """
    is_postgres = not settings.database.startswith("sqlite")
    if settings.s3_bucket and is_postgres and not settings.secret_key.get_secret_value():
        raise Unready(
            f"Processes that share a database and a bucket need one secret key: set {PREFIX}SECRET_KEY. "
            "Each would make its own, and a sign-in at one would be none at the others."
        )
    if is_postgres and not alone and not settings.s3_bucket:
        log.warning("files and the secret key lie in a folder that every process needs", folder=str(settings.data))
    if is_postgres and settings.s3_bucket and not settings.smtp_url:
        log.warning("mails are not sent but written to a folder of this machine alone", folder=str(settings.data))
    if is_postgres and settings.s3_bucket and not settings.sms_url:
        log.info("SMS are not sent but written to a folder of this machine alone", folder=str(settings.data))
    try:
        storage.require_bucket(settings)
    except StorageRefused as error:
        raise Unready(f"The bucket {settings.s3_bucket} can't be used: {error}") from error
    except StorageUnavailable as error:
        log.warning("the files can't be reached", error=str(error))


def ready_parts(settings: Settings) -> Parts:
    """The parts over a database of the newest schema: the embedded one is migrated. Raises NotMigrated."""
    parts = make_parts(settings)
    if not settings.database_url:
        migrate.upgrade(parts.database.engine)
    elif not migrate.is_current(parts.database.engine):
        raise NotMigrated
    return parts


def serve(parts: Parts, listener: socket.socket, *, with_scheduler: bool, ready: Callable[[], None]) -> None:
    """Until SIGTERM or Ctrl-C: then requests under way are answered and deliveries under way are finished.

    Raises Unready.
    """
    settings = parts.settings
    require_shared(settings, alone=with_scheduler)
    app = create_app(settings, parts)
    server = Server(app, listener, limit=settings.upload_limit + 2_000_000, behind_proxy=settings.proxies > 0)
    on_signal(server.stop)
    handle = scheduler.start(parts) if with_scheduler else None
    settle()
    try:
        ready()
        if not server.run():
            log.warning("requests were cut off")
    finally:
        stop(handle)


def run_scheduler(parts: Parts, ready: Callable[[], None]) -> None:
    """Until SIGTERM or Ctrl-C. Raises Unready."""
    require_shared(parts.settings, alone=False)
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
