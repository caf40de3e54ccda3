"""A worker in a process of its own, to be killed."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context

from sqlalchemy import text

from backoffice_client import BackofficeClient
from config import Settings
from mikroserwis.db import Database, make_engine
from mikroserwis.edge import Parts
from mikroserwis.storage import LocalStore
from mikroserwis.sweeps.deliver import deliver_due

# Everything above is imported once in a process that then forks: a worker starts in milliseconds.
context = get_context("forkserver")
context.set_forkserver_preload(["tests.sweeps.worker"])


def run(settings: Settings, hours: int, begins: Callable[[], None], is_done: Callable[[], None]) -> None:
    """Deliver everything that is due so many hours from now, and tell when that begins and when it is done."""
    parts = Parts(
        settings=settings,
        database=Database(make_engine(settings.database, pool_size=2)),
        store=LocalStore(settings.data / "files"),
        backoffice=BackofficeClient(settings.backoffice_url, "sandbox", timeout=(1, 2), deadline=3, retries=0),
    )
    with parts.database.reading() as session:
        session.execute(text("SELECT 1"))
    begins()
    while deliver_due(parts, lambda: datetime.now(UTC) + timedelta(hours=hours), limit=10).tried:
        pass
    is_done()
