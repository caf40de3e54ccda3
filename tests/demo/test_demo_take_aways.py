"""The demo's past nights: the real sweep took tickets away, so that supervision has something true to show."""

from sqlalchemy import func, select

from mikroserwis.edge import Parts
from mikroserwis.models import JobRun
from mikroserwis.supervision.simulator import forms, replaying
from mikroserwis.supervision.tonight import moments, queries
from sla import Stage
from tests.demo.conftest import NOW


def test_the_simulator_finds_the_take_aways_that_the_nights_sweeps_made(loaded: Parts):
    with loaded.database.reading() as session:
        total = replaying.simulate(session, forms.read({}), NOW, shown=0).total
    # Last night's sweep is made up as soon as the scheduler runs.
    assert total.present.total() == total.real.total() + 1 >= 10
    assert total.real[Stage.TAKE] >= 5
    assert total.real[Stage.CONTRACT] >= 3


def test_the_ledger_knows_every_night_but_the_last(loaded: Parts):
    with loaded.database.reading() as session:
        runs = session.scalar(select(func.count()).where(JobRun.job == "sweep", JobRun.ended_at.is_not(None)))
        newest = session.scalar(select(func.max(JobRun.due)).where(JobRun.job == "sweep"))
    assert runs is not None
    assert runs > 30
    assert newest == "2026-05-26"


def test_tonight_has_tickets_for_other_dealers_and_for_the_pool(loaded: Parts):
    with loaded.database.reading() as session:
        found = queries.preview(session, moments.read({}, NOW))
    assert found.away >= 10
    assert 0 < found.to_pool < found.away
