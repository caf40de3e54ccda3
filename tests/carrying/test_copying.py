"""All data in another database: counted, compared, whole or not at all."""

import os
import signal
import subprocess
import sys

import pytest
from sqlalchemy import Engine, func, insert, select, text

from mikroserwis import migrate
from mikroserwis.carrying import rows
from mikroserwis.carrying.errors import NotCarried
from mikroserwis.db import make_engine
from mikroserwis.models import Note, Ticket
from tests.carrying.conftest import EmptyDatabase
from tests.carrying.stock import ROWS, fill
from tests.support.sources import ROOT

PAIRS = [
    ("sqlite", "sqlite"),
    pytest.param("sqlite", "postgresql", marks=pytest.mark.postgres),
    pytest.param("postgresql", "sqlite", marks=pytest.mark.postgres),
    pytest.param("postgresql", "postgresql", marks=pytest.mark.postgres),
]


def everything(engine: Engine) -> dict[str, set[tuple[object, ...]]]:
    with engine.connect() as connection:
        return {table.name: {tuple(row) for row in connection.execute(select(table))} for table in rows.TABLES}


def in_use(engine: Engine) -> int:
    return sum(map(len, everything(engine).values()))


@pytest.mark.parametrize(("here", "there"), PAIRS)
def test_every_row_of_every_table_arrives_as_it_was(here: str, there: str, empty_database: EmptyDatabase):
    source, target = empty_database(here), empty_database(there)
    fill(source)
    done = rows.copy(source, target)
    assert {one.table: one.content.rows for one in done} == dict.fromkeys(source_tables(), ROWS)
    assert everything(target) == everything(source)


def source_tables() -> list[str]:
    return [table.name for table in rows.TABLES]


def test_ids_go_on_after_those_that_were_carried(target: Engine, empty_database: EmptyDatabase):
    source = empty_database("sqlite")
    fill(source)
    rows.copy(source, target)
    with target.execution_options(write=True).begin() as connection:
        row = dict(connection.execute(select(Note.__table__).where(Note.id == 1)).mappings().one())
        del row["id"]
        assert connection.scalar(insert(Note).values(row).returning(Note.id)) == ROWS + 1


def test_a_target_with_a_single_row_is_left_alone(target: Engine, empty_database: EmptyDatabase):
    source = empty_database("sqlite")
    fill(source)
    fill(target, only={"counters"})
    with pytest.raises(NotCarried, match="rows in counters"):
        rows.copy(source, target)
    assert in_use(target) == ROWS


@pytest.mark.parametrize("side", ["source", "target"])
def test_a_database_of_an_older_schema_is_refused(side: str, empty_database: EmptyDatabase):
    engines = {"source": empty_database("sqlite"), "target": empty_database("sqlite")}
    migrate.downgrade(engines[side], "2026_11_21_first_release")
    with pytest.raises(NotCarried, match=f"The {side} has not the newest schema"):
        rows.copy(engines["source"], engines["target"])


def test_a_row_that_changes_on_its_way_is_noticed_and_nothing_is_kept(target: Engine, empty_database: EmptyDatabase):
    source = empty_database("sqlite")
    fill(source)

    with target.execution_options(write=True).begin() as connection:
        if target.dialect.name == "sqlite":
            change = "UPDATE quotes SET remark = 'x' WHERE id = 1"
            connection.execute(text(f"CREATE TRIGGER meddle AFTER INSERT ON quotes BEGIN {change}; END"))
        else:
            body = "BEGIN NEW.remark = 'x'; RETURN NEW; END"
            connection.execute(text(f"CREATE FUNCTION meddle() RETURNS trigger AS $$ {body} $$ LANGUAGE plpgsql"))
            when = "BEFORE INSERT ON quotes FOR EACH ROW"
            connection.execute(text(f"CREATE TRIGGER meddle {when} EXECUTE FUNCTION meddle()"))
    with pytest.raises(NotCarried, match=r"quotes: 3 rows .* were read, but 3 rows .* have arrived"):
        rows.copy(source, target)
    assert in_use(target) == 0


@pytest.mark.postgres
def test_a_row_that_postgresql_refuses_is_named(empty_database: EmptyDatabase):
    source, target = empty_database("sqlite"), empty_database("postgresql")
    fill(source)
    with source.execution_options(write=True).begin() as connection:
        connection.execute(text("UPDATE notes SET text = 'a' || char(0) || 'b' WHERE id = 2"))
    with pytest.raises(NotCarried, match=r"notes, id 2: the target refuses this row"):
        rows.copy(source, target)
    assert in_use(target) == 0


def test_a_copy_that_is_killed_in_the_middle_leaves_the_target_empty(target: Engine, empty_database: EmptyDatabase):
    source = empty_database("sqlite")
    fill(source)
    program = (
        "import sys; from mikroserwis.carrying import rows; from mikroserwis.db import make_engine\n"
        "rows.copy(*map(make_engine, sys.argv[1:]), "
        "lambda one: one.table == 'history' and (print(one.table, flush=True), input()))"
    )
    urls = [engine.url.render_as_string(hide_password=False) for engine in (source, target)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [sys.executable, "-c", program, *urls],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "history\n"
        process.send_signal(signal.SIGKILL)
    assert in_use(target) == 0
    rows.copy(source, target)
    assert everything(target) == everything(source)


def test_a_table_of_other_rows_has_another_digest(empty_database: EmptyDatabase):
    one, other = empty_database("sqlite"), empty_database("sqlite")
    fill(one)
    fill(other)
    with other.execution_options(write=True).begin() as connection:
        connection.execute(text("UPDATE sign_ins SET device = 'another' WHERE id = 1"))
    with one.connect() as left, other.connect() as right:
        different = [one.name for one in rows.TABLES if rows.content(left, one) != rows.content(right, one)]
    assert different == ["sign_ins"]


def test_what_is_written_to_the_source_meanwhile_is_not_half_in_the_copy(empty_database: EmptyDatabase):
    source, target = empty_database("sqlite"), empty_database("sqlite")
    fill(source)
    writer = make_engine(source.url.render_as_string())

    def write(carried: rows.Carried) -> None:
        if carried.table == "users":
            with writer.execution_options(write=True).begin() as connection:
                connection.execute(text("UPDATE tickets SET number = number + 1000"))

    rows.copy(source, target, write)
    writer.dispose()
    with target.connect() as connection:
        assert connection.scalar(select(func.max(Ticket.number))) == ROWS
