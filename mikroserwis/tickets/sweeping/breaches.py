"""Tickets whose deadline is over, with what the choice and the rows of a handover need; read many at a time."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from mikroserwis.models import Assignment, Customer, News, Subticket, SubticketTenure, Ticket
from mikroserwis.rulebook import POLICIES
from mikroserwis.tickets.offer import REAL
from mikroserwis.tickets.sweeping.bulk import among
from sla import Breach, Stage

# The due moment and id behind which a pass goes on.
Place = tuple[datetime, int]


@dataclass(frozen=True, slots=True)
class Along:
    """A sub-ticket that goes along; `gave_up`: when the present dealer gave it up before."""

    id: int
    state: str
    dealer_id: int | None
    gave_up: datetime | None


@dataclass(frozen=True, slots=True)
class Breached:
    """A ticket in one dealer's hands, whose stage should have been done by `due_at`."""

    id: int
    number: int
    type: str
    state: str
    stage: str
    due_at: datetime
    confirmed_version: int | None
    dealer_id: int
    assignment_id: int
    company: str
    postal_code: str
    had_by: frozenset[int]
    along: tuple[Along, ...]

    @property
    def place(self) -> Place:
        return self.due_at, self.id

    @property
    def told_key(self) -> str:
        """Of the news to its dealer that a stage is over, where the policy only tells."""
        return f"told:{self.assignment_id}:{self.stage}"


def overdue(moment: datetime) -> Any:
    """In order of due moment. Suspended and closed tickets have none, and those in the pool neither."""
    return (
        select(Ticket.id, Ticket.due_at)
        .join(Assignment, (Assignment.ticket_id == Ticket.id) & Assignment.ended_at.is_(None))
        .where(Ticket.due_at <= moment)
        .order_by(Ticket.due_at, Ticket.id)
    )


def read(
    session: Session,
    moment: datetime,
    *,
    limit: int | None = None,
    after: Place | None = None,
    only: int | None = None,
    lock: bool = False,
) -> list[Breached]:
    """At most `limit` of them; with `lock` those that nobody else has locked, held until the transaction ends."""
    query = overdue(moment).join(Customer, Customer.id == Ticket.customer_id).limit(limit)
    if after is not None:
        due_at, ticket_id = after
        query = query.where(Ticket.due_at >= due_at, (Ticket.due_at > due_at) | (Ticket.id > ticket_id))
    if only is not None:
        query = query.where(Ticket.id == only)
    if lock:
        query = query.with_for_update(of=Ticket, skip_locked=True)
    rows: Sequence[Any] = session.connection().execute(
        query.with_only_columns(
            Ticket.id,
            Ticket.number,
            Ticket.type,
            Ticket.state,
            Ticket.stage,
            Ticket.due_at,
            Ticket.confirmed_version,
            Assignment.dealer_id,
            Assignment.id,
            Customer.name,
            Customer.postal_code,
        )
    ).all()
    ids = [row[0] for row in rows]
    had, along = _had_by(session, ids), _along(session, ids)
    return [Breached(*each) for each in ((*row, frozenset(had[row[0]]), tuple(along[row[0]])) for row in rows)]


def _had_by(session: Session, ids: Sequence[int]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    query = select(Assignment.ticket_id, Assignment.dealer_id).where(among(session, Assignment.ticket_id, ids), REAL)
    for ticket_id, dealer_id in session.connection().execute(query).all():
        found[ticket_id].add(dealer_id)
    return found


def _along(session: Session, ids: Sequence[int]) -> dict[int, list[Along]]:
    """Sub-tickets that aren't closed and are their ticket's dealer's or nobody's."""
    query = (
        select(Subticket.ticket_id, Subticket.id, Subticket.state, Subticket.dealer_id, SubticketTenure.ended_at)
        .join(Ticket, Ticket.id == Subticket.ticket_id)
        .outerjoin(
            SubticketTenure,
            (SubticketTenure.subticket_id == Subticket.id) & (SubticketTenure.dealer_id == Ticket.dealer_id),
        )
        .where(
            among(session, Subticket.ticket_id, ids),
            Subticket.state != "closed",
            (Subticket.dealer_id == Ticket.dealer_id) | Subticket.dealer_id.is_(None),
        )
        .order_by(Subticket.id)
    )
    found: dict[int, list[Along]] = defaultdict(list)
    rows: Sequence[Any] = session.connection().execute(query).all()
    for ticket_id, *one in rows:
        found[ticket_id].append(Along(*one))
    return found


def is_told_only(ticket_type: str, stage: str) -> bool:
    """Whether the policy leaves such a ticket where it is. Raises KeyError for a type that the rules don't know."""
    return POLICIES[ticket_type].on_breach[Stage(stage)] is Breach.TELL


def without_told(session: Session, found: Sequence[Breached]) -> list[Breached]:
    """But for those of which the dealer has been told: in one tenure once for each stage."""
    keys = [one.told_key for one in found if one.type in POLICIES and is_told_only(one.type, one.stage)]
    told = set(session.scalars(select(News.key).where(News.key.in_(keys)))) if keys else set()
    return [one for one in found if one.told_key not in told]
