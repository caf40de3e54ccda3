"""The price list's own floor: operations in transactions of their own, by staff of the cast."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from mikroserwis.access import Actor
from mikroserwis.edge import Parts
from mikroserwis.models import PriceItem, User
from mikroserwis.prices import operations, queries
from tests.support.cast import PEOPLE

# 30 November in Warsaw already.
NOW = datetime(2026, 11, 29, 23, 30, tzinfo=UTC)
SCANNER = {"code": "SKANER", "name": "Skaner", "unit": "szt.", "net": "410,00", "vat_rate": "23"}


class Shop:
    """Acts on the price list at `now`, each in its transaction."""

    def __init__(self, parts: Parts) -> None:
        self.database = parts.database
        self.now = NOW
        with self.database.reading() as session:
            user = session.scalars(select(User).where(User.email == PEOPLE["admin"].email)).one()
            self.actor = Actor(user_id=user.id, name=user.name, role=user.role)

    def add(self, **changed: Any) -> str:
        """The code of a new item."""
        with self.database.transaction() as session:
            values = {**SCANNER, **changed}
            return operations.add_item(session, values, actor=self.actor, now=self.now).code

    def do(self, act: Callable[..., Any], code: str, *given: Any, **named: Any) -> Any:
        with self.database.transaction() as session:
            item_id = session.scalars(select(PriceItem.id).where(PriceItem.code == code)).one()
            item = queries.load(session, self.actor, item_id, "prices.edit")
            return act(session, item, *given, actor=self.actor, now=self.now, **named)

    def offer(self, code: str, **changed: Any) -> Any:
        given = {"name": "Jesień", "net": "399", "valid_from": "2026-11-10", "valid_until": "2026-11-30"}
        return self.do(operations.add_offer, code, {**given, **changed})

    def withdraw(self, code: str) -> None:
        """The item's newest offer."""

        def act(session: Any, item: PriceItem, **named: Any) -> None:
            operations.withdraw_offer(session, item, item.offers[-1], **named)

        self.do(act, code)

    def item(self, code: str) -> PriceItem:
        with self.database.reading() as session:
            query = select(PriceItem).where(PriceItem.code == code).options(selectinload(PriceItem.offers))
            return session.scalars(query).one()

    def told(self, code: str) -> list[tuple[str, Any]]:
        """Verb and particulars of what was done to the item, the newest first."""
        item = self.item(code)
        with self.database.reading() as session:
            return [(one.verb, queries.said(one)) for one in queries.last_changes(session, item)]


@pytest.fixture
def shop(parts: Parts) -> Shop:
    return Shop(parts)
