"""The list among a million tickets, beside the same list among a hundred thousand, in turns."""

import tempfile
from contextlib import ExitStack
from pathlib import Path

from benchmarks.data import plant
from benchmarks.measure import Figure, in_turn, report
from benchmarks.pages import LISTS
from benchmarks.serving import serving
from config import Settings

SIZES = (100_000, 1_000_000)
LIMIT, ROUNDS = 1.2, 40


def run() -> list[Figure]:
    """Medians; planting a million takes some minutes."""
    contestants = {}
    with ExitStack() as stack:
        for size in SIZES:
            settings = Settings(
                data=Path(stack.enter_context(tempfile.TemporaryDirectory())), base_url="http://127.0.0.1"
            )
            plant(settings.database, size).engine.dispose()
            served = stack.enter_context(serving(settings))
            callers = {name: served.caller(name) for name in ("dealer", "operator")}
            for name, (who, path) in LISTS.items():
                contestants[f"{name}, {size:,}"] = callers[who].get(path)
        times = in_turn(contestants, ROUNDS)
    figures = []
    for name in LISTS:
        small, large = (times[f"{name}, {size:,}"] for size in SIZES)
        figures.append(
            Figure(
                name=name,
                said=f"{large * 1000:.2f} ms",
                value=large / small,
                limit=LIMIT,
                against=f"{large / small:.2f} × its {small * 1000:.2f} ms at {SIZES[0]:,} (asked for: {LIMIT})",
            )
        )
    return report(f"the list among {SIZES[1]:,} tickets, medians", figures)
