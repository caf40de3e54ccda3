"""Several workers at once, leases that end, and work that takes longer than a lease."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from backoffice_client.client import SLOWEST_UPLOAD, BackofficeClient
from config import Settings
from mikroserwis import outbox
from mikroserwis.models import OutboxItem
from mikroserwis.outbox import LEASE
from mikroserwis.sweeps.deliver import Result
from mikroserwis.sweeps.failures import LeaseLost
from mikroserwis.sweeps.leases import LONGEST_CALL, Lease
from tests.support.app import sqlite_only
from tests.support.other_side import Platform
from tests.support.way import Way
from tests.sweeps.desk import Desk

WORKERS = 6
EVENTS = 40


def test_workers_at_once_offer_every_item_exactly_once(desk: Desk, platform: Platform):
    desk.queue_events(EVENTS)
    results: list[Result] = []
    start = threading.Barrier(WORKERS)

    def work() -> None:
        start.wait()
        while (result := desk.deliver(limit=5)).tried:
            results.append(result)

    threads = [threading.Thread(target=work) for _ in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    while desk.deliver().tried:
        pass
    received = [one for one in platform.received()["events"] if one["event"] == "noted"]
    assert {one["event_id"] for one in received} == {f"event:{number}" for number in range(EVENTS)}
    assert {one["offered"] for one in received} == {1}
    assert {result.lost for result in results} == {0}


def test_an_item_that_somebody_holds_is_left_alone_until_the_lease_ends(desk: Desk, platform: Platform):
    desk.deliver()
    desk.queue_events(1)
    with desk.parts.database.transaction() as session:
        assert outbox.claim(session, desk.now()) is not None
    assert desk.deliver() == Result()
    desk.wait(seconds=LEASE.total_seconds() + 1)
    assert desk.deliver() == Result(delivered=1)
    assert desk.attempts(desk.item("event")) == [None, "delivered"]


def test_a_worker_that_comes_back_after_its_lease_changes_nothing(desk: Desk):
    desk.deliver()
    desk.queue_events(1)
    with desk.parts.database.transaction() as session:
        claimed = outbox.claim(session, desk.now())
    assert claimed is not None
    desk.wait(hours=1)
    with desk.parts.database.transaction() as session:
        assert outbox.claim(session, desk.now()) is not None
    with pytest.raises(LeaseLost):
        Lease(desk.parts.database, claimed, desk.now).keep()
    with desk.parts.database.transaction() as session:
        assert not outbox.settle(session, claimed, now=desk.now())
    assert desk.item("event").state == "queued"


@sqlite_only
def test_a_long_upload_holds_its_item_for_as_long_as_the_upload_may_take(desk: Desk):
    desk.deliver()
    desk.queue_events(1)
    with desk.parts.database.transaction() as session:
        claimed = outbox.claim(session, desk.now())
    assert claimed is not None
    lease, size = Lease(desk.parts.database, claimed, desk.now), 25 * 1024 * 1024
    lease.keep(size)
    sending = timedelta(seconds=size / SLOWEST_UPLOAD)
    with desk.parts.database.reading() as session:
        held_until = session.scalars(select(OutboxItem.due_at).where(OutboxItem.id == claimed.id)).one()
    assert held_until == lease.claimed.until
    assert held_until - datetime.now(UTC) > sending + timedelta(seconds=30)


def test_the_client_gives_up_before_a_lease_can_end():
    slowest = Settings(backoffice_timeout_seconds=60)
    client = BackofficeClient(slowest.backoffice_url, "token", timeout=(3.05, slowest.backoffice_timeout_seconds))
    assert timedelta(seconds=client._deadline) * 2 < LONGEST_CALL < LEASE


@sqlite_only
def test_a_failure_of_one_item_does_not_keep_the_next_from_being_sent(way: Way, desk: Desk, platform: Platform):
    way.exported(115)
    platform.faults(reject_scans=True)
    way.taken(80)
    result = desk.deliver()
    assert (result.given_up, result.postponed) == (1, 0)
    assert [one["event"] for one in platform.received()["events"]] == ["taken", "contract", "taken"]
