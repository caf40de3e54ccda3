"""What the tests of warnings and news share."""

from collections.abc import Iterator

import pytest

from mikroserwis.edge import Parts
from tests.news.desk import NewsDesk


@pytest.fixture
def desk(database_url: str, parts: Parts) -> Iterator[NewsDesk]:
    """Twice: over SQLite and over PostgreSQL."""
    made = NewsDesk(database_url, parts)
    yield made
    made.database.engine.dispose()
