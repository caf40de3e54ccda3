"""Mailboxes and telephones that several have: a company's, an office's, a family's. They aren't one person's data."""

from collections.abc import Collection
from typing import Any, Literal

from sqlalchemy import ColumnElement, and_, func, select, true
from sqlalchemy.orm import Session

from mikroserwis.consenting import Person
from mikroserwis.models import Customer, CustomerContact, Dealer, RetailPoint, User, VendorContact


def is_shared(session: Session, person: Person, field: Literal["email", "phone"], values: Collection[str]) -> bool:
    """Whether somebody else here still has it; `values` are the ways to write it."""
    wanted = {one.lower() if field == "email" else one.replace(" ", "").replace("-", "") for one in values}
    others: dict[Any, ColumnElement[bool]] = {
        User: and_(User.id != (person.user_id or 0), User.removed_at.is_(None)),
        CustomerContact: CustomerContact.id != (person.contact_id or 0),
        **dict.fromkeys((Customer, RetailPoint, VendorContact, Dealer), true()),
    }
    for kind, which in others.items():
        column = getattr(kind, field)
        plain = func.lower(column) if field == "email" else func.replace(func.replace(column, " ", ""), "-", "")
        if session.scalar(select(kind.id).where(which, plain.in_(wanted)).limit(1)) is not None:
            return True
    return False
