"""How long is left, for the list, the stages and the deadlines."""

from dataclasses import dataclass
from datetime import datetime

from mikroserwis.rulebook import RULES
from mikroserwis.tickets.clock import last_day


@dataclass(frozen=True)
class Due:
    """`kind`: ok, soon (past the first warning), late, paused, closed. `days` are whole days left, or overdue."""

    kind: str
    stage: str = ""
    days: int = 0


def due(state: str, stage: str | None, due_at: datetime | None, warn_at: datetime | None, now: datetime) -> Due | None:
    """What the list says beside the days; None where no clock runs."""
    if state in {"closed", "suspended"}:
        return Due("closed" if state == "closed" else "paused")
    if stage is None or due_at is None:
        return None
    left = (last_day(due_at) - now.astimezone(RULES.tz).date()).days
    if now >= due_at:
        return Due("late", stage, -left - 1)
    return Due("soon" if warn_at is not None and now >= warn_at else "ok", stage, left)
