import pytest

from mikroserwis.edge import Parts
from tests.messages.desk import Desk
from tests.support.way import Way


@pytest.fixture
def desk(parts: Parts, way: Way) -> Desk:
    return Desk(parts, way)
