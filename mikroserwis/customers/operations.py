"""What staff and sellers do to customers."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from mikroserwis import access, companies, history
from mikroserwis.access import Actor
from mikroserwis.consenting import Person
from mikroserwis.consents import subjects
from mikroserwis.consents.anonymising import anonymise
from mikroserwis.customers import forms, queries
from mikroserwis.errors import Blocker, Conflict, FieldError, Invalid, NotFound, Refused
from mikroserwis.models import Customer, CustomerContact, RetailPoint, User


def add_customer(session: Session, values: Mapping[str, Any], *, actor: Actor, now: datetime) -> Customer:
    """A new one; a seller's is its own, staff choose who owns it. Raises Invalid."""
    clean = forms.customer(values)
    seller = _seller(session, values.get("owner_id", "")) if actor.is_staff else session.get_one(User, actor.user_id)
    _tax_id_is_free(session, clean["tax_id"], actor)
    customer = Customer(created_at=now, owner_id=seller.id if seller else None)
    companies.keep(customer, clean)
    session.add(customer)
    session.flush()
    changes = {name: ("", value) for name, value in texts(customer).items() if value}
    if seller:
        changes["owner_id"] = ("", seller.name)
    history.record(session, "customer_add", actor=actor, now=now, customer=customer, changes=changes)
    return customer


def change_customer(
    session: Session, customer: Customer, values: Mapping[str, Any], *, version: int | None, actor: Actor, now: datetime
) -> dict[str, tuple[str, str]]:
    """Changed fields as {name: (old, new)}; its tickets, which are held, repeat them at once.

    What somebody had vouched for under a ticket has to be vouched for anew there, as after an edit from the ticket.
    Raises Invalid; Conflict if it was changed since `version` was read.
    """
    clean = forms.customer(values, texts(customer))
    differing = {name: value for name, value in clean.items() if getattr(customer, name) != value}
    if differing:
        companies.check_version(customer, version, differing)
    if "tax_id" in differing:
        _tax_id_is_free(session, clean["tax_id"], actor)
    changes = companies.keep(customer, differing)
    if changes:
        session.flush()
        history.record(session, "company", actor=actor, now=now, customer=customer, changes=changes)
        companies.recache(session, customer)
    return changes


def set_owner(
    session: Session, customer: Customer, owner_id: str, *, was: str | None, actor: Actor, now: datetime
) -> None:
    """Another seller, or none; that seller alone sees the customer then. Done already: nothing happens.

    Raises Invalid; Conflict if it isn't `was` any more.
    """
    if owner_id == str(customer.owner_id or ""):
        return  # also one that has been blocked since
    before, after = queries.owner(session, customer), _seller(session, owner_id)
    if was is not None and was != str(customer.owner_id or ""):
        raise Conflict("changed_meanwhile")
    # Not through the version: what was vouched for under a ticket holds, whoever sells.
    session.execute(update(Customer).where(Customer.id == customer.id).values(owner_id=after.id if after else None))
    set_committed_value(customer, "owner_id", after.id if after else None)
    changes = {"owner_id": (before.name if before else "", after.name if after else "")}
    history.record(session, "customer_owner", actor=actor, now=now, customer=customer, changes=changes)


def delete_customer(session: Session, customer: Customer, *, actor: Actor, now: datetime) -> None:
    """Only one that nothing refers to; its people and shops go with it. The history stays, without the people's names.

    Raises Refused.
    """
    referring = queries.referring(session, customer)
    if referring:
        raise Refused("delete", [Blocker("customer_is_unused", {"tables": referring})])
    people = select(CustomerContact.id).where(CustomerContact.customer_id == customer.id).order_by(CustomerContact.id)
    for contact_id in session.scalars(people).all():
        _forget(session, Person(contact_id=contact_id), actor, now)
    changes = {name: (value, "") for name, value in texts(customer).items() if value}
    history.record(session, "customer_delete", actor=actor, now=now, customer=customer, changes=changes)
    for of_it in (CustomerContact, RetailPoint):
        session.execute(delete(of_it).where(of_it.customer_id == customer.id))
    session.delete(customer)
    session.flush()


def texts(customer: Customer) -> dict[str, str]:
    """The fields as forms, history and the API write them."""
    return {name: getattr(customer, name) or "" for name in forms.LENGTHS}


def _forget(session: Session, person: Person, actor: Actor, now: datetime) -> None:
    """Nobody could do it once the row is gone."""
    with suppress(NotFound):  # anonymous already
        anonymise(session, subjects.load(session, person.code), None, actor=actor, now=now)


def _seller(session: Session, owner_id: str) -> User | None:
    """An active seller; none for an empty text. Raises Invalid."""
    if not owner_id:
        return None
    found = next((one for one in queries.sellers(session) if str(one.id) == owner_id), None)
    if found is None:
        raise Invalid([FieldError("owner_id", "no_such_seller")])
    return found


def _tax_id_is_free(session: Session, tax_id: str, actor: Actor) -> None:
    """Raises Invalid naming who has it, if the actor may know."""
    other = companies.holder(session, tax_id)
    if other is None:
        return
    seen = session.scalars(access.visible_customers(actor).where(Customer.id == other.id)).first()
    if seen is None:
        raise Invalid([FieldError("tax_id", "tax_id_known")])
    raise Invalid([FieldError("tax_id", "tax_id_of", {"name": seen.name, "city": seen.city})])
