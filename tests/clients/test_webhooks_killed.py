"""Nothing is lost and nothing becomes something else: workers killed at any point, and several at once."""

import random
import threading
from collections import defaultdict
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import func, select

from mikroserwis.access import SYSTEM
from mikroserwis.edge import Parts
from mikroserwis.history import record
from mikroserwis.models import Attempt, Event, Ticket, WebhookDelivery, WebhookProgress
from mikroserwis.sweeps import webhooks
from mikroserwis.sweeps.tidy import tidy
from tests.clients import telling_worker
from tests.clients.conftest import Told
from tests.clients.receiver import OK, Receiver, drip, hang_up, status
from tests.support.app import clock, sqlite_only
from tests.support.cast import SAM

KILLS, ACTS = 10, 60
SLOW = drip(b"HTTP/1.1 200 OK\r\n\r\n", 0.002)
Tell = Callable[..., Told]


def happen(parts: Parts, acts: int, verb: str = "suspend") -> None:
    """So many acts on ticket 115."""
    with parts.database.transaction() as session:
        ticket = session.scalars(select(Ticket).where(Ticket.number == SAM)).one()
        for _ in range(acts):
            record(session, verb, actor=SYSTEM, now=clock(), ticket=ticket)


def work(parts: Parts, hours: int, seconds: float) -> bool:
    """A worker that is killed so many seconds after it has begun; whether it had finished before."""
    begun, done = telling_worker.context.Event(), telling_worker.context.Event()
    arguments = (parts.settings, hours, begun.set, done.set)
    process = telling_worker.context.Process(target=telling_worker.run, args=arguments)
    process.start()
    assert begun.wait(60)
    process.join(seconds)
    process.kill()
    process.join()
    process.close()
    return done.is_set()


def cut_off(parts: Parts) -> int:
    """How many attempts were begun and never ended."""
    with parts.database.reading() as session:
        return session.scalar(select(func.count()).select_from(Attempt).where(Attempt.ended_at.is_(None))) or 0


def test_workers_killed_again_and_again_tell_everything_and_each_event_says_one_thing(
    tell: Tell, parts: Parts, receiver: Receiver
):
    told = tell("ticket.suspended")
    dice = random.Random(115)
    receiver.answers[:] = [dice.choice((*[SLOW] * 8, hang_up, status(500))) for _ in range(ACTS)] + [SLOW]
    kills = 0
    # On a busy machine a worker may be killed before it has begun to send: then some more are.
    while kills < KILLS or not cut_off(parts):
        assert kills < 5 * KILLS, "no worker was killed while it sent"
        happen(parts, ACTS // KILLS)
        work(parts, 2 * kills, dice.uniform(0.05, 0.4))
        kills += 1
    receiver.answers[:] = [OK]
    assert work(parts, 2 * kills, 60)
    with parts.database.reading() as session:
        acts = set(session.scalars(select(Event.id).where(Event.verb == "suspend")))
    bodies: dict[str, set[bytes]] = defaultdict(set)
    for one in receiver.got:
        bodies[one.headers["idempotency-key"]].add(one.body)
    assert set(bodies) == {f"evt_{one}_ticket_suspended" for one in acts}
    assert {len(one) for one in bodies.values()} == {1}
    assert told.log("?state=waiting") == told.log("?state=failed") == []


def test_several_who_look_at_once_make_one_message_of_each_event(tell: Tell, parts: Parts):
    told = tell("ticket.suspended", "ticket.resumed")
    errors: list[Exception] = []

    def derive() -> None:
        try:
            told.derive()
        except Exception as error:  # noqa: BLE001 - a thread's error would be lost
            errors.append(error)

    for verb in ("suspend", "resume", "suspend"):
        happen(parts, 30, verb)
        threads = [threading.Thread(target=derive) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    told.derive()
    with parts.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(WebhookDelivery)) == 90
        assert session.get_one(WebhookProgress, 1).last_id == session.scalar(select(func.max(Event.id)))
    assert errors == []


def test_an_act_that_commits_late_is_told_although_later_ones_were_there_before(tell: Tell, parts: Parts):
    """Its row has a lower number than those that are seen already; SQLite lets one write at a time."""
    told = tell("ticket.suspended")
    if parts.database.engine.dialect.name != "postgresql":
        happen(parts, 2)
        told.derive()
        assert len(told.log()) == 2
        return
    with parts.database.session(write=True) as slow, slow.begin():
        ticket = slow.scalars(select(Ticket).where(Ticket.number == SAM)).one()
        record(slow, "suspend", actor=SYSTEM, now=clock(), ticket=ticket)
        slow.flush()
        happen(parts, 1)
        assert webhooks.derive(parts, clock) is False
        assert told.log() == []
    told.derive()
    assert len(told.log()) == 2


@sqlite_only
def test_what_happened_before_the_first_webhook_is_told_to_nobody(tell: Tell, parts: Parts):
    happen(parts, 3)
    told = tell("ticket.suspended")
    happen(parts, 2)
    told.derive()
    assert len(told.log()) == 2


@sqlite_only
def test_the_log_is_kept_for_ninety_days_and_what_waits_longer(tell: Tell, parts: Parts, receiver: Receiver):
    told = tell("ticket.suspended")
    happen(parts, 1)
    told.derive()
    receiver.answers[:] = [OK, hang_up]
    told.send()
    told.admin.post(f"{told.path}/ping")
    told.send()
    assert tidy(parts, clock() + timedelta(days=89))["webhooks"] == 0
    assert tidy(parts, clock() + timedelta(days=91))["webhooks"] == 1
    assert [one["type"] for one in told.log()] == ["ping"]
    told.derive()
    assert len(told.log()) == 1
