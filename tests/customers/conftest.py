"""The customers' own floor: operations in transactions of their own, by people of the cast."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from mikroserwis.access import Actor
from mikroserwis.access import customer as load
from mikroserwis.customers import operations, queries
from mikroserwis.edge import Parts
from mikroserwis.models import Customer, CustomerUser, Ticket, User
from tests.support.cast import COMPANIES, PEOPLE, SAM

SHOP = {"name": "Sklep Łoś", "tax_id": "5252248481", "city": "Łódź", "phone": "600 700 800"}
MAREA: dict[str, Any] = {
    "name": "Marea SRL",
    "country": "RO",
    "tax_id": "RO 18547290",
    "postal_code": "010011",
    "city": "București",
}
SAM_TAX_ID = str(COMPANIES[SAM]["tax_id"])


class Counter:
    """Acts on customers at `now`, each in its transaction."""

    def __init__(self, parts: Parts) -> None:
        self.database = parts.database
        self.now = datetime.now(UTC)

    def user_id(self, who: str) -> int:
        with self.database.reading() as session:
            return session.scalars(select(User.id).where(User.email == PEOPLE[who].email)).one()

    def actor(self, who: str) -> Actor:
        return Actor(user_id=self.user_id(who), name=PEOPLE[who].name, role=PEOPLE[who].role)

    def add(self, who: str = "operator", **changed: Any) -> int:
        with self.database.transaction() as session:
            values = {**SHOP, **changed}
            return operations.add_customer(session, values, actor=self.actor(who), now=self.now).id

    def do(self, act: Callable[..., Any], customer_id: int, *given: Any, who: str = "operator", **named: Any) -> Any:
        with self.database.transaction() as session:
            found = load(session, self.actor(who), customer_id, "customers.edit")
            return act(session, found, *given, actor=self.actor(who), now=self.now, **named)

    def change(self, customer_id: int, *, version: int | None = None, who: str = "operator", **values: Any) -> Any:
        return self.do(operations.change_customer, customer_id, values, version=version, who=who)

    def sign_up(self, who: str, customer_id: int) -> None:
        """Somebody who has an account of this customer."""
        with self.database.transaction() as session:
            session.add(CustomerUser(user_id=self.user_id(who), customer_id=customer_id))

    def id(self, tax_id: str = SAM_TAX_ID) -> int:
        return self.customer(tax_id).id

    def customer(self, tax_id: str = SAM_TAX_ID) -> Customer:
        with self.database.reading() as session:
            return session.scalars(select(Customer).where(Customer.tax_id == tax_id)).one()

    def ticket(self, number: int = SAM) -> Ticket:
        with self.database.reading() as session:
            return session.scalars(select(Ticket).where(Ticket.number == number)).one()

    def told(self, customer_id: int) -> list[tuple[str, Any]]:
        """Verb and particulars of what was done to the customer, the newest first."""
        with self.database.reading() as session:
            trail = queries.trail(session, session.get_one(Customer, customer_id))
            return [(event.verb, queries.said(event)) for event, _ticket in trail.events]


@pytest.fixture
def counter(parts: Parts) -> Counter:
    return Counter(parts)
