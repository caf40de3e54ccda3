"""Data of an older release survives every migration since, on both databases."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, Engine, MetaData, Table, insert, inspect, select

from mikroserwis import migrate
from mikroserwis.db import Database
from mikroserwis.models import File, Ticket

FIRST_RELEASE = "2026_11_21_first_release"
MOMENT = datetime(2026, 11, 20, 12, tzinfo=UTC)
SAMPLES: Mapping[str, Any] = {"INTEGER": 1, "BIGINT": 1, "BOOLEAN": True, "DATE": date(2026, 11, 20), "FLOAT": 1.0}
BOOKKEEPING = "alembic_version"


def sample(column: Any) -> Any:
    """Something that the column takes; references all name the first row."""
    kind = str(column.type).split("(", maxsplit=1)[0].split(" ", maxsplit=1)[0].upper()
    if kind in {"DATETIME", "TIMESTAMP"}:
        return MOMENT
    if kind in SAMPLES:
        return SAMPLES[kind]
    length = getattr(column.type, "length", None) or 20
    return f"{column.table.name} {column.name}"[:length]


def a_row_in_each_table(connection: Connection) -> dict[str, dict[str, Any]]:
    """Rows as that release would have written them: every column filled."""
    metadata = MetaData()
    metadata.reflect(connection)
    rows: dict[str, dict[str, Any]] = {}
    for table in metadata.sorted_tables:
        if table.name != BOOKKEEPING:
            rows[table.name] = {column.name: sample(column) for column in table.columns}
            connection.execute(insert(table).values(rows[table.name]))
    return rows


# What was answered to forms is forgotten on purpose (2026_11_22_j): it lay beside hashes of what was typed.
FORGOTTEN = "submissions"


def test_every_row_of_the_first_release_is_still_there_unchanged(empty: Engine):
    migrate.upgrade(empty, FIRST_RELEASE)
    with empty.execution_options(write=True).begin() as connection:
        before = a_row_in_each_table(connection)
    assert len(before) > 20
    migrate.upgrade(empty)
    assert migrate.is_current(empty)
    with empty.connect() as connection:
        for name, row in before.items():
            table = Table(name, MetaData(), autoload_with=connection)
            if name == FORGOTTEN:
                assert connection.execute(select(table)).all() == []
                continue
            [kept] = connection.execute(select(*[table.c[column] for column in row])).mappings().all()
            found = {column: as_utc(value) for column, value in kept.items()}
            assert found == row, name
    with Database(empty).reading() as session:
        assert session.scalars(select(Ticket)).one().number == 1
        assert session.scalars(select(File)).one().name == before["files"]["name"]


def as_utc(value: Any) -> Any:
    """SQLite gives moments without their zone."""
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) and value.tzinfo is None else value


def test_going_back_to_the_first_release_and_forward_again_keeps_its_rows(empty: Engine):
    migrate.upgrade(empty, FIRST_RELEASE)
    with empty.execution_options(write=True).begin() as connection:
        before = a_row_in_each_table(connection)
    migrate.upgrade(empty)
    migrate.downgrade(empty, FIRST_RELEASE)
    with empty.connect() as connection:
        assert set(inspect(connection).get_table_names()) - {BOOKKEEPING} == set(before)
        for name in before.keys() - {FORGOTTEN}:
            assert len(connection.execute(select(Table(name, MetaData(), autoload_with=connection))).all()) == 1
    migrate.upgrade(empty)
    with empty.connect() as connection:
        for name in before.keys() - {FORGOTTEN}:
            assert len(connection.execute(select(Table(name, MetaData(), autoload_with=connection))).all()) == 1
