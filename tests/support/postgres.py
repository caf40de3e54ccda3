"""Fixtures for tests on a real PostgreSQL."""

import os
from collections.abc import Iterator

import pytest

from tests.support.postgres_server import PostgresMissing, PostgresServer, running_server

# bin/test starts one server for all workers and names its socket's folder here.
SHARED_SERVER = "TEST_POSTGRES_SOCKET"


def pytest_itemcollected(item: pytest.Item) -> None:
    if "postgres_server" in getattr(item, "fixturenames", ()):
        item.add_marker("postgres")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A server for this test run: bin/test's, or one of this process's own."""
    if shared := os.environ.get(SHARED_SERVER):
        yield PostgresServer(shared)
        return
    try:
        with running_server() as server:
            yield server
    except PostgresMissing as missing:
        pytest.fail(str(missing), pytrace=False)


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """The address of an empty database of this test's own, gone after it."""
    with postgres_server.database() as name:
        yield postgres_server.url(name)
