"""The company and its shops: edited by whoever works on them, each change kept with old and new value."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import String, cast, func, select, update
from sqlalchemy.orm import Session

from mikroserwis import history
from mikroserwis.access import Actor, others_at_work
from mikroserwis.errors import Blocker, Conflict, FieldError, Invalid, Refused
from mikroserwis.models import Customer, RetailPoint, Subticket, Ticket
from mikroserwis.textkeys import fold, sort_key
from mikroserwis.tickets import forms
from mikroserwis.tickets.facts import AT_WORK, POINT_FIELDS, missing_of_company
from mikroserwis.tickets.operations.automatic import try_sign

NEVER_EMPTY = ("tax_id", "name")
_SEARCHED = 500


def save_company(
    session: Session, ticket: Ticket, values: Mapping[str, str], *, version: int | None, actor: Actor, now: datetime
) -> dict[str, tuple[str, str]]:
    """Changed fields as {name: (old, new)}. Raises Invalid; Conflict if it was changed since `version` was read."""
    if ticket.state == "closed":
        raise Refused("edit", [Blocker("ticket_is_open", {"state": ticket.state})])
    customer = ticket.customer
    clean = forms.company(values, required=tuple(name for name in NEVER_EMPTY if name in values))
    check_version(customer, version, clean)
    _tax_id_is_free(session, customer, clean)
    changes = _apply(customer, clean)
    if changes:
        session.flush()
        history.record(session, "company", actor=actor, now=now, ticket=ticket, customer=customer, changes=changes)
        recache(session, customer)
    return changes


def confirm_company(session: Session, ticket: Ticket, *, actor: Actor, now: datetime) -> None:
    """The dealer vouches for the data: the papers may be made. Raises Refused with what is missing."""
    if ticket.state not in AT_WORK:
        raise Refused("confirm", [Blocker("ticket_is_taken", {"state": ticket.state})])
    missing = missing_of_company(ticket.customer)
    if missing:
        raise Refused("confirm", [Blocker("company_is_complete", {"fields": list(missing), "state": ticket.state})])
    if ticket.confirmed_version == ticket.customer.version:
        return
    ticket.confirmed_version = ticket.customer.version
    history.record(session, "confirm", actor=actor, now=now, ticket=ticket, customer=ticket.customer)
    try_sign(session, ticket, actor=actor, now=now)


def save_point(
    session: Session,
    subticket: Subticket,
    values: Mapping[str, str],
    *,
    version: int | None,
    actor: Actor,
    now: datetime,
) -> dict[str, tuple[str, str]]:
    """Save the shop's data: until it has been saved once, no sub-ticket that the actor has in work there is closed."""
    if not actor.is_staff and subticket.state != "taken":
        raise Refused("edit_point", [Blocker("subticket_is_taken", {"state": subticket.state})])
    point = subticket.point
    clean = forms.point(values, required=tuple(name for name in POINT_FIELDS if name in values))
    check_version(point, version, clean)
    changes = _apply(point, clean)
    for one in (subticket, *others_at_work(session, actor, subticket)):
        one.point_saved_at = now
        history.record(
            session, "point", actor=actor, now=now, ticket=one.ticket, subticket=one, point=point, changes=changes
        )
    return changes


def recache(session: Session, customer: Customer) -> None:
    """Rewrite what the list repeats of a customer, on each of its tickets, which must be held.

    No change of the tickets themselves: their versions stay, so nobody who works on one is overtaken.
    """
    session.flush()
    found = func.substr(cast(Ticket.number, String).concat(_found_by(customer)), 1, _SEARCHED)
    session.execute(
        update(Ticket)
        .where(Ticket.customer_id == customer.id)
        .values(**_copies(customer), search=found)
        .execution_options(synchronize_session=False)
    )


def cache_company(ticket: Ticket, customer: Customer) -> None:
    """The list's copies: sort keys and the text that search looks in."""
    for name, value in _copies(customer).items():
        setattr(ticket, name, value)
    ticket.search = f"{ticket.number}{_found_by(customer)}"[:_SEARCHED]


def _copies(customer: Customer) -> dict[str, str]:
    return {
        "tax_id": customer.tax_id,
        "company_key": sort_key(customer.name),
        "city_key": sort_key(customer.city, 200),
    }


def _found_by(customer: Customer) -> str:
    """What search looks in, behind the ticket's own number."""
    return fold(f" {customer.tax_id} {customer.name} {customer.city}")


def check_version(record: Customer | RetailPoint, version: int | None, values: Mapping[str, str]) -> None:
    """Raises Conflict naming each field that differs now from what is being sent: theirs and yours."""
    if version is None or version == record.version:
        return
    differing = {
        name: (getattr(record, name), value) for name, value in values.items() if getattr(record, name) != value
    }
    raise Conflict("changed_meanwhile", fields=differing, version=record.version)


def _apply(record: Customer | RetailPoint, values: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    changes: dict[str, tuple[str, str]] = {}
    for name, value in values.items():
        old = getattr(record, name)
        if old != value:
            changes[name] = (old, value)
            setattr(record, name, value)
    return changes


def _tax_id_is_free(session: Session, customer: Customer, values: Mapping[str, str]) -> None:
    tax_id = values.get("tax_id", customer.tax_id)
    if tax_id == customer.tax_id:
        return
    with session.no_autoflush:
        taken = session.scalars(select(Customer.id).where(Customer.tax_id == tax_id)).first()
    if taken is not None:
        raise Invalid([FieldError("tax_id", "tax_id_taken")])
