"""A sealed history that is carried to the other database is whole there."""

import pytest

from mikroserwis.carrying import rows
from mikroserwis.db import Database
from mikroserwis.edge import Parts
from mikroserwis.seals.proof import verify
from mikroserwis.seals.sealing import seal
from tests.audit.desk import ids, sealed, write
from tests.carrying.conftest import EmptyDatabase
from tests.consents.conftest import Desk
from tests.consents.test_anonymising import make, retired
from tests.support.app import clock
from tests.support.cast import SAM
from tests.support.way import Way

OTHER = {"sqlite": "postgresql", "postgresql": "sqlite"}


@pytest.mark.postgres
def test_a_chain_that_was_carried_to_the_other_database_is_whole_there_and_goes_on(
    parts: Parts, empty_database: EmptyDatabase
) -> None:
    made, target = sealed(parts), empty_database(OTHER[parts.database.engine.dialect.name])
    write(parts, 1)
    rows.copy(parts.database.engine, target)
    found = verify(Database(target), [made[-1].hash])
    assert (found.findings, found.rows, found.head, found.unsealed) == ([], len(ids(parts)) - 1, made[-1].hash, 1)
    assert seal(Database(target), clock()) is not None
    assert verify(Database(target), [made[-1].hash]).findings == []


@pytest.mark.postgres
def test_masks_that_were_carried_to_the_other_database_are_what_was_declared(
    parts: Parts, way: Way, empty_database: EmptyDatabase
) -> None:
    way.contract(SAM)
    make(Desk(parts), retired(Desk(parts)), None)
    target = empty_database(OTHER[parts.database.engine.dialect.name])
    rows.copy(parts.database.engine, target)
    found = verify(Database(target))
    assert (found.findings, found.masks) == ([], verify(parts.database).masks)
    assert found.masks
