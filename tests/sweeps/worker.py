"""A worker in a process of its own, to be killed."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path

from backoffice_client import BackofficeClient
from config import Settings
from mikroserwis.db import Database, make_engine
from mikroserwis.edge import Parts
from mikroserwis.storage import LocalStore
from mikroserwis.sweeps.deliver import deliver_due

# Everything above is imported once in a process that then forks: a worker starts in milliseconds.
context = get_context("forkserver")
context.set_forkserver_preload(["tests.sweeps.worker"])


def run(data: Path, database_url: str, backoffice_url: str, hours: int, is_done: "Callable[[], None]") -> None:
    """Deliver everything that is due so many hours from now, then say so."""
    settings = Settings(data=data, database_url=database_url, backoffice_url=backoffice_url)
    parts = Parts(
        settings=settings,
        database=Database(make_engine(settings.database, pool_size=2)),
        store=LocalStore(data / "files"),
        backoffice=BackofficeClient(backoffice_url, "sandbox", timeout=(1, 2), deadline=3, retries=0),
    )
    while deliver_due(parts, lambda: datetime.now(UTC) + timedelta(hours=hours), limit=10).tried:
        pass
    is_done()
