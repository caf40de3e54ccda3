"""The scopes in which records are looked for: what lies outside doesn't exist for the actor."""

from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, exists, false, or_, select, union_all

from mikroserwis.access.actor import Actor
from mikroserwis.models import Assignment, Customer, Dealer, DealerType, File, Subticket, SubticketTenure, Ticket

# Statements say the same for the same person: each is built once.
PEOPLE = 512


class Ways(NamedTuple):
    """How a dealer comes to know of tickets: conditions of which no ticket meets two."""

    own: ColumnElement[bool]
    pool: ColumnElement[bool]
    shops: ColumnElement[bool]


@lru_cache(maxsize=PEOPLE)
def ways(actor: Actor) -> Ways:
    """Each is looked up over an index alone, but for the few tickets of which a dealer has single shops."""
    own, pool = Ticket.dealer_id == actor.dealer_id, _in_pool(actor)
    known = select(Ticket.id).where(own)
    shops = union_all(*(one.where(Subticket.ticket_id.not_in(known)) for one in _of_shops(actor)))
    return Ways(own, pool, and_(Ticket.id.in_(shops), ~pool))


@lru_cache(maxsize=PEOPLE)
def visible_ticket_ids(actor: Actor) -> Any:
    """A subquery of the ids that a dealer may see; small, so that its sort is."""
    own, pool = Ticket.dealer_id == actor.dealer_id, _in_pool(actor)
    return union_all(select(Ticket.id).where(own), select(Ticket.id).where(pool), *_of_shops(actor))


def _in_pool(actor: Actor) -> ColumnElement[bool]:
    """Nobody's, and free for this dealer, who has not had it before."""
    had_it = exists().where(
        Assignment.ticket_id == Ticket.id,
        Assignment.dealer_id == actor.dealer_id,
        Assignment.ended_by.is_distinct_from("undone"),
    )
    return and_(Ticket.dealer_id.is_(None), Ticket.state == "new", *_certified(actor), ~had_it)


def _certified(actor: Actor) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    types = select(DealerType.type).where(DealerType.dealer_id == actor.dealer_id)
    return Ticket.type.in_(types), exists().where(Dealer.id == actor.dealer_id, Dealer.active)


def _of_shops(actor: Actor) -> tuple[Select[Any], Select[Any]]:
    """Ids of tickets with a shop that the dealer holds, or may take."""
    gave_up = exists().where(SubticketTenure.subticket_id == Subticket.id, SubticketTenure.dealer_id == actor.dealer_id)
    # Most shops that nobody has are the pool's own: they are told by an index before their tickets are looked up.
    in_pool = select(Ticket.id).where(Ticket.dealer_id.is_(None), Ticket.state == "new")
    held = select(Subticket.ticket_id).where(Subticket.dealer_id == actor.dealer_id)
    free = (
        select(Subticket.ticket_id)
        .join(Ticket, Ticket.id == Subticket.ticket_id)
        .where(
            Subticket.dealer_id.is_(None),
            Subticket.state == "new",
            Subticket.ticket_id.not_in(in_pool),
            Ticket.state == "contract",
            *_certified(actor),
            ~gave_up,
        )
    )
    return held, free


@lru_cache(maxsize=PEOPLE)
def visible_tickets(actor: Actor) -> Select[Ticket]:
    """Every ticket that this actor may know of."""
    query = select(Ticket)
    if actor.is_staff or actor.role == "system":
        return query
    if actor.is_dealer:
        return query.where(Ticket.id.in_(visible_ticket_ids(actor)))
    if actor.role == "seller":
        return query.where(Ticket.customer_id.in_(select(Customer.id).where(Customer.owner_id == actor.user_id)))
    return query.where(false())


def visible_customers(actor: Actor) -> Select[Customer]:
    """Every customer that this actor may look up; a dealer knows companies by its tickets alone."""
    if actor.is_staff:
        return select(Customer)
    return select(Customer).where(Customer.owner_id == actor.user_id if actor.role == "seller" else false())


def visible_subtickets(actor: Actor) -> Select[Subticket]:
    """Sub-tickets of visible tickets; a dealer who isn't the caretaker sees those it holds or may take."""
    query = select(Subticket).join(Ticket, Ticket.id == Subticket.ticket_id)
    if actor.is_dealer:
        mine = or_(
            Ticket.dealer_id == actor.dealer_id,
            Subticket.dealer_id == actor.dealer_id,
            and_(Subticket.dealer_id.is_(None), Subticket.state == "new"),
        )
        return query.where(Ticket.id.in_(visible_ticket_ids(actor)), mine)
    return query.where(Ticket.id.in_(visible_tickets(actor).with_only_columns(Ticket.id)))


def visible_files(actor: Actor, of: Ticket) -> Select[File]:
    """The ticket's files that this actor may see, newest first."""
    query = _FILES.where(File.ticket_id == of.id)
    return query.where(File.dealer_id == actor.dealer_id) if actor.is_dealer else query


_FILES = select(File).order_by(File.id.desc())
