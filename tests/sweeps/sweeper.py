"""A scheduler that sweeps, in a process of its own, to be killed."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from multiprocessing import get_context

from sqlalchemy import text

from backoffice_client import BackofficeClient
from config import Settings
from mikroserwis.access import SYSTEM
from mikroserwis.db import Database, make_engine
from mikroserwis.edge import Parts
from mikroserwis.storage import LocalStore
from mikroserwis.sweeps import ledger
from mikroserwis.sweeps.ledger import Daily
from mikroserwis.sweeps.nightly import Sweep

# Everything above is imported once in a process that then forks: a worker starts in milliseconds.
context = get_context("forkserver")
context.set_forkserver_preload(["tests.sweeps.sweeper"])

AT_ONCE = 5
# So short that a run whose process was killed is taken over by another within the test.
LEASE = timedelta(milliseconds=300)
JOB = Daily("sweep", time(0, 15), lambda parts, run: Sweep(parts, run, at_once=AT_ONCE).go(), lease=LEASE)


def clock() -> datetime:
    return datetime.now(UTC)


def run(settings: Settings, by_hand: bool, begins: Callable[[], None]) -> None:
    """Offer the night's run and what people have asked for, again and again; `by_hand`: sweep beside it, too."""
    parts = Parts(
        settings=settings,
        database=Database(make_engine(settings.database, pool_size=2)),
        store=LocalStore(settings.data / "files"),
        backoffice=BackofficeClient(settings.backoffice_url, "sandbox", timeout=(1, 2), deadline=3, retries=0),
    )
    with parts.database.reading() as session:
        session.execute(text("SELECT 1"))
    begins()
    if by_hand:
        ledger.do_now(parts, JOB, clock, actor=SYSTEM)
    while True:
        work(parts)


def work(parts: Parts) -> bool:
    """Whether there was something to do."""
    offered = ledger.offer(parts, JOB, clock)
    return ledger.do_asked(parts, clock, {"sweep": JOB}) or offered
