"""The company and its shops: edited by whoever works on them, each change kept with old and new value."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from mikroserwis import companies, history
from mikroserwis.access import Actor, others_at_work
from mikroserwis.errors import Blocker, FieldError, Invalid, Refused
from mikroserwis.models import Customer, Subticket, Ticket
from mikroserwis.tickets.facts import AT_WORK, POINT_FIELDS, missing_of_company
from mikroserwis.tickets.operations.automatic import try_sign

NEVER_EMPTY = ("tax_id", "name")


def save_company(
    session: Session, ticket: Ticket, values: Mapping[str, str], *, version: int | None, actor: Actor, now: datetime
) -> dict[str, tuple[str, str]]:
    """Changed fields as {name: (old, new)}. Raises Invalid; Conflict if it was changed since `version` was read."""
    if ticket.state == "closed":
        raise Refused("edit", [Blocker("ticket_is_open", {"state": ticket.state})])
    customer = ticket.customer
    required = tuple(name for name in NEVER_EMPTY if name in values)
    clean = companies.company(values, required=required, country=customer.country)
    companies.check_version(customer, version, clean)
    _tax_id_is_free(session, customer, clean)
    changes = companies.keep(customer, clean)
    if changes:
        session.flush()
        history.record(session, "company", actor=actor, now=now, ticket=ticket, customer=customer, changes=changes)
        companies.recache(session, customer)
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
    required = tuple(name for name in POINT_FIELDS if name in values)
    clean = companies.point(values, required=required, country=subticket.ticket.customer.country)
    companies.check_version(point, version, clean)
    changes = companies.keep(point, clean)
    for one in (subticket, *others_at_work(session, actor, subticket)):
        one.point_saved_at = now
        history.record(
            session, "point", actor=actor, now=now, ticket=one.ticket, subticket=one, point=point, changes=changes
        )
    return changes


def _tax_id_is_free(session: Session, customer: Customer, values: Mapping[str, str]) -> None:
    tax_id = values.get("tax_id", customer.tax_id)
    if tax_id != customer.tax_id and companies.holder(session, tax_id) is not None:
        raise Invalid([FieldError("tax_id", "tax_id_taken")])
