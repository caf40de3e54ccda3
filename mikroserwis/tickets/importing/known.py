"""What a file of tickets is compared with, read some hundreds at a time: to look at it writes and locks nothing."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from mikroserwis.models import Customer, Dealer, RetailPoint, Subticket, Ticket
from mikroserwis.tickets.intake_form import TicketIn

_AT_ONCE = 400


@dataclass(frozen=True)
class Known:
    """Records by the numbers that a file names them with; `owners` says whose company (tax id) a point is."""

    tickets: dict[int, Ticket]
    companies: dict[str, Customer]
    owners: dict[int, str]
    dealers: dict[int, Dealer]


def known(session: Session, incoming: Iterable[TicketIn]) -> Known:
    """The records that these tickets would meet."""
    given = list(incoming)
    numbers = {one.crm_id for one in given if one.crm_id is not None}
    points = {point.id for one in given for point in one.points if point.id is not None}
    owners: dict[int, str] = {}
    for part in _parts(points):
        query = select(RetailPoint.id, Customer.tax_id).join(Customer, Customer.id == RetailPoint.customer_id)
        owners.update({row.id: row.tax_id for row in session.execute(query.where(RetailPoint.id.in_(part)))})
    return Known(
        tickets={one.number: one for part in _parts(numbers) for one in _tickets(session, part)},
        companies={
            one.tax_id: one
            for part in _parts({one.company["tax_id"] for one in given})
            for one in session.scalars(select(Customer).where(Customer.tax_id.in_(part)))
        },
        owners=owners,
        dealers={
            one.crm_id: one
            for part in _parts({one.dealer_crm_id for one in given if one.dealer_crm_id is not None})
            for one in session.scalars(select(Dealer).where(Dealer.crm_id.in_(part)))
        },
    )


def _tickets(session: Session, numbers: Collection[Any]) -> Iterable[Ticket]:
    return session.scalars(
        select(Ticket)
        .where(Ticket.number.in_(numbers))
        .options(
            joinedload(Ticket.customer),
            joinedload(Ticket.dealer),
            selectinload(Ticket.subtickets).options(joinedload(Subticket.point)),
        )
    )


def _parts(of: Iterable[Any]) -> Iterator[list[Any]]:
    rest = iter(of)
    while part := list(islice(rest, _AT_ONCE)):
        yield part
