"""Bring a database to the newest schema; safe from several processes at once, and when nothing is to be done."""

from importlib import import_module
from importlib.resources import files
from typing import Any

from sqlalchemy import Connection, Engine, inspect, text

_LOCK = 7_200_115
_SCRIPTS = files("mikroserwis").joinpath("migrations")


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Run what is missing, in one transaction."""
    if revision == "head" and is_current(engine):
        return
    with engine.execution_options(write=True).connect() as connection, connection.begin():
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        _alembic("command").upgrade(_config(connection), revision)


def downgrade(engine: Engine, revision: str) -> None:
    """Back to an older schema; what it doesn't know is lost."""
    with engine.execution_options(write=True).connect() as connection, connection.begin():
        _alembic("command").downgrade(_config(connection), revision)


def newest() -> str:
    """The schema of this release: migrations are files whose names begin with their day and place in it."""
    return max(
        one.name.removesuffix(".py") for one in _SCRIPTS.joinpath("versions").iterdir() if one.name[:1].isdigit()
    )


def is_current(engine: Engine) -> bool:
    """Whether the database has the newest schema."""
    return revision(engine) == newest()


def revision(engine: Engine) -> str | None:
    """Of the database's schema; None where there is none yet."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found = connection.scalar(text("SELECT version_num FROM alembic_version"))
        return None if found is None else str(found)


def knows(name: str) -> bool:
    """Whether a schema of this revision can be brought to the newest."""
    script = _alembic("script").ScriptDirectory(str(_SCRIPTS))
    return name in {one.revision for one in script.walk_revisions()}


def _config(connection: Connection) -> Any:
    config = _alembic("config").Config()
    config.set_main_option("script_location", str(_SCRIPTS))
    config.attributes["connection"] = connection
    return config


def _alembic(module: str) -> Any:
    """Not imported above: a service whose schema is current does without its eight megabytes."""
    return import_module(f"alembic.{module}")
