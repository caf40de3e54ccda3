"""The application over a real database, with its people, a real backoffice and ways to bring a ticket to any state.

Fixtures, each over SQLite and over PostgreSQL (a test that asks for one runs twice):
  database_url  the address of a migrated database of the test's own, with the cast of `tests.support.cast` in it
  parts, app    the application, its store in tmp_path and its backoffice at `platform`
  api           `api("alfa").get("/tickets/115")`: JSON over /api/v1 with that person's token
  web           `web("alfa").get("/tickets/115")`: pages with that person signed in; `.post` adds the CSRF token
  client        Flask's test client with nobody signed in
  way           `way.contract(115)`, `way.closed(115)` …: the real operations, as the dealer who has the ticket
  served        the address of the app behind a real threaded server on a loopback port
and, without a database:
  platform      the sandbox backoffice on a port of its own: `platform.switch(735, 1, online=True)`
Mark a test `@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)` where one database is enough.
"""

import gc
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient

from backoffice_client import BackofficeClient
from backoffice_client.sandbox import SandboxServer
from config import Settings
from mikroserwis import migrate, serve
from mikroserwis.app import create_app
from mikroserwis.db import Database, make_engine
from mikroserwis.edge import Parts
from mikroserwis.pricing import today
from mikroserwis.storage import LocalStore
from tests.support import audited, cast, made_once
from tests.support.other_side import TOKEN, Platform
from tests.support.people import Api, Web
from tests.support.way import Way

audited.watch()
made_once.keep()
sqlite_only = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def pytest_collection_finish() -> None:
    """What is there by now stays to the end: looking through it for garbage took a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def clock() -> datetime:
    return datetime.now(UTC)


def plant(url: str) -> None:
    """Migrate an empty database and put the cast into it."""
    engine = make_engine(url)
    migrate.upgrade(engine)
    with Database(engine, base_url="http://localhost").transaction() as session:
        cast.plant(session, clock())
    engine.dispose()


# Templates are those of a day: tests that go on past midnight find the cast's tickets as new as before it.


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Callable[[date], Path]:
    @cache
    def of(_day: date) -> Path:
        file = tmp_path_factory.mktemp("template") / "mikroserwis.sqlite3"
        plant(f"sqlite:///{file}")
        return file

    return of


@pytest.fixture(scope="session")
def postgres_template(request: pytest.FixtureRequest) -> Iterator[Callable[[date], str]]:
    server = request.getfixturevalue("postgres_server")
    with ExitStack() as databases:

        @cache
        def of(_day: date) -> str:
            name: str = databases.enter_context(server.database())
            plant(server.url(name))
            return name

        yield of


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        file = tmp_path / "mikroserwis.sqlite3"
        shutil.copy(request.getfixturevalue("sqlite_template")(today(clock())), file)
        yield f"sqlite:///{file}"
        return
    template = request.getfixturevalue("postgres_template")(today(clock()))
    server = request.getfixturevalue("postgres_server")
    with server.database(template) as name:
        yield server.url(name)


@pytest.fixture
def platform() -> Iterator[Platform]:
    server = SandboxServer("127.0.0.1", 0, data=None, token=TOKEN, now=clock)
    with server:
        yield Platform(server.url)


@pytest.fixture
def settings(database_url: str, platform: Platform, tmp_path: Path) -> Settings:
    return Settings(
        data=tmp_path / "data",
        database_url=database_url,
        base_url="http://localhost",
        backoffice_url=platform.url,
        upload_limit_mb=2,
    )


@pytest.fixture
def parts(settings: Settings) -> Iterator[Parts]:
    """As `make_parts` wires them, but for a client that doesn't wait and try again."""
    settings.data.mkdir()
    engine = make_engine(settings.database)
    yield Parts(
        settings=settings,
        database=Database(engine, base_url=settings.base_url),
        store=LocalStore(settings.data / "files"),
        backoffice=BackofficeClient(settings.backoffice_url, TOKEN, timeout=(1, 2), deadline=3, retries=0),
    )
    engine.dispose()


@pytest.fixture
def app(settings: Settings, parts: Parts) -> APIFlask:
    return create_app(settings, parts)


@pytest.fixture
def client(app: APIFlask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def api(app: APIFlask) -> Callable[[str], Api]:
    return lambda name: Api(app.test_client(), cast.PEOPLE[name].token)


@pytest.fixture
def web(app: APIFlask) -> Callable[[str], Web]:
    return lambda name: Web.signed_in(app, cast.PEOPLE[name])


@pytest.fixture
def way(parts: Parts, platform: Platform) -> Way:
    return Way(parts, platform, clock)


@pytest.fixture
def served(app: APIFlask, settings: Settings) -> Iterator[str]:
    listener = serve.listen("127.0.0.1", 0)
    server = serve.Server(app, listener, limit=settings.upload_limit, behind_proxy=False)
    thread = threading.Thread(target=server.run, name="served")
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.stop()
    thread.join()
