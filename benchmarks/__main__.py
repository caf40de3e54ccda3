"""`python -m benchmarks [NAME …]`: prints a table each and keeps its figures; without a name, the names."""

import json
import os
import platform
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import crowd, engine, million, pages, papers, scans, sheets, start, sweep
from benchmarks.measure import Figure

BENCHMARKS: dict[str, Callable[[], Sequence[Figure]]] = {
    "engine": engine.run,
    "pages": pages.run,
    "million": million.run,
    "crowd": crowd.run,
    "sweep": sweep.run,
    "papers": papers.run,
    "start": start.run,
    "scans": scans.run,
    "sheets": sheets.run,
}
RESULTS = Path(__file__).parent / "results"


def main(names: list[str]) -> int:
    """0; 1 if a limit is not kept, 2 for a name that there isn't."""
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown or not names:
        print("python -m benchmarks NAME …   names:", ", ".join(BENCHMARKS))
        return 2 if unknown else 0
    figures = [one for name in names for one in _kept(name, BENCHMARKS[name]())]
    return 0 if all(one.is_kept for one in figures) else 1


def _kept(name: str, figures: Sequence[Figure]) -> Sequence[Figure]:
    """The figures lie under results/ with when and on what they were measured."""
    RESULTS.mkdir(exist_ok=True)
    measured = {
        "measured": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),
        "figures": [{**asdict(one), "kept": one.is_kept} for one in figures],
    }
    (RESULTS / f"{name}.json").write_text(json.dumps(measured, indent=2, ensure_ascii=False) + "\n", "utf-8")
    return figures


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
