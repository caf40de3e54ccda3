"""Migrations: they lead to the models, back to nothing, and again, with data in the tables."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from importlib.resources import files

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, select

from mikroserwis import migrate
from mikroserwis.db import Base, Database
from mikroserwis.models import Ticket
from tests.support import cast

BOOKKEEPING = "alembic_version"


def tables(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names()) - {BOOKKEEPING}


def differences(engine: Engine) -> list[object]:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        found: list[object] = compare_metadata(context, Base.metadata)
        return found


def constraints(engine: Engine) -> dict[str, set[str]]:
    """Names of what keeps each table's rows right: keys, unique constraints, indexes, foreign keys."""
    inspector = inspect(engine)
    found = {}
    for table in tables(engine):
        names = [one["name"] for one in inspector.get_unique_constraints(table)]
        names += [one["name"] for one in inspector.get_indexes(table)]
        names += [one["name"] for one in inspector.get_foreign_keys(table)]
        names.append(inspector.get_pk_constraint(table)["name"])
        found[table] = {str(name) for name in names}
    return found


def test_the_newest_schema_is_that_of_the_last_migration():
    script = ScriptDirectory(str(files("mikroserwis").joinpath("migrations")))
    assert script.get_heads() == [migrate.newest()]


def test_an_empty_database_becomes_what_the_models_say(empty: Engine):
    assert not migrate.is_current(empty)
    migrate.upgrade(empty)
    assert migrate.is_current(empty)
    assert differences(empty) == []
    assert tables(empty) == set(Base.metadata.tables)


def test_every_constraint_has_its_name_on_both_databases(empty: Engine):
    migrate.upgrade(empty)
    migrated = constraints(empty)
    with empty.execution_options(write=True).begin() as connection:
        Base.metadata.drop_all(connection)
        Base.metadata.create_all(connection)
    assert migrated == constraints(empty)
    assert not [name for names in migrated.values() for name in names if name == "None"]


def test_upgrading_what_is_current_changes_nothing_and_loses_nothing(empty: Engine):
    migrate.upgrade(empty)
    with Database(empty).transaction() as session:
        cast.plant(session, datetime.now(UTC))
    migrate.upgrade(empty)
    with Database(empty).reading() as session:
        assert set(session.scalars(select(Ticket.number))) == set(cast.TICKETS)


def test_all_the_way_down_and_up_again_with_data(empty: Engine):
    migrate.upgrade(empty)
    with Database(empty).transaction() as session:
        cast.plant(session, datetime.now(UTC))
    migrate.downgrade(empty, "base")
    assert tables(empty) == set()
    assert not migrate.is_current(empty)
    migrate.upgrade(empty)
    assert differences(empty) == []
    with Database(empty).transaction() as session:
        assert session.scalars(select(Ticket)).all() == []
        cast.plant(session, datetime.now(UTC))


def test_several_processes_that_migrate_at_once_make_one_schema(empty: Engine):
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: migrate.upgrade(empty), range(4)))
    assert migrate.is_current(empty)
    assert differences(empty) == []
