"""What the page of one customer shows, tab by tab."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from mikroserwis import access
from mikroserwis.access import Actor
from mikroserwis.consents.presenting import customer_tab
from mikroserwis.customers import queries
from mikroserwis.customers.presenting.common import changes
from mikroserwis.customers.wording import FIELDS
from mikroserwis.i18n import country_label, lazy, say_number
from mikroserwis.models import Customer, File, User
from mikroserwis.pricing import say_amount
from mikroserwis.tax_ids import number_name

TABS: dict[str, Any] = {
    "details": lazy("Details"),
    "account": lazy("Account"),
    "consents": lazy("Consents"),
    "orders": lazy("Orders"),
    "documents": lazy("Documents"),
    "files": lazy("Files"),
    "history": lazy("History"),
}
_QUOTES: dict[str, Any] = {
    "issued": lazy("Issued"),
    "accepted": lazy("Accepted"),
    "declined": lazy("Declined"),
    "superseded": lazy("Superseded"),
}
_KILOBYTE = 1024


def customer_page(session: Session, customer: Customer, actor: Actor, tab: str, *, before: int = 0) -> dict[str, Any]:
    """The head and one tab; an unknown one is the first."""
    present = tab if tab in TABS else "details"
    return {
        "customer": customer,
        "country": country_label(customer.country),
        "number_name": number_name(customer.country),
        "owner": queries.owner(session, customer),
        "labels": FIELDS,
        "list_url": url_for("customers.index"),
        "edit_url": url_for("customers.edit", customer_id=customer.id),
        "tab": present,
        "tabs": [(label, tab_url(customer, one), one == present) for one, label in TABS.items()],
        "problems": [],
        "errors": {},
        **_TABS[present](session, customer, actor, before),
    }


def tab_url(customer: Customer, tab: str, **more: Any) -> str:
    named: dict[str, Any] = {} if tab == "details" else {"tab": tab}
    return url_for("customers.show", customer_id=customer.id, **named, **more)


def _details(session: Session, customer: Customer, actor: Actor, _before: int) -> dict[str, Any]:
    of: dict[str, Any] = {"customer_id": customer.id}
    relations = access.role_relations(actor)
    assigns = access.may("customers.assign", relations)
    return {
        "contacts": [
            (one, url_for("customers.contact", contact_id=one.id, **of)) for one in queries.contacts(session, customer)
        ],
        "new_contact_url": url_for("customers.new_contact", **of),
        "points": [
            (one, url_for("customers.point", point_id=one.id, **of)) for one in queries.points(session, customer)
        ],
        "new_point_url": url_for("customers.new_point", **of),
        "sellers": [(str(one.id), one.name) for one in _sellers(session, customer)] if assigns else None,
        "owner_url": url_for("customers.set_owner", **of),
        "delete_url": url_for("customers.remove", **of) if access.may("customers.delete", relations) else None,
    }


def _sellers(session: Session, customer: Customer) -> list[User]:
    """With the present one, be it blocked: who saves the form without choosing takes it from nobody."""
    found, present = queries.sellers(session), queries.owner(session, customer)
    return found if present is None or present in found else [present, *found]


def _account(session: Session, customer: Customer, actor: Actor, _before: int) -> dict[str, Any]:
    makes = access.may("accounts.clients", access.role_relations(actor))
    return {
        "people": [
            {
                "name": one.user.name,
                "email": one.user.email,
                "state": one.user.state,
                "signed_in_at": one.signed_in_at,
                "url": url_for("people.show", user_id=one.user.id) if makes else None,
            }
            for one in queries.accounts(session, customer)
        ],
        "new_person_url": url_for("people.new", customer=customer.id) if makes else None,
    }


def _orders(session: Session, customer: Customer, _actor: Actor, _before: int) -> dict[str, Any]:
    found, total = queries.orders(session, customer), queries.count_orders(session, customer)
    return {
        "orders": [(one, url_for("tickets.show", number=one.number)) for one in found],
        "total": total,
        "all_url": url_for("tickets.index", tax_id=customer.tax_id) if total > len(found) else None,
    }


def _documents(session: Session, customer: Customer, _actor: Actor, _before: int) -> dict[str, Any]:
    papers = queries.papers(session, customer)
    return {
        "quotes": [
            {
                "name": f"W/{number}/{one.number}",
                "url": url_for("tickets.quote_paper", number=number, version=one.number, ending="pdf"),
                "state": _QUOTES[one.state],
                "made_on": one.made_on,
                "gross": f"{say_amount(one.gross)} {one.currency}",
                "ticket": _ticket(number),
            }
            for one, number in papers.quotes
        ],
        "signed": [_file(one, number) for one, number in papers.signed],
        "invoices": [
            {
                "name": one.number,
                "url": url_for("tickets.file", file_id=one.file_id),
                "issued_on": one.issued_on,
                "gross": say_amount(one.gross),
                "ticket": _ticket(number),
            }
            for one, number in papers.invoices
        ],
        "most": queries.MOST,
    }


def _files(session: Session, customer: Customer, _actor: Actor, _before: int) -> dict[str, Any]:
    return {"files": [_file(*one) for one in queries.files(session, customer)], "most": queries.MOST}


def _history(session: Session, customer: Customer, _actor: Actor, before: int) -> dict[str, Any]:
    trail = queries.trail(session, customer, before)
    return {
        "events": changes(trail.events),
        "pages": {
            "older_url": tab_url(customer, "history", before=trail.older) if trail.older else None,
            "newest_url": tab_url(customer, "history") if before else None,
        },
    }


_TABS: Mapping[str, Callable[[Session, Customer, Actor, int], dict[str, Any]]] = {
    "details": _details,
    "account": _account,
    "consents": lambda session, customer, actor, _before: customer_tab(session, customer, actor),
    "orders": _orders,
    "documents": _documents,
    "files": _files,
    "history": _history,
}


def _ticket(number: int) -> dict[str, Any]:
    return {"number": number, "url": url_for("tickets.show", number=number)}


def _file(file: File, number: int) -> dict[str, Any]:
    return {
        "name": file.name,
        "url": url_for("tickets.file", file_id=file.id),
        "kind": file.kind,
        "version": file.version,
        "size": f"{say_number(-(-file.size // _KILOBYTE))} kB",
        "at": file.uploaded_at,
        "by": file.uploaded_by,
        "state": "rejected" if file.rejected_at else "replaced" if file.replaced_at else "",
        "ticket": _ticket(number),
    }
