"""Eight people who ask for the list at once, as quickly as they are answered; and the memory of all processes."""

import statistics
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from benchmarks.data import plant
from benchmarks.measure import Figure, report
from benchmarks.pages import LISTS, TICKETS
from benchmarks.serving import Caller, Served, resident, serving
from config import Settings

CLIENTS, SECONDS = 8, 6
RATE, P95_MS, MEMORY_MB = 300, 50, 150
# As nobody: what one process of this server can do at all.
BARE = ("", "/bare/list")


def run() -> list[Figure]:
    """One server process as `mikroserwis serve` starts it; the clients have a process of their own."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data=Path(folder), base_url="http://127.0.0.1")
        plant(settings.database, TICKETS).engine.dispose()
        with serving(settings) as served:
            with get_context("spawn").Pool(1) as pool:
                bare = pool.apply(crowd, (served, [BARE], CLIENTS, SECONDS))
                times = pool.apply(crowd, (served, list(LISTS.values()), CLIENTS, SECONDS))
            memory = resident(served.pid)
    rate, p95 = len(times) / SECONDS, _p95(times)
    return report(
        f"{CLIENTS} clients on the list of {TICKETS:,} tickets, {SECONDS} s",
        [
            Figure(
                name="answers a second",
                said=f"{rate:.0f}/s",
                value=rate,
                limit=RATE,
                at_least=True,
                against=f"asked for: {RATE}/s; the bare route: {len(bare) / SECONDS:.0f}/s",
            ),
            Figure(
                name="p95",
                said=f"{p95:.1f} ms",
                value=p95,
                limit=P95_MS,
                against=f"asked for: {P95_MS} ms; the bare route: {_p95(bare):.1f} ms",
            ),
            Figure(
                name="memory of the server",
                said=f"{memory:.0f} MB",
                value=memory,
                limit=MEMORY_MB,
                against=f"asked for: {MEMORY_MB} MB",
            ),
        ],
    )


def _p95(times: list[float]) -> float:
    """In milliseconds."""
    return statistics.quantiles(times, n=20)[-1] * 1000


def crowd(served: Served, asked: Sequence[tuple[str, str]], clients: int, seconds: float) -> list[float]:
    """Seconds of each answer; what is `asked`, by whom and for what, goes round among the clients."""
    end = time.perf_counter() + seconds

    def person(number: int) -> list[float]:
        who, path = asked[number % len(asked)]
        return _person(served.caller(who), path, end)

    with ThreadPoolExecutor(clients) as people:
        return [one for found in people.map(person, range(clients)) for one in found]


def _person(caller: Caller, path: str, end: float) -> list[float]:
    times = []
    caller.ask("GET", path)
    while (began := time.perf_counter()) < end:
        caller.ask("GET", path)
        times.append(time.perf_counter() - began)
    return times
