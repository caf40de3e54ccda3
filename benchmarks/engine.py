"""How quickly the workflow decides."""

import time
from collections.abc import Callable

from benchmarks.measure import Figure, report
from workflows import TICKET, TicketFacts, TicketState

ROUNDS = 50_000
BLOCKERS_LIMIT_MS = 0.2
FIRED_LIMIT = 50_000


def run() -> list[Figure]:
    """Fired transitions a second, and the blockers of all of a ticket page's acts."""
    facts = TicketFacts(state=TicketState.NEW)
    fired = ROUNDS / _seconds(lambda: TICKET.fire("take", facts), ROUNDS)
    blocked = TicketFacts(state=TicketState.CONTRACT, needs=frozenset({"quote", "contract"}))
    page = _seconds(lambda: [TICKET.blockers(trigger, blocked) for trigger in TICKET.triggers], 2000) / 2000 * 1000
    return report(
        "workflow engine",
        [
            Figure(
                name="fired transitions",
                said=f"{fired:,.0f}/s",
                value=fired,
                limit=FIRED_LIMIT,
                at_least=True,
                against=f"asked for: {FIRED_LIMIT:,}/s",
            ),
            Figure(
                name="blockers of a page",
                said=f"{page:.3f} ms",
                value=page,
                limit=BLOCKERS_LIMIT_MS,
                against=f"asked for: {BLOCKERS_LIMIT_MS} ms",
            ),
        ],
    )


def _seconds(act: Callable[[], object], times: int) -> float:
    began = time.perf_counter()
    for _ in range(times):
        act()
    return time.perf_counter() - began
