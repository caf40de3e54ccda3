"""An act on more tickets than are done at once: in parts by a worker, which may die, and whose person may be gone."""

from collections import Counter

import pytest
from sqlalchemy import func, select, update

from mikroserwis.edge import Parts
from mikroserwis.errors import Refused
from mikroserwis.models import Handover, Ticket, User
from mikroserwis.sweeps import bulk_acts
from mikroserwis.tickets.bulk import operations
from mikroserwis.tickets.bulk.wishes import POOL, Wish
from tests.bulk.office import Office
from tests.operations.desk import Desk
from tests.operations.racing import at_once

MANY = tuple(range(2001, 2066))


@pytest.fixture
def office(desk: Desk) -> Office:
    for number in MANY:
        desk.intake(number)
    return Office(desk)


def states(office: Office, batch: str) -> Counter[str]:
    return Counter(office.states(batch).values())


def work(office: Office, parts: Parts) -> bool:
    return bulk_acts.work(parts, lambda: office.desk.now)


def test_it_is_done_in_parts_and_can_be_undone_in_parts(office: Office, parts: Parts):
    batch = office.start(Wish(POOL), office.seen(MANY))
    assert states(office, batch) == {"waiting": 65}
    with pytest.raises(Refused):
        office.undo(batch)
    assert work(office, parts)
    assert not work(office, parts)
    assert states(office, batch) == {"done": 65}
    office.undo(batch)
    assert (states(office, batch), office.act(batch).state) == ({"undoing": 65}, "running")
    assert work(office, parts)
    assert (states(office, batch), office.act(batch).state) == ({"undone": 65}, "done")
    assert {office.desk.ticket(number).dealer_id for number in MANY} == {office.desk.actor("alfa").dealer_id}


def test_a_worker_that_dies_in_the_middle_leaves_what_is_done_and_another_goes_on(office: Office, parts: Parts):
    batch, database = office.start(Wish(POOL), office.seen(MANY)), parts.database
    with database.transaction() as session:
        act = operations.claim(session, office.desk.now)
    assert act is not None
    assert act.lease_until is not None
    lease = bulk_acts.part(parts, act.id, act.lease_until, office.desk.now)
    assert lease is not None
    # The second part is written, but its process ends before the commit.
    with database.session(write=True) as session:
        held = operations.held(session, act.id, lease)
        assert held is not None
        operations.carry_on(session, held, actor=office.actor, now=office.desk.now)
    assert states(office, batch) == {"done": 25, "waiting": 40}
    assert not work(office, parts)
    office.desk.later(minutes=3)
    assert work(office, parts)
    assert (states(office, batch), office.act(batch).state) == ({"done": 65}, "done")
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Handover)) == 65
    assert bulk_acts.part(parts, act.id, lease, office.desk.now) is None


def test_of_several_workers_one_carries_it_out(office: Office, parts: Parts):
    batch = office.start(Wish(POOL), office.seen(MANY))
    assert any(at_once(lambda _index: work(office, parts), 3))
    assert states(office, batch) == {"done": 65}
    with parts.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Handover)) == 65


def test_whoever_may_not_any_more_has_nothing_done_and_it_is_said(office: Office, parts: Parts):
    batch = office.start(Wish(POOL), office.seen(MANY))
    with parts.database.transaction() as session:
        session.execute(update(User).where(User.id == office.actor.user_id).values(active=False))
    assert work(office, parts)
    assert (states(office, batch), office.act(batch).failure) == ({"refused": 65}, "account")


def test_one_that_fails_again_and_again_is_given_up_and_says_what_was_not_done(office: Office, parts: Parts):
    batch = office.start(Wish(POOL), office.seen(MANY))
    for _attempt in range(operations.MOST_ATTEMPTS):
        with parts.database.transaction() as session:
            assert operations.claim(session, office.desk.now) is not None
        office.desk.later(minutes=3)
    assert work(office, parts)
    assert (states(office, batch), office.act(batch).failure) == ({"refused": 65}, "broken")
    with parts.database.reading() as session:
        pooled = select(func.count()).where(Ticket.number.in_(MANY), Ticket.dealer_id.is_(None))
        assert session.scalar(pooled) == 0
