"""The scheduler's part in warnings and news in a process of its own, to be killed."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context

from sqlalchemy import text

from config import Settings
from mikroserwis.app import make_parts
from mikroserwis.sweeps import tell, warn

# Everything above is imported once in a process that then forks: one starts in milliseconds.
context = get_context("forkserver")
context.set_forkserver_preload(["tests.news.teller"])


def run(settings: Settings, hours: int, begins: Callable[[], None]) -> None:
    """Warn of everything that is near so many hours from now, and tell everything; tell when that begins."""
    parts = make_parts(settings)
    with parts.database.reading() as session:
        session.execute(text("SELECT 1"))
    begins()
    for further in (hours, hours + 1):
        moment = datetime.now(UTC) + timedelta(hours=further)
        warn.work(parts, lambda moment=moment: moment)  # type: ignore[misc]
        tell.work(parts, lambda moment=moment: moment)  # type: ignore[misc]
