"""Load and authorise in one call. Out of scope: NotFound; seen but not permitted: Forbidden."""

from datetime import datetime, timedelta
from functools import lru_cache

from sqlalchemy import ColumnElement, Select, bindparam, case, exists, select
from sqlalchemy.orm import Session, aliased, joinedload, lazyload, selectinload

from mikroserwis.access.actor import Actor
from mikroserwis.access.permissions import may, require, role_relations, subticket_relations, ticket_relations
from mikroserwis.access.scopes import PEOPLE, visible_customers, visible_subtickets, visible_tickets
from mikroserwis.db import WRITE
from mikroserwis.errors import Forbidden, NotFound
from mikroserwis.models import (
    Assignment,
    Customer,
    Dealer,
    DealerType,
    File,
    Handover,
    Quote,
    RetailPoint,
    Subticket,
    Ticket,
)

# Whoever acts on the company changes what each of its tickets repeats of it.
OF_THE_COMPANY = frozenset({"company.edit"})


def hold(session: Session, which: ColumnElement[bool]) -> None:
    """Lock these tickets' rows in the order of their ids, so that two who need several don't wait for each other."""
    session.execute(select(Ticket.id).where(which).order_by(Ticket.id).with_for_update())


def ticket(session: Session, actor: Actor, number: int, permission: str) -> Ticket:
    """The ticket of this number with customer, dealer, sub-tickets and points. Raises NotFound, Forbidden.

    In a writing transaction the row is locked first: what two acts decide together (two scans, the last two shops)
    is decided one after the other. An act on the company holds all of its tickets, which repeat its data.
    """
    if session.info.get(WRITE):
        company = select(Ticket.customer_id).where(Ticket.number == number).scalar_subquery()
        hold(session, Ticket.customer_id == company if permission in OF_THE_COMPANY else Ticket.number == number)
    found = session.scalars(_whole_ticket(actor), {"number": number}).one_or_none()
    if found is None:
        raise NotFound(record="ticket", id=number)
    require(permission, ticket_relations(actor, found))
    return found


@lru_cache(maxsize=PEOPLE)
def _whole_ticket(actor: Actor) -> Select[Ticket]:
    """By its number. Where a dealer works and what it may do is read only where it is asked for."""
    plain = (lazyload(Dealer.areas), lazyload(Dealer.types))
    return (
        visible_tickets(actor)
        .where(Ticket.number == bindparam("number"))
        .options(
            joinedload(Ticket.customer),
            joinedload(Ticket.dealer).options(*plain),
            selectinload(Ticket.subtickets).options(
                joinedload(Subticket.point), joinedload(Subticket.dealer).options(*plain)
            ),
        )
    )


def subticket(session: Session, actor: Actor, subticket_id: int, permission: str) -> Subticket:
    """The sub-ticket with its point, dealer and whole ticket. Raises NotFound, Forbidden."""
    number = session.scalars(
        visible_subtickets(actor).where(Subticket.id == subticket_id).with_only_columns(Ticket.number)
    ).one_or_none()
    if number is None:
        raise NotFound(record="subticket", id=subticket_id)
    loaded = ticket(session, actor, number, "ticket.see")
    found = next(one for one in loaded.subtickets if one.id == subticket_id)
    require(permission, subticket_relations(actor, found))
    return found


def point(session: Session, actor: Actor, point_id: int, permission: str) -> tuple[RetailPoint, Subticket]:
    """The retail point with the sub-ticket through which it is seen: one in work, else an open one, else the newest.

    Raises NotFound, Forbidden.
    """
    first = case((Subticket.state == "taken", 0), (Subticket.state != "closed", 1), else_=2)
    mine = case((Subticket.dealer_id == actor.dealer_id, 0), else_=1)
    ids = list(
        session.scalars(
            visible_subtickets(actor)
            .where(Subticket.point_id == point_id)
            .order_by(first, mine, Subticket.id.desc())
            .with_only_columns(Subticket.id)
        )
    )
    for subticket_id in ids:
        found = subticket(session, actor, subticket_id, "subticket.see")
        if may(permission, subticket_relations(actor, found)):
            return found.point, found
    if not ids:
        raise NotFound(record="point", id=point_id)
    raise Forbidden(permission=permission)


