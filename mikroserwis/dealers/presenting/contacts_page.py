"""What the pages of the vendors' contacts show."""

from itertools import groupby
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from mikroserwis.access import Actor, may, role_relations
from mikroserwis.dealers import contacts
from mikroserwis.dealers.presenting.common import changes
from mikroserwis.dealers.presenting.list_page import sections
from mikroserwis.dealers.wording import FIELDS, ROLES, prefix_words
from mikroserwis.models import VendorContact
from mikroserwis.rulebook import RULES, type_label


def list_page(session: Session, actor: Actor) -> dict[str, Any]:
    """By type and role, the whole country first."""
    rows = contacts.every(session, actor)
    return {
        "sections": sections("dealers.contacts"),
        "groups": [
            {
                "type": type_label(type_),
                "role": ROLES.get(role, role),
                "rows": [_row(one) for one in group],
                "country": any(one.type == type_ and one.role == role and not one.prefix for one in rows),
            }
            for (type_, role), group in groupby(rows, key=lambda one: (one.type, one.role))
        ],
        "missing": [
            (type_label(type_), ROLES[role])
            for type_ in RULES.type_names
            for role in ROLES
            if not any(one.type == type_ and one.role == role for one in rows)
        ],
        "new_url": url_for("dealers.new_contact"),
        "changes": changes(contacts.last_changes(session)),
    }


def form_page(session: Session, actor: Actor, contact: VendorContact) -> dict[str, Any]:
    """The form as it is kept, with what was done to it."""
    return {
        **_form(url_for("dealers.save_contact", contact_id=contact.id)),
        "contact": contact,
        "values": contacts.texts(contact),
        "version": contact.version,
        "delete_url": url_for("dealers.remove_contact", contact_id=contact.id)
        if may("dealers.delete", role_relations(actor))
        else None,
        "changes": changes(contacts.changes_of(session, contact)),
    }


def new_page() -> dict[str, Any]:
    """An empty form."""
    return {**_form(url_for("dealers.create_contact")), "contact": None, "values": {}, "version": None}


def _row(one: VendorContact) -> dict[str, Any]:
    return {
        "url": url_for("dealers.contact", contact_id=one.id),
        "area": prefix_words(one.prefix),
        "vendor": one.vendor,
        "name": one.name,
        "phone": one.phone,
        "email": one.email,
    }


def _form(action: str) -> dict[str, Any]:
    return {
        "action": action,
        "list_url": url_for("dealers.contacts"),
        "labels": FIELDS,
        "types": [(name, type_label(name)) for name in RULES.type_names],
        "roles": list(ROLES.items()),
        "errors": {},
        "problems": [],
        "conflict": None,
    }
