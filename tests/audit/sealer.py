"""A process that seals, to be killed."""

from collections.abc import Callable
from datetime import UTC, datetime
from multiprocessing import get_context

from mikroserwis.db import Database, make_engine
from mikroserwis.seals.sealing import seal

context = get_context("forkserver")
context.set_forkserver_preload(["tests.audit.sealer"])


def run(url: str, begins: Callable[[], None], is_done: Callable[[], None]) -> None:
    """Seal all there is, and tell when that begins and when it is done."""
    database = Database(make_engine(url, pool_size=2))
    begins()
    while seal(database, datetime.now(UTC)) is not None:
        pass
    is_done()