def customer(session: Session, actor: Actor, customer_id: int, permission: str) -> Customer:
    """The customer; a writing transaction holds it and all of its tickets, which repeat its data.

    Raises NotFound, Forbidden.
    """
    query = visible_customers(actor).where(Customer.id == customer_id)
    if session.info.get(WRITE):
        hold(session, Ticket.customer_id == customer_id)
        query = query.with_for_update()
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound(record="customer", id=customer_id)
    require(permission, role_relations(actor))
    return found


def others_at_work(session: Session, actor: Actor, of: Subticket) -> list[Subticket]:
    """Further sub-tickets of the same point that are in work and whose point the actor may edit, with their tickets."""
    query = select(Subticket).where(
        Subticket.point_id == of.point_id, Subticket.state == "taken", Subticket.id != of.id
    )
    if not may("point.edit", role_relations(actor)):
        query = query.where(Subticket.dealer_id == actor.dealer_id)
    return list(session.scalars(query.options(joinedload(Subticket.ticket)).order_by(Subticket.id)))


def file(session: Session, actor: Actor, file_id: int, permission: str) -> tuple[File, Ticket]:
    """A file with its ticket; a dealer sees those of its own tenure only. Raises NotFound, Forbidden."""
    query = select(Ticket.number).join(File, File.ticket_id == Ticket.id).where(File.id == file_id)
    if actor.is_dealer:
        query = query.where(File.dealer_id == actor.dealer_id)
    number = session.scalars(query).one_or_none()
    if number is None:
        raise NotFound(record="file", id=file_id)
    of = ticket(session, actor, number, permission)
    return session.get_one(File, file_id), of


def quote(session: Session, actor: Actor, number: int, version: int, permission: str) -> tuple[Quote, Ticket]:
    """This version of the ticket's quote, with its lines; a dealer's own tenure only. Raises NotFound, Forbidden."""
    of = ticket(session, actor, number, permission)
    query = select(Quote).where(Quote.ticket_id == of.id, Quote.number == version).options(selectinload(Quote.lines))
    if actor.is_dealer:
        query = query.where(Quote.dealer_id == actor.dealer_id)
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound(record="quote", id=version)
    return found, of


def handover(session: Session, actor: Actor, handover_id: int, permission: str) -> tuple[Handover, Ticket]:
    """A change of dealer with its ticket, which is locked in a writing transaction. Raises NotFound, Forbidden."""
    number = session.scalars(
        select(Ticket.number).join(Handover, Handover.ticket_id == Ticket.id).where(Handover.id == handover_id)
    ).one_or_none()
    if number is None:
        raise NotFound(record="handover", id=handover_id)
    of = ticket(session, actor, number, permission)
    return session.get_one(Handover, handover_id, populate_existing=True), of


def just_taken(session: Session, actor: Actor, number: int, now: datetime) -> bool:
    """Whether somebody took this ticket out of the pool within a day, where this dealer could have seen it lie."""
    certified = select(DealerType.type).where(DealerType.dealer_id == actor.dealer_id)
    other = aliased(Assignment)
    query = (
        select(Ticket.id)
        .join(Assignment, Assignment.ticket_id == Ticket.id)
        .where(
            Ticket.number == number,
            Ticket.type.in_(certified),
            Assignment.how == "pool",
            Assignment.assigned_at > now - timedelta(days=1),
            exists().where(Dealer.id == actor.dealer_id, Dealer.active),
            ~exists().where(
                other.ticket_id == Ticket.id,
                other.dealer_id == actor.dealer_id,
                other.ended_by.is_distinct_from("undone"),
            ),
        )
    )
    return actor.is_dealer and session.scalars(query.limit(1)).first() is not None
