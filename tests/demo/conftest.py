from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from backoffice_client.sandbox import SandboxServer
from mikroserwis import service
from mikroserwis.demo.load import load
from mikroserwis.demo.other_side import TOKEN
from mikroserwis.demo.run import demo_settings
from mikroserwis.edge import Parts

NOW = datetime(2026, 5, 27, 9, 40, tzinfo=UTC)


@pytest.fixture(scope="session")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Parts]:
    """The demo's data, as it is on a Wednesday in May; nobody may change it."""
    server = SandboxServer("127.0.0.1", 0, data=None, token=TOKEN, now=lambda: NOW)
    with server:
        settings = demo_settings(tmp_path_factory.mktemp("demo"), "127.0.0.1", server.port - 1)
        parts = service.ready_parts(settings)
        load(parts, NOW)
        yield parts
        parts.database.engine.dispose()
