"""Rows written many at a time within a session's transaction, by the quickest way of each database."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from mikroserwis.db import Base, Moment

Rows = Sequence[Sequence[Any]]


class Bulk:
    """PostgreSQL takes rows by COPY and changes by arrays, SQLite both by prepared statements.

    Nothing is filled in: columns without a default of the database's own must be given, changes raise no version.
    """

    def __init__(self, session: Session) -> None:
        self._connection = session.connection()
        self._is_postgres = self._connection.dialect.name == "postgresql"
        self._stored = _moments(self._connection.dialect)

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
            self._run(f"INSERT INTO {model.__tablename__} ({named}) VALUES ({marks})", rows)  # noqa: S608

    def update(self, model: type[Base], columns: Sequence[str], rows: Rows, raised: Iterable[str] = ()) -> None:
        """Set `columns` of the rows whose id stands last in each of `rows`; columns in `raised` go up by one."""
        if not rows:
            return
        table = model.__tablename__
        ups = [f"{name} = {table}.{name} + 1" for name in raised]
        if self._is_postgres:
            sets = ", ".join([*(f"{name} = given.{name}" for name in columns), *ups])
            named = (*columns, "id")
            arrays = ", ".join(f"%s::{_type(model.__table__, name, self._connection.dialect)}[]" for name in named)
            self._connection.exec_driver_sql(
                f"UPDATE {table} SET {sets} FROM unnest({arrays}) AS given({', '.join(named)}) "  # noqa: S608
                f"WHERE {table}.id = given.id",
                tuple(list(values) for values in zip(*rows, strict=True)),
            )
        else:
            sets = ", ".join([*(f"{name} = ?" for name in columns), *ups])
            self._run(f"UPDATE {table} SET {sets} WHERE id = ?", rows)  # noqa: S608

    def _run(self, statement: str, rows: Rows) -> None:
        stored = self._stored
        self._connection.exec_driver_sql(
            statement, [tuple(stored[one] if isinstance(one, datetime) else one for one in row) for row in rows]
        )


def _type(table: Any, name: str, dialect: Any) -> str:
    found: str = table.c[name].type.compile(dialect)
    return found


def _moments(dialect: Any) -> Mapping[datetime, Any]:
    """Moments as SQLite keeps them; a batch has few different ones."""
    process = Moment().bind_processor(dialect)

    class Stored(dict[datetime, Any]):
        def __missing__(self, moment: datetime) -> Any:
            self[moment] = found = process(moment) if process else moment
            return found

    return Stored()
