"""What the tests of acts on many tickets share."""

from collections.abc import Iterator

import pytest

from tests.operations.desk import Desk


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    """Twice: over SQLite and over PostgreSQL."""
    made = Desk(database_url)
    yield made
    made.database.engine.dispose()
