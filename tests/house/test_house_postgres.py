"""The PostgreSQL that tests get."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tests.support.postgres_server import PostgresServer, running_server


def test_a_test_gets_a_database_of_its_own_that_is_empty(postgres_url: str):
    engine = create_engine(postgres_url)
    with engine.begin() as connection:
        tables = connection.scalars(text("select tablename from pg_tables where schemaname = 'public'")).all()
        connection.execute(text("create table ticket (number int)"))
        lowered = connection.scalar(text("select lower('ŁÓDŹ')"))
    engine.dispose()
    assert tables == []
    assert lowered == "łódź"


def test_a_database_is_dropped_even_while_somebody_is_connected(postgres_server: PostgresServer):
    with postgres_server.database() as name:
        engine = create_engine(postgres_server.url(name))
        connection = engine.connect()
        connection.execute(text("select 1"))
    with postgres_server.database() as other:
        watcher = create_engine(postgres_server.url(other))
        with watcher.connect() as watching:
            databases = watching.scalars(text("select datname from pg_database")).all()
        watcher.dispose()
    connection.invalidate()
    engine.dispose()
    assert name not in databases
    assert other in databases


def test_a_database_can_be_copied_from_a_prepared_one(postgres_server: PostgresServer):
    with postgres_server.database() as prepared:
        engine = create_engine(postgres_server.url(prepared))
        with engine.begin() as connection:
            connection.execute(text("create table ticket as select 115 as number"))
        engine.dispose()
        with postgres_server.database(template=prepared) as copy:
            engine = create_engine(postgres_server.url(copy))
            with engine.connect() as connection:
                number = connection.scalar(text("select number from ticket"))
            engine.dispose()
    assert number == 115


@pytest.mark.postgres
def test_a_server_goes_with_the_tests_even_when_they_are_killed():
    program = (
        "import sys; from tests.support.postgres_server import running_server\n"
        "with running_server() as server: print(server.folder, flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as tests:
        assert tests.stdout
        assert tests.stderr
        folder = Path(tests.stdout.readline().strip())
        server = int((folder / "data/postmaster.pid").read_text().split()[0])
        tests.send_signal(signal.SIGKILL)
        tests.stderr.read()  # the supervisor has inherited it, so this ends with the supervisor
    with pytest.raises(ProcessLookupError):
        os.kill(server, 0)
    assert not folder.exists()


@pytest.mark.postgres
def test_leaving_a_server_of_ones_own_leaves_nothing_behind():
    with running_server() as server:
        folder = Path(server.folder)
        assert (folder / "data").is_dir()
    assert not folder.exists()
