"""Which later days have been asked for and given, what may be asked for now, and what waits for staff."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session, joinedload

from mikroserwis.access import Actor
from mikroserwis.errors import Blocker, NotFound
from mikroserwis.models import Assignment, DeadlineExtension, Dealer, Ticket
from mikroserwis.pricing import today
from mikroserwis.tickets.clock import last_day, present_assignment

FURTHEST = timedelta(days=60)


@dataclass(frozen=True)
class Days:
    """What the present deadline may be moved to: `due` is its last day, `first` and `last` bound the new one."""

    due: date
    first: date
    last: date


@dataclass(frozen=True)
class Waiting:
    """A request that staff have not answered, with all that its line shows."""

    request: DeadlineExtension
    ticket: Ticket
    dealer: Dealer


def days(ticket: Ticket, now: datetime) -> Days | None:
    """None while nothing is owed: in the pool, suspended, closed."""
    if ticket.stage is None or ticket.due_at is None:
        return None
    due = last_day(ticket.due_at)
    return Days(due, max(due + timedelta(days=1), today(now)), max(due, today(now)) + FURTHEST)


def blockers(ticket: Ticket) -> list[Blocker]:
    """Why there is nothing to extend."""
    if ticket.due_at is not None:
        return []
    if ticket.state in {"suspended", "closed"}:
        return [Blocker(f"nothing_to_extend_{ticket.state}")]
    return [Blocker("nothing_to_extend_in_the_pool")]


def open_request(session: Session, ticket: Ticket) -> DeadlineExtension | None:
    """What the present dealer has asked for the present stage and staff have not answered."""
    assignment = present_assignment(session, ticket)
    if assignment is None or ticket.stage is None:
        return None
    query = select(DeadlineExtension).where(
        DeadlineExtension.assignment_id == assignment.id,
        DeadlineExtension.state == "asked",
        DeadlineExtension.stage == ticket.stage,
    )
    return session.scalars(query).one_or_none()


def visible(session: Session, ticket: Ticket, actor: Actor) -> Sequence[DeadlineExtension]:
    """Newest first; a dealer sees those of its own tenures."""
    if actor.is_dealer:
        return session.scalars(_OF_DEALER, {"ticket": ticket.id, "dealer": actor.dealer_id}).all()
    return session.scalars(_EVERY, {"ticket": ticket.id}).all()


_EVERY = (
    select(DeadlineExtension)
    .where(DeadlineExtension.ticket_id == bindparam("ticket"))
    .order_by(DeadlineExtension.id.desc())
)
_OF_DEALER = _EVERY.where(
    DeadlineExtension.assignment_id.in_(
        select(Assignment.id).where(
            Assignment.ticket_id == bindparam("ticket"), Assignment.dealer_id == bindparam("dealer")
        )
    )
)


def request(session: Session, ticket: Ticket, actor: Actor, request_id: int) -> DeadlineExtension:
    """One of them. Raises NotFound."""
    found = next((one for one in visible(session, ticket, actor) if one.id == request_id), None)
    if found is None:
        raise NotFound(record="extension", id=request_id)
    return found


def waiting(session: Session, limit: int | None = None) -> list[Waiting]:
    """Every open request, the oldest first."""
    query = (
        select(DeadlineExtension, Ticket, Dealer)
        .join(Ticket, Ticket.id == DeadlineExtension.ticket_id)
        .join(Assignment, Assignment.id == DeadlineExtension.assignment_id)
        .join(Dealer, Dealer.id == Assignment.dealer_id)
        .where(*_OPEN)
        .options(joinedload(Ticket.customer))
        .order_by(DeadlineExtension.asked_at, DeadlineExtension.id)
    )
    rows = session.execute(query if limit is None else query.limit(limit))
    return [Waiting(*row) for row in rows]


def count_waiting(session: Session) -> int:
    """How many."""
    query = (
        select(func.count())
        .select_from(DeadlineExtension)
        .join(Ticket, Ticket.id == DeadlineExtension.ticket_id)
        .join(Assignment, Assignment.id == DeadlineExtension.assignment_id)
    )
    return session.scalar(query.where(*_OPEN)) or 0


_OPEN = (
    DeadlineExtension.state == "asked",
    DeadlineExtension.stage == Ticket.stage,
    Assignment.ended_at.is_(None),
)
