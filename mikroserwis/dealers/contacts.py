"""The vendors' people for an area (RMS, RKS): read, and kept by staff."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from mikroserwis import access, history
from mikroserwis.access import Actor
from mikroserwis.db import WRITE
from mikroserwis.dealers import forms
from mikroserwis.dealers.queries import LAST_CHANGES, events_of
from mikroserwis.errors import Conflict, FieldError, Invalid, NotFound
from mikroserwis.models import Event, VendorContact
from mikroserwis.rulebook import RULES

# What makes a contact the only one.
KEY = ("type", "role", "prefix")


def every(session: Session, actor: Actor, permission: str = "dealers.see") -> list[VendorContact]:
    """By type in the rules' order, role and prefix; the whole country first. Raises Forbidden."""
    access.require(permission, access.role_relations(actor))
    order = {name: place for place, name in enumerate(RULES.type_names)}
    rows = session.scalars(select(VendorContact))
    return sorted(rows, key=lambda one: (order.get(one.type, len(order)), one.type, one.role, one.prefix))


def load(session: Session, actor: Actor, contact_id: int, permission: str) -> VendorContact:
    """The contact, held in a writing transaction. Raises Forbidden, NotFound."""
    access.require(permission, access.role_relations(actor))
    query = select(VendorContact).where(VendorContact.id == contact_id)
    if session.info.get(WRITE):
        query = query.with_for_update()
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound(record="vendor_contact", id=contact_id)
    return found


def add_contact(session: Session, values: Mapping[str, Any], *, actor: Actor, now: datetime) -> VendorContact:
    """A new one, shown at the sub-tickets of its area at once. Raises Invalid."""
    clean = forms.contact(values, new=True)
    _is_free(session, {"prefix": "", **clean}, None)
    contact = VendorContact(**clean)
    session.add(contact)
    session.flush()
    changes = {name: ("", value) for name, value in texts(contact).items() if value}
    history.record(session, "contact_add", actor=actor, now=now, vendor_contact=contact, changes=changes)
    return contact


def change_contact(
    session: Session,
    contact: VendorContact,
    values: Mapping[str, Any],
    *,
    version: int | None,
    actor: Actor,
    now: datetime,
) -> dict[str, tuple[str, str]]:
    """Changed fields as {name: (old, new)}. Raises Invalid; Conflict if it was changed since `version` was read."""
    clean, kept = forms.contact(values, new=False), texts(contact)
    differing = {name: (kept[name], value) for name, value in clean.items() if kept[name] != value}
    if differing and version not in {None, contact.version}:
        raise Conflict("changed_meanwhile", fields=differing, version=contact.version)
    if differing:
        _is_free(session, {**kept, **clean}, contact)
        for name, value in clean.items():
            setattr(contact, name, value)
        history.record(session, "contact_change", actor=actor, now=now, vendor_contact=contact, changes=differing)
        session.flush()
    return differing


def delete_contact(session: Session, contact: VendorContact, *, version: int, actor: Actor, now: datetime) -> None:
    """Its area falls to the contact with the next shorter prefix, if there is one.

    Raises Conflict if it was changed since `version` was read: what is deleted has been seen.
    """
    if version != contact.version:
        raise Conflict("changed_meanwhile")
    changes = {name: (value, "") for name, value in texts(contact).items() if value}
    history.record(session, "contact_delete", actor=actor, now=now, vendor_contact=contact, changes=changes)
    session.delete(contact)
    session.flush()


def texts(contact: VendorContact) -> dict[str, str]:
    """The fields as forms, history and the API write them."""
    return {name: getattr(contact, name) for name in forms.CONTACT_LENGTHS}


def changes_of(session: Session, contact: VendorContact, limit: int = LAST_CHANGES) -> list[Event]:
    """Newest first."""
    return events_of(session, Event.vendor_contact_id, contact.id, "contact_delete", limit)


def last_changes(session: Session, limit: int = LAST_CHANGES) -> list[Event]:
    """Of all contacts, deleted ones too, the newest first."""
    query = select(Event).where(Event.vendor_contact_id > 0)
    # The sum keeps the database from walking through the whole history for the order: contacts have an index.
    return list(session.scalars(query.order_by((Event.id + 0).desc()).limit(limit)))


def _is_free(session: Session, wanted: Mapping[str, str], but: VendorContact | None) -> None:
    """Raises Invalid: there is one for this type, role and area already."""
    query = select(VendorContact).filter_by(**{name: wanted[name] for name in KEY})
    with session.no_autoflush:
        other = next((one for one in session.scalars(query) if one is not but), None)
    if other is not None:
        raise Invalid([FieldError("prefix", "contact_taken", {"name": other.name, "prefix": other.prefix})])
