"""Tickets whose deadline is over, with what the choice and the rows of a handover need; read many at a time."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
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
    """Ids in order of due moment. Suspended and closed tickets have none, and those in the pool neither."""
    return (
        select(Ticket.id)
        .where(Ticket.due_at <= moment, Ticket.dealer_id.is_not(None))
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
    query = overdue(moment).limit(limit)
    if after is not None:
        due_at, ticket_id = after
        query = query.where(Ticket.due_at >= due_at, (Ticket.due_at > due_at) | (Ticket.id > ticket_id))
    if only is not None:
        query = query.where(Ticket.id == only)
    if lock:
        query = query.with_for_update(skip_locked=True)
    ids: Sequence[int] = session.scalars(query).all()
    rows = _rows(session, ids)
    had, along = _had_by(session, ids), _along(session, {row.id: row.dealer_id for row in rows})
    return [Breached(*each) for each in ((*row, frozenset(had[row[0]]), tuple(along[row[0]])) for row in rows)]


def _rows(session: Session, ids: Sequence[int]) -> Sequence[Any]:
    query = (
        select(
            Ticket.id,
            Ticket.number,
            Ticket.type,
            Ticket.state,
            Ticket.stage,
            Ticket.due_at,
            Ticket.confirmed_version,
            Ticket.dealer_id,
            Assignment.id.label("assignment_id"),
            Customer.name,
            Customer.postal_code,
        )
        .join(Customer, Customer.id == Ticket.customer_id)
        .join(Assignment, (Assignment.ticket_id == Ticket.id) & Assignment.ended_at.is_(None))
        .where(among(session, Ticket.id, ids))
        .order_by(Ticket.due_at, Ticket.id)
    )
    return session.connection().execute(query).all()


def _had_by(session: Session, ids: Sequence[int]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    query = select(Assignment.ticket_id, Assignment.dealer_id).where(among(session, Assignment.ticket_id, ids), REAL)
    for ticket_id, dealer_id in session.connection().execute(query).all():
        found[ticket_id].add(dealer_id)
    return found


def _along(session: Session, dealers: Mapping[int, int]) -> dict[int, list[Along]]:
    """Sub-tickets that aren't closed and are their ticket's dealer's or nobody's; `dealers`: by ticket."""
    run = session.connection().execute
    shops = select(Subticket.ticket_id, Subticket.id, Subticket.state, Subticket.dealer_id).where(
        among(session, Subticket.ticket_id, list(dealers)), Subticket.state != "closed"
    )
    rows = [row for row in run(shops.order_by(Subticket.id)).all() if row[3] is None or row[3] == dealers[row[0]]]
    tenures = select(SubticketTenure.subticket_id, SubticketTenure.dealer_id, SubticketTenure.ended_at)
    given_up = run(tenures.where(among(session, SubticketTenure.subticket_id, [row[1] for row in rows]))).all()
    gave_up = {(subticket_id, dealer_id): ended_at for subticket_id, dealer_id, ended_at in given_up}
    found: dict[int, list[Along]] = defaultdict(list)
    for ticket_id, subticket_id, state, dealer_id in rows:
        before = gave_up.get((subticket_id, dealers[ticket_id]))
        found[ticket_id].append(Along(subticket_id, state, dealer_id, before))
    return found


def is_told_only(ticket_type: str, stage: str) -> bool:
    """Whether the policy leaves such a ticket where it is. Raises KeyError for a type that the rules don't know."""
    return POLICIES[ticket_type].on_breach[Stage(stage)] is Breach.TELL


def without_told(session: Session, found: Sequence[Breached]) -> list[Breached]:
    """But for those of which the dealer has been told: in one tenure once for each stage."""
    keys = [one.told_key for one in found if one.type in POLICIES and is_told_only(one.type, one.stage)]
    told = set(session.scalars(select(News.key).where(News.key.in_(keys)))) if keys else set()
    return [one for one in found if one.told_key not in told]
