"""Companies and their shops: how they are checked, changed, found and repeated by tickets, whoever edits them."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from sqlalchemy import String, cast, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from mikroserwis.errors import Conflict
from mikroserwis.field_checks import checked
from mikroserwis.models import Counter, Customer, RetailPoint, Ticket
from mikroserwis.rulebook import RULES
from mikroserwis.tax_ids import HOME
from mikroserwis.textkeys import digits, fold, sort_key

COMPANY_LENGTHS = {
    "tax_id": 20,
    "name": 200,
    "regon": 20,
    "street": 200,
    "postal_code": 12,
    "city": 100,
    "phone": 40,
    "email": 254,
    "iban": 42,
    "representative": 200,
    "account_manager_name": 200,
    "account_manager_phone": 40,
    "account_manager_email": 254,
}
POINT_LENGTHS = {
    "name": 200,
    "street": 200,
    "postal_code": 12,
    "city": 100,
    "phone": 40,
    "email": 254,
    "contact": 200,
    "opening_hours": 200,
}
# Without these no shop is found: they are never empty.
POINT_FIELDS = ("name", "street", "postal_code", "city")
_SEARCHED = 500


def company(
    values: Mapping[str, Any], *, required: tuple[str, ...] = ("tax_id", "name"), country: str = HOME
) -> dict[str, str]:
    """Clean company fields. Raises Invalid naming every wrong one."""
    return checked(values, COMPANY_LENGTHS, required, country)


def point(values: Mapping[str, Any], *, required: tuple[str, ...] = (), country: str = HOME) -> dict[str, str]:
    """Clean fields of a retail point. Raises Invalid naming every wrong one."""
    return checked(values, POINT_LENGTHS, required, country)


def keep(record: Customer | RetailPoint, values: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """Set what differs: {name: (old, new)}. A customer is found and sorted by it from now on."""
    changes: dict[str, tuple[str, str]] = {}
    for name, value in values.items():
        old = getattr(record, name)
        if old != value:
            changes[name] = (old, value)
            setattr(record, name, value)
    if changes and isinstance(record, Customer):
        key(record)
    return changes


def key(customer: Customer) -> None:
    """What the list of customers sorts by and searches in."""
    customer.name_key = sort_key(customer.name)
    # A field that a new record doesn't have is empty when it is written.
    texts = [getattr(customer, name) or "" for name in ("tax_id", "name", "city", "street", "email", "postal_code")]
    figures = f"{digits(texts[0])} {digits(customer.phone or '')}"
    customer.search = fold(f"{' '.join(texts)} {figures}")[:_SEARCHED]


def check_version(record: Customer | RetailPoint, version: int | None, values: Mapping[str, str]) -> None:
    """Raises Conflict naming each field that differs now from what is being sent: theirs and yours."""
    if version is None or version == record.version:
        return
    differing = {
        name: (getattr(record, name), value) for name, value in values.items() if getattr(record, name) != value
    }
    raise Conflict("changed_meanwhile", fields=differing, version=record.version)


def holder(session: Session, tax_id: str) -> Customer | None:
    """Whoever has this tax id."""
    with session.no_autoflush:
        return session.scalars(select(Customer).where(Customer.tax_id == tax_id)).one_or_none()


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


def free_point_id(session: Session) -> int:
    """The next number that no shop has."""
    while True:
        number = next_number(session, "point", RULES.numbers.points_from)
        if session.get(RetailPoint, number) is None:
            return number


def next_number(session: Session, name: str, first: int) -> int:
    """The next number under a name; none is given twice, for its row is locked until the transaction ends."""
    counter = lock(session, name, first - 1)
    counter.value += 1
    session.flush()
    return counter.value


def lock(session: Session, name: str, value: int = 0) -> Counter:
    """The counter's row, held until the transaction ends; made with this value where there is none."""
    counter = session.get(Counter, name, with_for_update=True, populate_existing=True)
    if counter is None:
        with suppress(IntegrityError), session.begin_nested():
            session.add(Counter(name=name, value=value))
        counter = session.get_one(Counter, name, with_for_update=True, populate_existing=True)
    return counter
