"""A maker of exports in a process of its own, to be killed."""

import os
import signal
from datetime import UTC, datetime, timedelta
from itertools import count
from multiprocessing import get_context

from backoffice_client import BackofficeClient
from config import Settings
from mikroserwis.db import Database, make_engine
from mikroserwis.edge import Parts
from mikroserwis.i18n import catalogue
from mikroserwis.storage import LocalStore
from mikroserwis.sweeps import list_exports

# Read once, in the process that then forks.
catalogue("pl")
context = get_context("forkserver")
context.set_forkserver_preload(["tests.sweeps.export_worker"])


def run(settings: Settings, hours: int, looks: int) -> None:
    """Make every export that waits so many hours from now; killed when it looks at its clock for the n-th time."""
    parts = Parts(
        settings=settings,
        database=Database(make_engine(settings.database, pool_size=2)),
        store=LocalStore(settings.data / "files"),
        backoffice=BackofficeClient(settings.backoffice_url, "sandbox", timeout=(1, 2), deadline=3, retries=0),
    )
    left = count(looks, -1)

    def now() -> datetime:
        if next(left) == 1:
            os.kill(os.getpid(), signal.SIGKILL)
        return datetime.now(UTC) + timedelta(hours=hours)

    while list_exports.work(parts, now):
        pass
