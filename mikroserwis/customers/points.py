"""A customer's shops: entered and changed beside the tickets that work there."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from mikroserwis import access, companies, history
from mikroserwis.access import Actor
from mikroserwis.companies import POINT_LENGTHS
from mikroserwis.customers import forms, queries
from mikroserwis.errors import Blocker, Conflict, FieldError, Invalid, Refused
from mikroserwis.models import Customer, RetailPoint


def add_point(
    session: Session, customer: Customer, values: Mapping[str, Any], *, actor: Actor, now: datetime
) -> RetailPoint:
    """With the next free number, unless staff name the one that the stations know already. Raises Invalid."""
    clean, number = forms.point(values, new=True, country=customer.country), forms.point_number(values)
    if number is None:
        number = companies.free_point_id(session)
    elif not actor.is_staff:
        raise Invalid([FieldError("number", "number_is_given_by_staff")])
    else:
        _number_is_free(session, number, actor)
    point = RetailPoint(id=number, customer_id=customer.id, **clean)
    session.add(point)
    session.flush()
    changes = {name: ("", value) for name, value in texts(point).items() if value}
    history.record(session, "customer_point_add", actor=actor, now=now, customer=customer, point=point, changes=changes)
    return point


def change_point(
    session: Session,
    customer: Customer,
    point: RetailPoint,
    values: Mapping[str, Any],
    *,
    version: int | None,
    actor: Actor,
    now: datetime,
) -> dict[str, tuple[str, str]]:
    """Changed fields as {name: (old, new)}. Raises Invalid; Conflict if it was changed since `version` was read.

    A dealer at work there still has to look through it and save it: only who stands in the shop can vouch for it.
    """
    clean = forms.point(values, new=False, country=customer.country)
    differing = {name: value for name, value in clean.items() if getattr(point, name) != value}
    if differing:
        companies.check_version(point, version, differing)
    changes = companies.keep(point, differing)
    if changes:
        session.flush()
        history.record(session, "point", actor=actor, now=now, customer=customer, point=point, changes=changes)
    return changes


def delete_point(
    session: Session, customer: Customer, point: RetailPoint, *, version: int, actor: Actor, now: datetime
) -> None:
    """Only one where no ticket ever worked. Raises Refused; Conflict if it was changed since `version` was read."""
    used = queries.referring_to_point(session, point)
    if used:
        raise Refused("delete", [Blocker("point_is_unused", {"count": used})])
    if version != point.version:
        raise Conflict("changed_meanwhile")
    changes = {name: (value, "") for name, value in texts(point).items() if value}
    verb, number = "customer_point_delete", point.id
    history.record(session, verb, actor=actor, now=now, customer=customer, changes=changes, number=number)
    session.delete(point)
    session.flush()


def texts(point: RetailPoint) -> dict[str, str]:
    """The fields as forms, history and the API write them."""
    return {name: getattr(point, name) or "" for name in POINT_LENGTHS}


def _number_is_free(session: Session, number: int, actor: Actor) -> None:
    taken = session.get(RetailPoint, number)
    if taken is None:
        return
    of = session.scalars(access.visible_customers(actor).where(Customer.id == taken.customer_id)).first()
    raise Invalid([FieldError("number", "point_number_taken", {"number": number, "name": of.name if of else ""})])
