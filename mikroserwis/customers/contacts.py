"""A customer's people: several for each, with role, phone and e-mail."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from mikroserwis import history
from mikroserwis.access import Actor
from mikroserwis.customers import forms
from mikroserwis.errors import Conflict
from mikroserwis.models import Customer, CustomerContact


def add_contact(
    session: Session, customer: Customer, values: Mapping[str, Any], *, actor: Actor, now: datetime
) -> CustomerContact:
    """Raises Invalid."""
    contact = CustomerContact(customer_id=customer.id, **forms.contact(values, new=True, country=customer.country))
    session.add(contact)
    session.flush()
    changes = {name: ("", value) for name, value in texts(contact).items() if value}
    _record(session, "add", customer, contact, changes, actor=actor, now=now)
    return contact


def change_contact(
    session: Session,
    customer: Customer,
    contact: CustomerContact,
    values: Mapping[str, Any],
    *,
    version: int | None,
    actor: Actor,
    now: datetime,
) -> dict[str, tuple[str, str]]:
    """Changed fields as {name: (old, new)}. Raises Invalid; Conflict if it was changed since `version` was read."""
    clean, kept = forms.contact(values, new=False, country=customer.country), texts(contact)
    differing = {name: (kept[name], value) for name, value in clean.items() if kept[name] != value}
    if differing and version not in {None, contact.version}:
        raise Conflict("changed_meanwhile", fields=differing, version=contact.version)
    if differing:
        for name, value in clean.items():
            setattr(contact, name, value)
        session.flush()
        _record(session, "change", customer, contact, differing, actor=actor, now=now)
    return differing


def delete_contact(
    session: Session, customer: Customer, contact: CustomerContact, *, version: int, actor: Actor, now: datetime
) -> None:
    """From the customer's people; the row stays until it is made anonymous, as the history names the person.

    Raises Conflict if it was changed since `version` was read: what is deleted has been seen.
    """
    if version != contact.version:
        raise Conflict("changed_meanwhile")
    changes = {name: (value, "") for name, value in texts(contact).items() if value}
    _record(session, "delete", customer, contact, changes, actor=actor, now=now)
    contact.removed_at = now
    session.flush()


def texts(contact: CustomerContact) -> dict[str, str]:
    """The fields as forms, history and the API write them."""
    return {name: getattr(contact, name) or "" for name in forms.CONTACT_LENGTHS}


def _record(
    session: Session,
    act: str,
    customer: Customer,
    contact: CustomerContact,
    changes: Mapping[str, tuple[str, str]],
    *,
    actor: Actor,
    now: datetime,
) -> None:
    whom: dict[str, Any] = {"contact": contact.id, "name": contact.name}
    verb = f"customer_contact_{act}"
    history.record(session, verb, actor=actor, now=now, customer=customer, changes=changes, **whom)
