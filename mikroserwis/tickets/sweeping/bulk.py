"""Rows written many at a time within a session's transaction, by the quickest way of each database."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, BigInteger, ColumnElement, func, literal, select, text
from sqlalchemy.orm import Session

from mikroserwis.db import Base, Moment

Rows = Sequence[Sequence[Any]]


def among(session: Session, column: Any, ids: Sequence[int]) -> ColumnElement[bool]:
    """The column's value is one of these numbers, which go to the database as one value however many they are."""
    if session.get_bind().dialect.name == "postgresql":
        found: ColumnElement[bool] = column == func.any(literal(list(ids), ARRAY(BigInteger)))
        return found
    each = func.json_each(json.dumps(list(ids))).table_valued("value")
    among_them: ColumnElement[bool] = column.in_(select(each.c.value))
    return among_them


class Bulk:
    """PostgreSQL takes rows by COPY and changes by arrays, SQLite both by prepared statements.

    Nothing is filled in or converted: columns without a default of the database's own must be given, and moments as
    `moment` returns them.
    """

    def __init__(self, session: Session) -> None:
        self._connection = session.connection()
        self._is_postgres = self._connection.dialect.name == "postgresql"
        dialect = self._connection.dialect
        self._process = Moment().dialect_impl(dialect).bind_processor(dialect)
        self._moments: dict[datetime, Any] = {}

    def moment(self, at: datetime) -> Any:
        """As the database keeps it; a batch has few different ones."""
        if self._process is None:
            return at
        if at not in self._moments:
            self._moments[at] = self._process(at)
        return self._moments[at]

    def ids(self, model: type[Base], count: int) -> Sequence[int]:
        """New ids in order; on SQLite nobody else writes meanwhile."""
        table: Any = model.__table__
        if self._is_postgres:
            serial = text("SELECT nextval(pg_get_serial_sequence(:name, 'id')) FROM generate_series(1, :count)")
            return self._connection.execute(serial, {"name": table.name, "count": count}).scalars().all()
        last = self._connection.execute(select(func.coalesce(func.max(table.c.id), 0))).scalar_one()
        return range(last + 1, last + 1 + count)

    def insert(self, model: type[Base], columns: Sequence[str], rows: Rows) -> None:
        """`rows` bear the values in the order of `columns`."""
        if not rows:
            return
        named = ", ".join(columns)
        if self._is_postgres:
            driver: Any = self._connection.connection.driver_connection
            with driver.cursor() as cursor, cursor.copy(f"COPY {model.__tablename__} ({named}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join("?" * len(columns))
            statement = f"INSERT INTO {model.__tablename__} ({named}) VALUES ({marks})"  # noqa: S608
            self._connection.exec_driver_sql(statement, list(rows))
