"""How long a contract takes, as PDF and as DOCX; each of another ticket, so that nothing is made twice."""

import itertools
import time
from collections.abc import Callable
from datetime import date
from statistics import median

from benchmarks.measure import Figure, report
from benchmarks.printed import COMPANY, DEALER, POINTS
from exports import papers
from exports.papers import PaperData

LIMITS_MS = {"contract as PDF": 25, "contract as DOCX": 45}
ROUNDS = 60


def run() -> list[Figure]:
    """Medians of 60 papers each, after a first one."""
    makers: dict[str, Callable[[PaperData], bytes]] = {
        "contract as PDF": papers.contract_pdf,
        "contract as DOCX": papers.contract_docx,
    }
    figures = []
    for name, make in makers.items():
        taken, limit = _milliseconds(make), LIMITS_MS[name]
        against = f"asked for: {limit} ms"
        figures.append(Figure(name=name, said=f"{taken:.1f} ms", value=taken, limit=limit, against=against))
    return report("papers, medians", figures)


def _milliseconds(make: Callable[[PaperData], bytes]) -> float:
    times = []
    for ticket in itertools.islice(itertools.count(1000), ROUNDS + 1):
        data = PaperData(ticket, "Insoft", 1, date(2026, 11, 21), COMPANY, DEALER, POINTS, "Sieciechów")
        began = time.perf_counter()
        make(data)
        times.append(time.perf_counter() - began)
    return median(times[1:]) * 1000
