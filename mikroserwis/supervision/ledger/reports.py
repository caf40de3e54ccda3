"""What a sweep's run did, ticket by ticket."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from mikroserwis.models import Assignment, Dealer, Handover, JobRun, Ticket

AT_ONCE = 100


@dataclass(frozen=True)
class Moved:
    """A ticket that a run took away; `choice` is why the next dealer was chosen, as codes."""

    id: int
    number: int
    stage: str | None
    due_at: datetime | None
    former: str | None
    next: str | None
    choice: dict[str, Any]
    undone_at: datetime | None


@dataclass(frozen=True)
class Part:
    """A page of a run's handovers."""

    items: list[Moved]
    total: int
    page: int
    pages: int


def batch(run: JobRun) -> str:
    """How a run's handovers are named."""
    return f"sweep:{run.id}"


def handovers(session: Session, run: JobRun, page: int = 1) -> Part:
    """In the order in which it did them."""
    mine = Handover.batch == batch(run)
    total = session.scalar(select(func.count()).where(mine)) or 0
    pages = max(-(-total // AT_ONCE), 1)
    page = min(max(page, 1), pages)
    former, following = aliased(Dealer), aliased(Dealer)
    rows = session.execute(
        select(
            Handover.id,
            Ticket.number,
            Handover.stage,
            Handover.due_at,
            former.name,
            following.name,
            Assignment.choice,
            Handover.undone_at,
        )
        .join(Ticket, Ticket.id == Handover.ticket_id)
        .outerjoin(former, former.id == Handover.former_dealer_id)
        .outerjoin(following, following.id == Handover.next_dealer_id)
        .outerjoin(Assignment, Assignment.id == Handover.next_assignment_id)
        .where(mine)
        .order_by(Handover.id)
        .limit(AT_ONCE)
        .offset((page - 1) * AT_ONCE)
    )
    items = [Moved(*row[:6], json.loads(row[6] or "{}"), row[7]) for row in rows]
    return Part(items, total, page, pages)
