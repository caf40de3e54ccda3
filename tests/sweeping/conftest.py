from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from mikroserwis.db import Database, make_engine
from tests.sweeping.field import Field


@pytest.fixture
def field(database_url: str) -> Iterator[Field]:
    """Twice: over SQLite and over PostgreSQL."""
    database = Database(make_engine(database_url), base_url="http://localhost")
    yield Field(database, datetime.now(UTC))
    database.engine.dispose()
