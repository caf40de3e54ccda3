"""One customer with what is asked about it: people, shops, orders, papers, files, and what was done to it."""

import json
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Table, func, or_, select
from sqlalchemy.orm import Session

from mikroserwis.db import Base
from mikroserwis.errors import NotFound
from mikroserwis.models import (
    Customer,
    CustomerContact,
    CustomerUser,
    Event,
    File,
    FinalInvoice,
    Quote,
    RetailPoint,
    SignIn,
    Subticket,
    Ticket,
    User,
)

# Of each list on the customer's page; the list of tickets has all of them.
MOST = 100
A_PAGE = 30
# What is a customer's own and goes with it.
_OWN = {CustomerContact.__tablename__, RetailPoint.__tablename__}
PAPERS = ("contract", "power_of_attorney")
# What was done to the customer itself, or to its data by way of a ticket; a ticket's further course stands on its page.
VERBS = ("create", "company", "confirm", "point", "file")
OWN_VERBS = (
    *("customer_add", "customer_owner", "customer_delete"),
    *("customer_contact_add", "customer_contact_change", "customer_contact_delete"),
    *("customer_point_add", "customer_point_delete", "consent_give", "consent_withdraw"),
    *("person_export", "person_anonymise"),
)


class Account(NamedTuple):
    """A user of the customer, and when it last came in."""

    user: User
    signed_in_at: Any


class Trail(NamedTuple):
    """A page of what was done, the newest first; `older` is the id to go on before."""

    events: list[tuple[Event, int | None]]
    older: int | None


@dataclass(frozen=True)
class Papers:
    """With the number of the ticket of each."""

    quotes: list[tuple[Quote, int]]
    signed: list[tuple[File, int]]
    invoices: list[tuple[FinalInvoice, int]]


def sellers(session: Session) -> list[User]:
    """Those who can own a customer."""
    return list(session.scalars(select(User).where(User.role == "seller", User.active).order_by(User.name, User.id)))


def owner(session: Session, customer: Customer) -> User | None:
    return session.get(User, customer.owner_id) if customer.owner_id is not None else None


def contacts(session: Session, customer: Customer) -> list[CustomerContact]:
    """Those who are still its people."""
    mine = (CustomerContact.customer_id == customer.id, CustomerContact.removed_at.is_(None))
    query = select(CustomerContact).where(*mine)
    return list(session.scalars(query.order_by(CustomerContact.name, CustomerContact.id)))


def contact_of(session: Session, customer: Customer, contact_id: int) -> CustomerContact:
    """Raises NotFound."""
    found = session.get(CustomerContact, contact_id)
    if found is None or found.customer_id != customer.id or found.removed_at is not None:
        raise NotFound(record="customer_contact", id=contact_id)
    return found


def points(session: Session, customer: Customer) -> list[RetailPoint]:
    query = select(RetailPoint).where(RetailPoint.customer_id == customer.id)
    return list(session.scalars(query.order_by(RetailPoint.id)))


def point_of(session: Session, customer: Customer, point_id: int) -> RetailPoint:
    """Raises NotFound."""
    found = session.get(RetailPoint, point_id)
    if found is None or found.customer_id != customer.id:
        raise NotFound(record="point", id=point_id)
    return found


def accounts(session: Session, customer: Customer) -> list[Account]:
    """By name, those that are in use or blocked."""
    last = select(SignIn.user_id, func.max(SignIn.at).label("at")).where(SignIn.result == "ok").group_by(SignIn.user_id)
    newest = last.subquery()
    query = (
        select(User, newest.c.at)
        .join(CustomerUser, CustomerUser.user_id == User.id)
        .outerjoin(newest, newest.c.user_id == User.id)
        .where(CustomerUser.customer_id == customer.id, User.removed_at.is_(None))
    )
    return [Account(user, at) for user, at in session.execute(query.order_by(User.name, User.id))]


def orders(session: Session, customer: Customer, most: int = MOST) -> list[Ticket]:
    """Its tickets, the newest first."""
    query = select(Ticket).where(Ticket.customer_id == customer.id)
    return list(session.scalars(query.order_by(Ticket.opened_on.desc(), Ticket.id.desc()).limit(most)))


def count_orders(session: Session, customer: Customer) -> int:
    return session.scalar(select(func.count()).where(Ticket.customer_id == customer.id)) or 0


