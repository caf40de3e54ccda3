"""All rows of one database into another of any kind: read in one snapshot, written in one transaction, compared."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Engine, Table, func, insert, select, text
from sqlalchemy.exc import DBAPIError

from mikroserwis import migrate
from mikroserwis.carrying.errors import NotCarried
from mikroserwis.db import Amount, Database
from mikroserwis.models import Ticket

AT_ONCE = 1000
# A table comes after those that it names.
TABLES: Sequence[Table] = Ticket.metadata.sorted_tables
_WHOLE = 2**256


@dataclass(frozen=True)
class Content:
    """What a table holds. The digest is the sum of its rows' hashes: the same in whatever order a database gives them,
    which differs between databases for keys of text."""

    rows: int = 0
    digest: int = 0

    @property
    def short(self) -> str:
        return f"{self.digest:064x}"[:16]


@dataclass(frozen=True)
class Carried:
    """A table on both sides."""

    table: str
    content: Content


def copy(source: Engine, target: Engine, told: Callable[[Carried], None] = lambda _: None) -> list[Carried]:
    """Every table, compared on both sides before it is kept; all of them or none. Raises NotCarried, DBAPIError.

    Both have the newest schema, and the target holds not a single row.
    """
    for engine, name in ((source, "source"), (target, "target")):
        if not migrate.is_current(engine):
            raise NotCarried(f"The {name} has not the newest schema. Run `mikroserwis migrate` on it first.")
    done = []
    with Database(source).snapshot() as session, Database(target).transaction() as writing:
        reading, connection = session.connection(), writing.connection()
        _hold(connection)
        for table in TABLES:
            written = _carry(reading, connection, table)
            found = content(connection, table)
            if found != written:
                raise NotCarried(
                    f"{table.name}: {written.rows} rows ({written.short}) were read, but {found.rows} rows "
                    f"({found.short}) have arrived. Nothing was kept."
                )
            _go_on_counting(connection, table)
            done.append(Carried(table.name, written))
            told(done[-1])
    return done


def require_empty(connection: Connection) -> None:
    """Raises NotCarried naming a table with rows."""
    for table in TABLES:
        if connection.execute(select(text("1")).select_from(table).limit(1)).first() is not None:
            raise NotCarried(f"The target is in use: there are rows in {table.name}. Nothing was written to it.")


def content(connection: Connection, table: Table) -> Content:
    return _summed(_batches(connection, table), table)


def _hold(connection: Connection) -> None:
    """Nobody writes to the target meanwhile: SQLite has locked it by now."""
    if connection.dialect.name == "postgresql":
        names = ", ".join(connection.dialect.identifier_preparer.format_table(table) for table in TABLES)
        connection.execute(text(f"LOCK TABLE {names} IN EXCLUSIVE MODE"))
    require_empty(connection)


def _batches(connection: Connection, table: Table) -> Iterator[Sequence[Any]]:
    with connection.execute(select(table), execution_options={"stream_results": True}) as result:
        yield from result.partitions(AT_ONCE)


def _carry(reading: Connection, writing: Connection, table: Table) -> Content:
    def sent() -> Iterator[Sequence[Any]]:
        for rows in _batches(reading, table):
            _write(writing, table, [dict(row._mapping) for row in rows])
            yield rows

    return _summed(sent(), table)


def _write(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    try:
        with connection.begin_nested():
            connection.execute(insert(table), rows)
    except DBAPIError as error:
        if len(rows) > 1:
            # Which one it is that the other database refuses: the next round names it.
            for row in rows:
                _write(connection, table, [row])
        key = ", ".join(f"{column.name} {rows[0][column.name]!r}" for column in table.primary_key)
        reason = str(error.orig).splitlines()[0]
        raise NotCarried(f"{table.name}, {key}: the target refuses this row: {reason}. Nothing was kept.") from error


def _summed(batches: Iterator[Sequence[Any]], table: Table) -> Content:
    amounts = [index for index, column in enumerate(table.columns) if isinstance(column.type, Amount)]
    number = digest = 0
    for rows in batches:
        number += len(rows)
        for row in rows:
            values = list(row)
            for index in amounts:
                values[index] = _plain(values[index])
            hashed = hashlib.sha256(repr(values).encode("utf-8", "surrogatepass")).digest()
            digest = (digest + int.from_bytes(hashed)) % _WHOLE
    return Content(number, digest)


def _plain(value: Decimal | None) -> str | None:
    """1.50 is 1.5."""
    return None if value is None else f"{value.normalize():f}"


def _go_on_counting(connection: Connection, table: Table) -> None:
    """PostgreSQL gives the ids that come after those that were carried; SQLite does so by itself."""
    if connection.dialect.name != "postgresql" or len(table.primary_key) != 1:
        return
    [key] = table.primary_key
    sequence = connection.scalar(select(func.pg_get_serial_sequence(table.name, key.name)))
    if sequence is not None:
        last = connection.scalar(select(func.max(key)))
        connection.execute(select(func.setval(sequence, last or 1, last is not None)))
