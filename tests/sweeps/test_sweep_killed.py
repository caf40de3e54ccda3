"""kill -9 at any point of a sweep by three schedulers: each breached ticket is reassigned once, and told of once."""

import json
import random
import threading
import time
from collections import Counter

import pytest
from sqlalchemy import func, select

from mikroserwis.edge import Parts
from mikroserwis.models import Handover, JobRun, Ticket
from tests.sweeping.field import Field
from tests.sweeps import sweeper
from tests.sweeps.test_sweep import check_swept

SCHEDULERS = 3


class Killer:
    """Keeps three schedulers running until so many have been killed; `inside` counts kills while work was left."""

    def __init__(self, parts: Parts, kills: int) -> None:
        self.parts, self.left, self.inside = parts, kills, 0
        self._lock = threading.Lock()

    def kill_all(self) -> None:
        threads = [threading.Thread(target=self._one, args=(number,)) for number in range(SCHEDULERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _one(self, number: int) -> None:
        dice = random.Random(number)
        while self._next():
            begun = sweeper.context.Event()
            process = sweeper.context.Process(
                target=sweeper.run, args=(self.parts.settings, dice.random() < 0.2, begun.set)
            )
            process.start()
            assert begun.wait(60)
            process.join(dice.uniform(0.01, 0.2))
            with self._lock:
                self.inside += overdue(self.parts) > 0
            process.kill()
            process.join()
            process.close()

    def _next(self) -> bool:
        with self._lock:
            self.left -= 1
            return self.left >= 0


def overdue(parts: Parts) -> int:
    with parts.database.reading() as session:
        return session.scalar(select(func.count()).where(Ticket.due_at <= sweeper.clock())) or 0


@pytest.mark.parametrize(
    ("database_url", "breaches", "kills"),
    [
        pytest.param("postgresql", 2000, 50, marks=pytest.mark.postgres),
        ("sqlite", 500, 15),
    ],
    indirect=["database_url"],
)
def test_schedulers_killed_again_and_again_reassign_every_breached_ticket_once(parts: Parts, breaches: int, kills: int):
    field = Field(parts.database, sweeper.clock())
    field.add_dealers(12)
    field.add_tickets(breaches, 200, subtickets=2)
    killer = Killer(parts, kills)
    killer.kill_all()
    assert killer.inside > kills / 2, "most were killed when nothing was left to do"
    end = time.monotonic() + 60
    while time.monotonic() < end and (sweeper.work(parts) or open_runs(parts)):
        pass
    check_swept(field)
    with parts.database.reading() as session:
        runs = session.scalars(select(JobRun)).all()
    assert Counter(run.asked_at is None for run in runs)[True] == len({run.due for run in runs if not run.asked_at})
    assert all(run.ended_at and run.error is None for run in runs)
    told = Counter({f"sweep:{run.id}": json.loads(run.result or "{}")["reassigned"] for run in runs})
    assert +told == Counter(one.batch for one in field.rows(Handover))


def open_runs(parts: Parts) -> int:
    with parts.database.reading() as session:
        return session.scalar(select(func.count()).where(JobRun.ended_at.is_(None))) or 0
