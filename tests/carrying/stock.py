"""Rows in every table, with what databases treat each in its own way."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Boolean, Column, Date, Engine, Integer, LargeBinary, String, Table, insert

from mikroserwis.carrying.rows import TABLES
from mikroserwis.db import Amount, Moment

ROWS = 3
LONG = "Zażółć gęślą jaźń – “umowa”\n\\N\t\U0001f4c4 " * 3000
MOMENT = datetime(2026, 10, 25, 1, 30, 0, 123456, UTC)


def value(column: Column[Any], row: int) -> Any:
    """References name the row of the same number; the last row is empty where it may be."""
    if column.nullable and row == ROWS:
        return None
    if column.foreign_keys:
        [reference] = column.foreign_keys
        return value(reference.column, row)
    kind = column.type
    if isinstance(kind, String):
        text = f"{row} {column.name} ąęłżź {LONG if kind.length is None else ''}"
        return text[: kind.length]
    made = {
        Boolean: row == 1,
        Integer: row,
        Amount: Decimal(row).scaleb(-1) - 1,
        Moment: MOMENT + timedelta(hours=row),
        Date: date(2026, 2, 28) + timedelta(days=row),
        LargeBinary: bytes([0, row, 255]),
    }
    return next(one for of, one in made.items() if isinstance(kind, of))


def fill(engine: Engine, *, only: set[str] | None = None) -> None:
    """ROWS rows in each table."""
    with engine.execution_options(write=True).begin() as connection:
        for table in TABLES:
            if only is None or table.name in only:
                connection.execute(insert(table), [_row(table, row) for row in range(1, ROWS + 1)])


def _row(table: Table, row: int) -> dict[str, Any]:
    return {column.name: value(column, row) for column in table.columns}
