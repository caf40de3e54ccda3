"""Bring a database to the newest schema; safe from several processes at once, and when nothing is to be done."""

from importlib.resources import files

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

_LOCK = 7_200_115


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Run what is missing, in one transaction."""
    with engine.execution_options(write=True).connect() as connection, connection.begin():
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        command.upgrade(_config(connection), revision)


def downgrade(engine: Engine, revision: str) -> None:
    """Back to an older schema; what it doesn't know is lost."""
    with engine.execution_options(write=True).connect() as connection, connection.begin():
        command.downgrade(_config(connection), revision)


def is_current(engine: Engine) -> bool:
    """Whether the database has the newest schema."""
    with engine.connect() as connection:
        present = MigrationContext.configure(connection).get_current_heads()
        return set(present) == set(ScriptDirectory.from_config(_config(connection)).get_heads())


def revision(engine: Engine) -> str | None:
    """Of the database's schema; None where there is none yet."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def knows(name: str) -> bool:
    """Whether a schema of this revision can be brought to the newest."""
    script = ScriptDirectory(str(files("mikroserwis").joinpath("migrations")))
    return name in {one.revision for one in script.walk_revisions()}


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(files("mikroserwis").joinpath("migrations")))
    config.attributes["connection"] = connection
    return config
