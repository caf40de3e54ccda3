"""The forms of a customer, of its people and of its shops."""

from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from mikroserwis import access
from mikroserwis.access import Actor
from mikroserwis.customers import contacts, operations, points, queries
from mikroserwis.customers.presenting.customer_page import tab_url
from mikroserwis.customers.presenting.list_page import countries
from mikroserwis.customers.wording import FIELDS
from mikroserwis.models import Customer, CustomerContact, RetailPoint
from mikroserwis.tax_ids import HOME


def new_page(session: Session, actor: Actor) -> dict[str, Any]:
    """An empty form; who owns it is asked of staff alone."""
    assigns = access.may("customers.assign", access.role_relations(actor))
    return {
        **_form(url_for("customers.create"), url_for("customers.index")),
        "customer": None,
        "countries": countries(),
        "sellers": [(str(one.id), one.name) for one in queries.sellers(session)] if assigns else None,
        "values": {"country": HOME},
        "version": None,
    }


def form_page(customer: Customer) -> dict[str, Any]:
    """The form as it is kept."""
    return {
        **_form(url_for("customers.save", customer_id=customer.id), tab_url(customer, "details")),
        "customer": customer,
        "countries": countries(),
        "sellers": None,
        "values": operations.texts(customer),
        "version": customer.version,
    }


def contact_page(customer: Customer, contact: CustomerContact | None) -> dict[str, Any]:
    """One of the customer's people, or an empty form."""
    of: dict[str, Any] = {"customer_id": customer.id}
    action = (
        url_for("customers.save_contact", contact_id=contact.id, **of)
        if contact
        else url_for("customers.create_contact", **of)
    )
    return {
        **_form(action, f"{tab_url(customer, 'details')}#people"),
        "customer": customer,
        "contact": contact,
        "values": contacts.texts(contact) if contact else {},
        "version": contact.version if contact else None,
        "delete_url": url_for("customers.remove_contact", contact_id=contact.id, **of) if contact else None,
    }


def point_page(customer: Customer, point: RetailPoint | None, actor: Actor) -> dict[str, Any]:
    """One of its shops, or an empty form; a shop of its own address is rare, so the customer's stands there."""
    of: dict[str, Any] = {"customer_id": customer.id}
    action = (
        url_for("customers.save_point", point_id=point.id, **of) if point else url_for("customers.create_point", **of)
    )
    may_delete = access.may("customers.delete", access.role_relations(actor))
    address = {name: getattr(customer, name) for name in ("name", "street", "postal_code", "city", "phone", "email")}
    return {
        **_form(action, f"{tab_url(customer, 'details')}#points"),
        "customer": customer,
        "point": point,
        "asks_number": point is None and actor.is_staff,
        "values": points.texts(point) if point else address,
        "version": point.version if point else None,
        "delete_url": url_for("customers.remove_point", point_id=point.id, **of) if point and may_delete else None,
    }


def _form(action: str, back_url: str) -> dict[str, Any]:
    return {
        "action": action,
        "back_url": back_url,
        "list_url": url_for("customers.index"),
        "labels": FIELDS,
        "errors": {},
        "problems": [],
        "conflict": None,
    }
