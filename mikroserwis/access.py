"""Who may do what: one table, and the scopes in which records are looked for. Out of scope: 404, not permitted: 403."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, false, or_, select, union_all
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from mikroserwis.db import WRITE
from mikroserwis.errors import Forbidden, NotFound
from mikroserwis.models import (
    Assignment,
    Customer,
    Dealer,
    DealerType,
    File,
    RetailPoint,
    Subticket,
    SubticketTenure,
    Ticket,
)
from workflows import SUBTICKET, TICKET

STAFF = frozenset({"operator", "admin", "master"})
ROLES = ("dealer", "operator", "technician", "seller", "admin", "master", "customer")


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Who acts, detached from the session. `source` is web, api, cli or system."""

    user_id: int | None
    name: str
    role: str
    dealer_id: int | None = None
    dealer_name: str = ""
    language: str = "pl"
    source: str = "web"
    address: str = ""

    @property
    def is_staff(self) -> bool:
        return self.role in STAFF

    @property
    def is_dealer(self) -> bool:
        return self.role == "dealer" and self.dealer_id is not None

    @property
    def label(self) -> str:
        """As history shows it: a dealer's people under the dealer's name too."""
        return f"{self.name} ({self.dealer_name})" if self.dealer_name and self.dealer_name != self.name else self.name


SYSTEM = Actor(user_id=None, name="Mikroserwis", role="system", source="system")

# Relations that a person can have to a record; workflows name the same words in their `who`.
PERMISSIONS: dict[str, tuple[str, ...]] = {
    **{f"ticket.{move.trigger}": move.who for move in TICKET.moves},
    **{f"subticket.{move.trigger}": move.who for move in SUBTICKET.moves},
    "tickets.list": ("dealer", "staff", "seller"),
    "tickets.create": ("dealer", "staff"),
    "tickets.import": ("staff",),
    "ticket.see": ("caretaker", "pool_dealer", "holder", "staff", "seller"),
    "company.see": ("caretaker", "staff", "seller"),
    "company.edit": ("caretaker", "staff"),
    "documents.make": ("caretaker", "staff"),
    "files.see": ("caretaker", "staff", "seller"),
    "files.add": ("caretaker", "staff"),
    "files.reject": ("staff",),
    "notes.see": ("caretaker", "holder", "staff", "seller"),
    "notes.add": ("caretaker", "holder", "staff"),
    "history.see": ("caretaker", "staff"),
    "deliveries.see": ("caretaker", "staff"),
    "deliveries.retry": ("staff",),
    "subticket.see": ("caretaker", "holder", "pool_dealer", "staff", "seller"),
    "point.see": ("caretaker", "holder", "staff", "seller"),
    "point.edit": ("holder", "staff"),
    "account.own": ("dealer", "staff", "seller", "technician", "customer"),
}
# Whoever acts on the company changes what each of its tickets repeats of it.
OF_THE_COMPANY = frozenset({"company.edit"})


def role_relations(actor: Actor) -> set[str]:
    """Relations that follow from the role alone."""
    relations = {actor.role}
    if actor.is_staff:
        relations.add("staff")
    if actor.role in {"admin", "master"}:
        relations.add("admin")
    return relations


def ticket_relations(actor: Actor, ticket: Ticket) -> set[str]:
    """Relations to a ticket within the actor's scope; its sub-tickets must be loaded."""
    relations = role_relations(actor) - {"dealer"}
    if actor.is_dealer:
        if ticket.dealer_id == actor.dealer_id:
            relations.add("caretaker")
        elif ticket.dealer_id is None and ticket.state == "new":
            relations.add("pool_dealer")
        if any(one.dealer_id == actor.dealer_id for one in ticket.subtickets):
            relations.add("holder")
        if any(one.dealer_id is None and one.state == "new" for one in ticket.subtickets):
            relations.add("pool_dealer")
    return relations


def subticket_relations(actor: Actor, subticket: Subticket) -> set[str]:
    """Relations to one sub-ticket: holding a sister doesn't count."""
    relations = ticket_relations(actor, subticket.ticket) - {"holder", "pool_dealer"}
    if actor.is_dealer:
        if subticket.dealer_id == actor.dealer_id:
            relations.add("holder")
        elif subticket.dealer_id is None and subticket.state == "new":
            relations.add("pool_dealer")
    return relations


def may(permission: str, relations: set[str]) -> bool:
    """Whether one of the relations is in the table's row."""
    return bool(relations & set(PERMISSIONS[permission]))


def require(permission: str, relations: set[str]) -> None:
    """Raises Forbidden."""
    if not may(permission, relations):
        raise Forbidden(permission=permission)


def visible_ticket_ids(actor: Actor) -> Any:
    """A subquery of the ids that a dealer may see; small, so that its sort is."""
    dealer_id = actor.dealer_id
    certified = select(DealerType.type).where(DealerType.dealer_id == dealer_id)
    active = exists().where(Dealer.id == dealer_id, Dealer.active)
    had_it = exists().where(Assignment.ticket_id == Ticket.id, Assignment.dealer_id == dealer_id)
    gave_up = exists().where(SubticketTenure.subticket_id == Subticket.id, SubticketTenure.dealer_id == dealer_id)
    own = select(Ticket.id).where(Ticket.dealer_id == dealer_id)
    pool = select(Ticket.id).where(
        Ticket.dealer_id.is_(None), Ticket.state == "new", Ticket.type.in_(certified), active, ~had_it
    )
    held = select(Subticket.ticket_id).where(Subticket.dealer_id == dealer_id)
    free = (
        select(Subticket.ticket_id)
        .join(Ticket, Ticket.id == Subticket.ticket_id)
        .where(
            Subticket.dealer_id.is_(None),
            Subticket.state == "new",
            Ticket.state == "contract",
            Ticket.type.in_(certified),
            active,
            ~gave_up,
        )
    )
    return union_all(own, pool, held, free)


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
    found = session.scalars(
        visible_tickets(actor)
        .where(Ticket.number == number)
        .options(
            joinedload(Ticket.customer),
            joinedload(Ticket.dealer),
            selectinload(Ticket.subtickets).options(joinedload(Subticket.point), joinedload(Subticket.dealer)),
        )
    ).one_or_none()
    if found is None:
        raise NotFound(record="ticket", id=number)
    require(permission, ticket_relations(actor, found))
    return found


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
            ~exists().where(other.ticket_id == Ticket.id, other.dealer_id == actor.dealer_id),
        )
    )
    return actor.is_dealer and session.scalars(query.limit(1)).first() is not None


def visible_files(actor: Actor, of: Ticket) -> Select[File]:
    """The ticket's files that this actor may see, newest first."""
    query = select(File).where(File.ticket_id == of.id).order_by(File.id.desc())
    return query.where(File.dealer_id == actor.dealer_id) if actor.is_dealer else query
