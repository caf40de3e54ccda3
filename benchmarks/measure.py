"""Taking turns: what is compared runs in one process, one after the other, so that a slow machine slows both."""

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One line of a table. `against` is what it is compared with: a ratio's limit or the figure's own, in words.

    `value` is what stands beside the limit; `at_least` turns the limit round.
    """

    name: str
    said: str
    value: float
    limit: float | None = None
    at_least: bool = False
    against: str = ""

    @property
    def is_kept(self) -> bool:
        if self.limit is None:
            return True
        return self.value >= self.limit if self.at_least else self.value <= self.limit


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


def report(title: str, figures: Sequence[Figure]) -> list[Figure]:
    """Print the table and hand the figures on."""
    rows = []
    for one in figures:
        kept = "" if one.limit is None else "  kept" if one.is_kept else "  NOT KEPT"
        rows.append((one.name, one.said, f"{one.against}{kept}"))
    table(title, rows)
    return list(figures)


def table(title: str, rows: Sequence[tuple[str, str, str]]) -> None:
    """Name, figure, and how it stands to the limit of the same run."""
    width = max(len(row[0]) for row in rows)
    print(f"\n{title}")
    for name, figure, ratio in rows:
        print(f"  {name:<{width}}  {figure:>14}  {ratio}", flush=True)
