"""kill -9 at any point: nothing is lost, and the backoffice accepts everything once."""

import random

from mikroserwis.models import OutboxItem
from tests.support.other_side import Platform
from tests.support.way import Way
from tests.sweeps import worker
from tests.sweeps.desk import Desk

KILLS, EVENTS = 15, 30
TICKETS = (115, 80)
TOPICS = ("package", "event", "mail")


def work(desk: Desk, hours: int, seconds: float) -> bool:
    """A worker that is killed so many seconds after it has begun; whether it had finished before."""
    begun, done = worker.context.Event(), worker.context.Event()
    process = worker.context.Process(target=worker.run, args=(desk.parts.settings, hours, begun.set, done.set))
    process.start()
    assert begun.wait(60)
    process.join(seconds)
    process.kill()
    process.join()
    process.close()
    return done.is_set()


def unfinished(desk: Desk) -> list[OutboxItem]:
    return [item for topic in TOPICS for item in desk.items(topic) if item.state != "delivered"]


def test_a_worker_killed_again_and_again_loses_nothing_and_nothing_is_accepted_twice(
    way: Way, desk: Desk, platform: Platform
):
    for ticket in TICKETS:
        way.exported(ticket)
    desk.queue_events(EVENTS)
    platform.faults(delay_ms=20, lost_answer_rate=0.2)
    dice = random.Random(115)
    for kill in range(KILLS):
        work(desk, 2 * kill, dice.uniform(0.02, 0.25))
    platform.faults(delay_ms=0, lost_answer_rate=0)
    assert work(desk, 2 * KILLS, 60)
    assert [(item.key, item.state) for item in unfinished(desk)] == []
    received = platform.received()
    assert {package["package_id"] for package in received["packages"]} == {"115-scans-1", "80-scans-1"}
    assert len({event["event_id"] for event in received["events"]}) == len(received["events"]) == EVENTS + 4
    assert len({scan["sha256"] for scan in received["scans"]}) == len(received["scans"]) == 5
    mails = list((desk.parts.settings.data / "mail").glob("*.eml"))
    assert len(mails) == len(desk.items("mail"))
    cut_off = [one for topic in TOPICS for item in desk.items(topic) for one in desk.attempts(item) if one is None]
    assert cut_off, "no worker was killed while it tried"