def papers(session: Session, customer: Customer, most: int = MOST) -> Papers:
    """Quotes, signed papers and invoices that count, the newest first."""
    mine = Ticket.customer_id == customer.id

    def newest(kind: Any, *which: ColumnElement[bool]) -> list[tuple[Any, int]]:
        query = select(kind, Ticket.number).join(Ticket, Ticket.id == kind.ticket_id).where(mine, *which)
        return [(one, number) for one, number in session.execute(query.order_by(kind.id.desc()).limit(most))]

    counts = (File.kind.in_(PAPERS), File.replaced_at.is_(None), File.rejected_at.is_(None))
    return Papers(newest(Quote), newest(File, *counts), newest(FinalInvoice, FinalInvoice.replaced_at.is_(None)))


def files(session: Session, customer: Customer, most: int = MOST) -> list[tuple[File, int]]:
    """Files of its tickets with the ticket's number, the newest first; replaced and rejected ones too."""
    query = select(File, Ticket.number).join(Ticket, Ticket.id == File.ticket_id)
    newest = query.where(Ticket.customer_id == customer.id).order_by(File.id.desc()).limit(most)
    return [(file, number) for file, number in session.execute(newest)]


def trail(session: Session, customer: Customer, before: int = 0, most: int = A_PAGE) -> Trail:
    """Without what was done to a deleted customer or shop that had this id before."""
    mine = Event.customer_id == customer.id
    gone = select(func.max(Event.id)).where(mine, Event.verb == "customer_delete").scalar_subquery()
    shops = Event.point_id.in_(select(RetailPoint.id).where(RetailPoint.customer_id == customer.id))
    query = (
        select(Event, Ticket.number)
        .outerjoin(Ticket, Ticket.id == Event.ticket_id)
        .where(
            or_(mine, shops),
            or_(Event.verb.in_(OWN_VERBS), Event.verb.in_(VERBS)),
            Event.id > func.coalesce(gone, 0),
            # A shop's number can be given again: what another customer's had is not this one's.
            or_(Event.customer_id.is_(None), mine),
        )
    )
    if before:
        query = query.where(Event.id < before)
    found = session.execute(query.order_by(Event.id.desc()).limit(most + 1))
    rows: list[tuple[Event, int | None]] = [(event, number) for event, number in found]
    return Trail(rows[:most], rows[most - 1][0].id if len(rows) > most else None)


def newest(session: Session, column: Any, record_id: int, *verbs: str) -> list[Event]:
    """Who did one of these to the record last."""
    query = select(Event).where(column == record_id, Event.verb.in_(verbs))
    return list(session.scalars(query.order_by(Event.id.desc()).limit(1)))


def newest_of_contact(session: Session, contact: CustomerContact) -> list[Event]:
    """Contacts are named in the data of the event alone."""
    mine = (Event.customer_id == contact.customer_id, Event.verb == "customer_contact_change")
    rows = session.scalars(select(Event).where(*mine).order_by(Event.id.desc()).limit(A_PAGE))
    return [one for one in rows if json.loads(one.data).get("contact") == contact.id][:1]


def said(event: Event) -> dict[str, Any]:
    """What an event tells beside who and when."""
    return {"changes": json.loads(event.changes), **json.loads(event.data)}


def referring(session: Session, customer: Customer) -> dict[str, int]:
    """By table, how many rows name this customer or a shop of it, beside what is its own. Empty: it can be deleted."""
    shops = select(RetailPoint.id).where(RetailPoint.customer_id == customer.id)
    named = (*_naming(Customer.__tablename__, customer.id), *_naming(RetailPoint.__tablename__, shops))
    counts: dict[str, int] = {}
    for table, condition in named:
        number = session.scalar(select(func.count()).select_from(table).where(condition)) or 0
        if number:
            counts[table.name] = counts.get(table.name, 0) + number
    return counts


def referring_to_point(session: Session, point: RetailPoint) -> int:
    """How many sub-tickets are at this shop."""
    return session.scalar(select(func.count()).where(Subticket.point_id == point.id)) or 0


def _naming(of: str, ids: Any) -> list[tuple[Table, ColumnElement[bool]]]:
    """Where rows of a table are named, beside what is a customer's own."""
    return [
        (table, column.in_(ids if not isinstance(ids, int) else [ids]))
        for table in Base.metadata.sorted_tables
        if table.name not in _OWN
        for column in table.columns
        if any(key.column.table.name == of for key in column.foreign_keys)
    ]
