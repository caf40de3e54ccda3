"""Taking turns: what is compared runs in one process, one after the other, so that a slow machine slows both."""

import statistics
import time
from collections.abc import Callable, Mapping


def in_turn(contestants: Mapping[str, Callable[[], object]], rounds: int, warm_up: int = 3) -> dict[str, float]:
    """Median seconds of each contestant over `rounds` turns."""
    times: dict[str, list[float]] = {name: [] for name in contestants}
    for turn in range(rounds + warm_up):
        for name, act in contestants.items():
            began = time.perf_counter()
            act()
            if turn >= warm_up:
                times[name].append(time.perf_counter() - began)
    return {name: statistics.median(taken) for name, taken in times.items()}


def table(title: str, rows: list[tuple[str, str, str]]) -> None:
    """Name, figure, and how it stands to the limit of the same run."""
    width = max(len(row[0]) for row in rows)
    print(f"\n{title}")
    for name, figure, ratio in rows:
        print(f"  {name:<{width}}  {figure:>12}  {ratio}")
