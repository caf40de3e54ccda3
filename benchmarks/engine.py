"""How quickly the workflow decides."""

import time

from benchmarks.measure import table
from workflows import TICKET, TicketFacts, TicketState

ROUNDS = 50_000
BLOCKERS_LIMIT_MS = 0.2
FIRED_LIMIT = 50_000


def run() -> None:
    """Fired transitions a second, and the blockers of all of a ticket page's acts."""
    facts = TicketFacts(state=TicketState.NEW)
    fired = ROUNDS / _seconds(lambda: TICKET.fire("take", facts), ROUNDS)
    blocked = TicketFacts(state=TicketState.CONTRACT, needs=frozenset({"quote", "contract"}))
    page = _seconds(lambda: [TICKET.blockers(trigger, blocked) for trigger in TICKET.triggers], 2000) / 2000 * 1000
    table(
        "workflow engine",
        [
            ("fired transitions", f"{fired:,.0f}/s", f"{fired / FIRED_LIMIT:.2f} × the {FIRED_LIMIT:,}/s asked for"),
            (
                "blockers of a page",
                f"{page:.3f} ms",
                f"{page / BLOCKERS_LIMIT_MS:.2f} × the {BLOCKERS_LIMIT_MS} ms allowed",
            ),
        ],
    )


def _seconds(act: object, times: int) -> float:
    assert callable(act)
    began = time.perf_counter()
    for _ in range(times):
        act()
    return time.perf_counter() - began
