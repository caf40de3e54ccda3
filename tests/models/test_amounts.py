"""Sums of money come back from either database as they went in."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import StatementError

from mikroserwis import migrate
from mikroserwis.db import Database
from mikroserwis.models import PriceItem

NOW = datetime(2026, 11, 21, tzinfo=UTC)


def item(code: str, net: str) -> PriceItem:
    return PriceItem(
        code=code,
        name=code,
        name_key=code,
        unit="szt.",
        net=Decimal(net),
        vat_rate="23",
        created_at=NOW,
        changed_at=NOW,
    )


def test_amounts_are_exact_and_can_be_compared_and_added_up(empty: Engine):
    migrate.upgrade(empty)
    database = Database(empty)
    with database.transaction() as session:
        session.add_all([item("a", "0.10"), item("b", "0.20"), item("c", "9999999999.99"), item("d", "-5")])
    with database.reading() as session:
        kept = {one.code: one.net for one in session.scalars(select(PriceItem))}
        assert kept == {"a": Decimal("0.10"), "b": Decimal("0.20"), "c": Decimal("9999999999.99"), "d": Decimal(-5)}
        assert str(kept["a"]) == "0.10"
        total = session.scalars(select(func.sum(PriceItem.net)).where(PriceItem.net < Decimal(1))).one()
        assert total == Decimal("-4.70")


def test_an_amount_with_a_part_of_a_grosz_is_not_rounded_in_silence(empty: Engine):
    migrate.upgrade(empty)
    with Database(empty).session(write=True) as session:
        session.add(item("a", "0.105"))
        with pytest.raises(StatementError, match="digits after the point"):
            session.flush()
