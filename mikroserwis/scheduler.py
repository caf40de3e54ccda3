"""The clock that offers periodic work. Any number may run: who may do a run is decided in the database."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.combining import OrTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from mikroserwis.db import Database
from mikroserwis.edge import Parts
from mikroserwis.rulebook import RULES
from mikroserwis.sweeps.ledger import Clock, Daily, offer
from mikroserwis.sweeps.schedule import DAILY, POLLED, Polled

log = structlog.get_logger()
# Seconds between offers of a day's run, for one that another process has left undone or that failed.
AGAIN = 30
OFF = timedelta(minutes=5)


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Handle:
    """A running scheduler."""

    clock: BackgroundScheduler
    workers: tuple["_Worker", ...]

    def stop(self, seconds: float = 10) -> bool:
        """Begin nothing more and wait for what is under way; False if something still is after so many seconds.

        What is cut off then is no loss: its lease ends, and the next start does it again.
        """
        self.clock.shutdown()
        for worker in self.workers:
            worker.dismiss()
        end = time.monotonic() + seconds
        for worker in self.workers:
            worker.join(max(end - time.monotonic(), 0))
        return not any(worker.is_alive() for worker in self.workers)


def start(parts: Parts, now: Clock = utc_now) -> Handle:
    """Periodic work in threads of this process, from now on; a run that was missed is made up at once."""
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    clock = BackgroundScheduler(
        timezone=RULES.tz, job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
    )
    workers: list[_Worker] = []

    def employ(name: str, work: Callable[[], bool], trigger: IntervalTrigger | OrTrigger) -> None:
        worker = _Worker(name, work)
        workers.append(worker)
        clock.add_job(worker.offered.set, trigger)

    for polled in POLLED:
        for number in range(polled.threads):
            trigger = IntervalTrigger(seconds=polled.seconds, timezone=RULES.tz)
            employ(f"{polled.name}-{number}", partial(_poll, polled, parts, now), trigger)
    for daily in DAILY:
        on_time = CronTrigger(hour=daily.at.hour, minute=daily.at.minute, timezone=RULES.tz)
        again = IntervalTrigger(seconds=AGAIN, timezone=RULES.tz)
        employ(daily.name, partial(_offer, daily, parts, now), OrTrigger([on_time, again]))
    for worker in workers:
        worker.start()
    clock.start()
    return Handle(clock, tuple(workers))


def _poll(job: Polled, parts: Parts, now: Clock) -> bool:
    return job.work(parts, now)


def _offer(job: Daily, parts: Parts, now: Clock) -> bool:
    if now is utc_now and is_off(parts.database, now()):
        log.error("this machine's clock is off; dated work is left to others", job=job.name, here=now().isoformat())
    else:
        offer(parts, job, now)
    return False


def is_off(database: Database, now: datetime) -> bool:
    """Whether this clock is so far from the database server's that deadlines would be over early, or late."""
    shared = database.moment()
    return shared is not None and abs(shared - now) > OFF


class _Worker(threading.Thread):
    """Works when it is offered something, piece by piece until there is nothing left.

    Offers that come meanwhile are one. A daemon, so that no hanging peer can keep the process from ending.
    """

    def __init__(self, name: str, work: Callable[[], bool]) -> None:
        super().__init__(name=name, daemon=True)
        self.offered = threading.Event()
        self._work = work
        self._dismissed = False
        self.offered.set()

    def dismiss(self) -> None:
        self._dismissed = True
        self.offered.set()

    def run(self) -> None:
        while self.offered.wait() and not self._dismissed:
            self.offered.clear()
            try:
                while self._work() and not self._dismissed:
                    pass
            except Exception:
                log.exception("periodic work failed", job=self.name)
