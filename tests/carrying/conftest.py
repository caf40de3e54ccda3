"""Databases to carry between: `empty_database("sqlite")` is a migrated one of the test's own."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import Engine

from mikroserwis import migrate
from mikroserwis.db import make_engine
from tests.support.postgres_server import PostgresServer

EmptyDatabase = Callable[[str], Engine]


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A template: migrations take their time."""
    file = tmp_path_factory.mktemp("empty") / "mikroserwis.sqlite3"
    _migrate(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def migrated_database(postgres_server: PostgresServer) -> Iterator[str]:
    """The same on PostgreSQL, by name."""
    with postgres_server.database() as name:
        _migrate(postgres_server.url(name))
        yield name


def _migrate(url: str) -> None:
    engine = make_engine(url)
    migrate.upgrade(engine)
    engine.dispose()


@pytest.fixture
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[EmptyDatabase]:
    numbers = count(1)
    with ExitStack() as databases:

        def made(kind: str) -> Engine:
            if kind == "sqlite":
                file = tmp_path / f"{next(numbers)}.sqlite3"
                shutil.copy(request.getfixturevalue("migrated_file"), file)
                url = f"sqlite:///{file}"
            else:
                server: PostgresServer = request.getfixturevalue("postgres_server")
                template = request.getfixturevalue("migrated_database")
                url = server.url(databases.enter_context(server.database(template)))
            engine = make_engine(url)
            databases.callback(engine.dispose)
            return engine

        yield made


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def target(request: pytest.FixtureRequest, empty_database: EmptyDatabase) -> Engine:
    """An empty, migrated database of each kind."""
    return empty_database(request.param)
