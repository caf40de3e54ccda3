"""Acts at the same moment."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


def at_once(act: Callable[[int], T], times: int) -> list[T]:
    """`act(0)`, `act(1)` … begun together, each in a thread of its own; their results in this order."""
    barrier = threading.Barrier(times, timeout=60)

    def run(index: int) -> T:
        barrier.wait()
        return act(index)

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(run, range(times)))
