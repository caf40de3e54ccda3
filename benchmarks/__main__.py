"""`python -m benchmarks [NAME …]`: prints a table each; without a name, the names."""

import sys
from collections.abc import Callable

from benchmarks import engine, pages, scans, sheets

BENCHMARKS: dict[str, Callable[[], None]] = {
    "engine": engine.run,
    "pages": pages.run,
    "scans": scans.run,
    "sheets": sheets.run,
}


def main(names: list[str]) -> int:
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown or not names:
        print("python -m benchmarks NAME …   names:", ", ".join(BENCHMARKS))
        return 2 if unknown else 0
    for name in names:
        BENCHMARKS[name]()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
