"""Who may do what: one table of relations that a person can have to a record."""

from mikroserwis.access.actor import Actor
from mikroserwis.errors import Forbidden
from mikroserwis.models import Subticket, Ticket
from workflows import SUBTICKET, TICKET

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
    "quotes.see": ("caretaker", "staff", "seller"),
    "quotes.make": ("caretaker", "staff"),
    "invoice.give": ("caretaker", "staff"),
    "prices.see": ("dealer", "staff"),
    "prices.edit": ("admin",),
    "paper_forms.manage": ("admin",),
    "texts.see": ("staff",),
    "texts.edit": ("admin",),
    "exports.own": ("dealer", "staff", "seller"),
    "views.own": ("dealer", "staff", "seller"),
    "training.see": ("dealer", "staff", "seller", "technician"),
    "training.manage": ("staff",),
    "training.delete": ("master",),
    "messages.see": ("staff",),
    "messages.retry": ("staff",),
    "messages.route": ("admin",),
    "notifications.own": ("dealer", "staff", "seller", "technician", "customer"),
    "mails.see": ("caretaker", "staff"),
    "extension.ask": ("caretaker",),
    "extension.decide": ("staff",),
    "handover.undo": ("staff",),
    "tickets.bulk": ("staff",),
    "supervision.see": ("staff",),
    "audit.see": ("admin",),
    "jobs.see": ("staff",),
    "jobs.run": ("staff",),
    "dealers.see": ("staff",),
    "dealers.edit": ("staff",),
    "dealers.delete": ("master",),
    "dealer.own": ("dealer",),
    "accounts.see": ("staff",),
    "accounts.clients": ("staff",),
    "accounts.office": ("master",),
    "clients.manage": ("admin",),
    "customers.see": ("staff", "seller"),
    "customers.edit": ("staff", "seller"),
    "customers.assign": ("staff",),
    "customers.delete": ("master",),
    "consent_texts.see": ("staff",),
    "consent_texts.publish": ("admin",),
    "personal.see": ("staff",),
    "personal.manage": ("admin",),
    "account.own": ("dealer", "staff", "seller", "technician", "customer"),
}


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
