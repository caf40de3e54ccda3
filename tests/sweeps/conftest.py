import pytest

from mikroserwis.edge import Parts
from tests.sweeps.desk import Desk


@pytest.fixture
def desk(parts: Parts) -> Desk:
    return Desk(parts)
