import pytest

from mikroserwis.edge import Parts
from tests.notifications.desk import Bell


@pytest.fixture
def bell(parts: Parts) -> Bell:
    return Bell(parts)
