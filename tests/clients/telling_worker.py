"""A worker that tells programs, in a process of its own, to be killed."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context

from sqlalchemy import text

from backoffice_client import BackofficeClient
from config import Settings
from mikroserwis.db import Database, make_engine
from mikroserwis.edge import Parts
from mikroserwis.storage import LocalStore
from mikroserwis.sweeps import webhooks
from mikroserwis.sweeps.deliver import deliver_due

# Everything above is imported once in a process that then forks: a worker starts in milliseconds.
context = get_context("forkserver")
context.set_forkserver_preload(["tests.clients.telling_worker"])


def run(settings: Settings, hours: int, begins: Callable[[], None], is_done: Callable[[], None]) -> None:
    """Derive and send whatever there is so many hours from now, and tell when that begins and when it is done."""
    parts = Parts(
        settings=settings,
        database=Database(make_engine(settings.database, pool_size=2), base_url=settings.base_url),
        store=LocalStore(settings.data / "files"),
        backoffice=BackofficeClient(settings.backoffice_url, "sandbox", timeout=(1, 2), deadline=3, retries=0),
    )

    def now() -> datetime:
        return datetime.now(UTC) + timedelta(hours=hours)

    with parts.database.reading() as session:
        session.execute(text("SELECT 1"))
    begins()
    while webhooks.derive(parts, now) or deliver_due(parts, now, limit=10, only=webhooks.TOPIC).tried:
        pass
    is_done()
