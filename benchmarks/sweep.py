"""The nightly sweep, beside one set-based UPDATE and INSERT into the history, in turns on the same database."""

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import bindparam, text

from benchmarks.data import plant
from benchmarks.measure import Figure, report
from config import Settings
from mikroserwis.access import SYSTEM
from mikroserwis.app import make_parts
from mikroserwis.db import Database, Moment
from mikroserwis.edge import Parts
from mikroserwis.sweeps import ledger
from mikroserwis.sweeps.nightly import AT_ONCE
from mikroserwis.sweeps.schedule import DAILY
from tests.support.postgres_server import running_server

OPEN, BREACHED, MANY = 100_000, 10_000, 1_000_000
SHARES = (20, 30, 50, 0, 0)
LIMITS = {"sqlite": 1 / 5, "postgresql": 1 / 9}
ASKED, IDLE_LIMIT_MS = 5_000, 50
ROUNDS = 3

# All dealers move on by one: the least that a sweep could be.
BARE = (
    "INSERT INTO history (at, actor, source, address, verb, ticket_id, changes, data) SELECT :now, 'Mikroserwis', "
    "'system', '', 'reassign', id, '{}', '{}' FROM tickets WHERE due_at <= :now",
    "UPDATE tickets SET state = 'new', stage = 'take', dealer_id = dealer_id % 400 + 1, due_at = :due, warn_at = :due, "
    "next_warning_at = :due, version = version + 1 WHERE due_at <= :now",
)


def run() -> list[Figure]:
    """Medians of some turns each, on both databases."""
    return [figure for backend in LIMITS for part in (_much, _nothing) for figure in part(backend)]


def _much(backend: str) -> list[Figure]:
    with _parts(backend, OPEN) as parts:
        bare, swept = _compare(parts)
    limit = LIMITS[backend]
    return report(
        f"sweep on {backend}: {BREACHED:,} breaches out of {OPEN:,} open tickets, {AT_ONCE} in a transaction",
        [
            Figure(name=f"bare UPDATE + INSERT, {backend}", said=f"{bare:,.0f}/s", value=bare),
            Figure(
                name=f"sweep, {backend}",
                said=f"{swept:,.0f}/s",
                value=swept / bare,
                limit=limit,
                at_least=True,
                against=f"1/{bare / swept:.1f} of the bare one (asked for: 1/{1 / limit:.0f}, about {ASKED:,}/s)",
            ),
        ],
    )


def _nothing(backend: str) -> list[Figure]:
    with _parts(backend, MANY) as parts:
        idle = statistics.median(_timed(lambda: _sweep(parts)) for _ in range(5)) * 1000
    return report(
        f"sweep on {backend}: nothing to do among {MANY:,} tickets",
        [
            Figure(
                name=f"nothing to do among {MANY:,}, {backend}",
                said=f"{idle:.1f} ms",
                value=idle,
                limit=IDLE_LIMIT_MS,
                against=f"asked for: {IDLE_LIMIT_MS} ms",
            )
        ],
    )


def _compare(parts: Parts) -> tuple[float, float]:
    """Tickets a second: the bare statements, and the sweep."""
    times: dict[str, list[float]] = {"bare": [], "swept": []}
    for number in range(ROUNDS):
        for name, act in (("bare", lambda: _bare(parts.database)), ("swept", lambda: _sweep(parts))):
            _breach(parts.database, number)
            times[name].append(_timed(act))
    bare, swept = (BREACHED / statistics.median(taken) for taken in times.values())
    return bare, swept


def _breach(database: Database, number: int) -> None:
    """Another ten thousand deadlines are over, all at the same midnight, as they are."""
    over = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    every = OPEN // BREACHED
    _run(database, (f"UPDATE tickets SET due_at = :now WHERE id % {every} = {number % every}",), now=over)  # noqa: S608
    _run(database, ("ANALYZE",))


def _bare(database: Database) -> None:
    now = datetime.now(UTC)
    _run(database, BARE, now=now, due=now + timedelta(days=4))


def _sweep(parts: Parts) -> None:
    job = next(job for job in DAILY if job.name == "sweep")
    ledger.do_now(parts, job, lambda: datetime.now(UTC), actor=SYSTEM)


def _run(database: Database, statements: tuple[str, ...], **moments: datetime) -> None:
    with database.transaction() as session:
        for one in statements:
            named = {name: at for name, at in moments.items() if f":{name}" in one}
            session.execute(text(one).bindparams(*(bindparam(name, type_=Moment()) for name in named)), named)


def _timed(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


@contextmanager
def _parts(backend: str, tickets: int) -> Iterator[Parts]:
    """The service's parts over a database of open tickets of which none is due."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        url = ""
        if backend == "postgresql":
            server = stack.enter_context(running_server())
            url = server.url(stack.enter_context(server.database()))
        settings = Settings(data=Path(folder), database_url=url)
        database = plant(settings.database, tickets, SHARES)
        ahead = datetime.now(UTC) + timedelta(days=3)
        _run(database, ("UPDATE tickets SET due_at = :ahead WHERE due_at IS NOT NULL",), ahead=ahead)
        _run(database, ("ANALYZE",))
        yield make_parts(settings)
        database.engine.dispose()
