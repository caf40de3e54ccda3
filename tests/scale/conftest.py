"""Two web processes and two schedulers with a folder each, one PostgreSQL and one bucket between them."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import count
from pathlib import Path

import pytest
import requests
from sqlalchemy import Engine

from mikroserwis.db import make_engine
from mikroserwis.pricing import today
from tests.cli.programs import Running, folder, running
from tests.support.app import clock
from tests.support.cast import PEOPLE
from tests.support.postgres_server import PostgresServer

FAILURES = 4


@dataclass(frozen=True)
class Service:
    """The addresses of the web processes, and the database behind them."""

    webs: tuple[str, str]
    engine: Engine
    environment: dict[str, str]
    data: Path

    @contextmanager
    def another_web(self) -> Iterator[tuple[str, Running]]:
        """A third one, and its process."""
        with running(*folder(self.data / "third"), *WEB, **self.environment) as program:
            yield address(program), program

    def call(self, web: int, method: str, path: str, person: str = "alfa", **options: object) -> requests.Response:
        """A program's request to one of the web processes."""
        headers = {"Authorization": f"Bearer {PEOPLE[person].token}"}
        return requests.request(
            method,
            f"{self.webs[web]}/api/v1{path}",
            headers=headers,
            timeout=30,
            **options,  # type: ignore[arg-type]
        )


WEB = ("serve", "--no-scheduler", "--port", "0")


def address(program: Running) -> str:
    return program.line_with("Mikroserwis: ").split()[-1]


@pytest.fixture(scope="module")
def service(
    postgres_server: PostgresServer,
    postgres_template: Callable[[date], str],
    s3_peer: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Service]:
    data, bucket = tmp_path_factory.mktemp("machines"), f"scale-{next(_numbers)}-{id(s3_peer)}"
    requests.put(f"{s3_peer}/{bucket}", timeout=10).raise_for_status()
    with postgres_server.database(postgres_template(today(clock()))) as name, ExitStack() as machines:
        environment = {
            "MIKROSERWIS_DATABASE_URL": postgres_server.url(name),
            "MIKROSERWIS_BASE_URL": "http://127.0.0.1",
            "MIKROSERWIS_SECRET_KEY": "one-key-for-all-of-them",
            "MIKROSERWIS_SIGN_IN_FAILURES": str(FAILURES),
            "MIKROSERWIS_S3_BUCKET": bucket,
            "MIKROSERWIS_S3_ENDPOINT": s3_peer,
            "MIKROSERWIS_S3_ACCESS_KEY": "key",
            "MIKROSERWIS_S3_SECRET_KEY": "secret",
        }
        webs, schedulers = (
            [machines.enter_context(running(*folder(data / f"{kind}{one}"), *command, **environment)) for one in "12"]
            for kind, command in (("web", WEB), ("scheduler", ("scheduler",)))
        )
        for scheduler in schedulers:
            scheduler.line_with("Scheduler is running.")
        engine = make_engine(environment["MIKROSERWIS_DATABASE_URL"])
        yield Service((address(webs[0]), address(webs[1])), engine, environment, data)
        engine.dispose()


_numbers = count(1)
