"""The one table of periodic work, and the ledger that lets each dated run happen once."""

import json
import os
import socket
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError

from mikroserwis.db import Database
from mikroserwis.edge import Parts
from mikroserwis.models import JobRun
from mikroserwis.rulebook import RULES
from mikroserwis.sweeps.deliver import deliver_due
from mikroserwis.sweeps.tidy import tidy

log = structlog.get_logger()
Clock = Callable[[], datetime]


@dataclass(frozen=True)
class Polled:
    """Work that looks every so many seconds whether there is something to do, in so many threads of a process.

    `work` does one piece and says whether there was one.
    """

    name: str
    seconds: float
    threads: int
    work: Callable[[Parts, Clock], bool]


@dataclass(frozen=True)
class Daily:
    """Work of each day at a local time, done once however many schedulers offer it. `work` returns what to record."""

    name: str
    at: time
    work: Callable[[Parts, datetime], dict[str, Any]]

    def last_due(self, now: datetime, zone: ZoneInfo) -> date:
        """The day whose run is due: today's from its hour on, until then yesterday's."""
        local = now.astimezone(zone)
        return local.date() if local.time() >= self.at else local.date() - timedelta(days=1)


def _deliver_one(parts: Parts, now: Clock) -> bool:
    return deliver_due(parts, now, limit=1).tried > 0


# Nothing between 02:00 and 03:00: that hour comes twice in autumn and not at all in spring.
POLLED = (Polled("deliver", seconds=1, threads=3, work=_deliver_one),)
DAILY = (Daily("tidy", at=time(3, 30), work=tidy),)


def offer(parts: Parts, job: Daily, now: Clock) -> bool:
    """Do the run that is due, unless it has been done: whoever inserts the row `(job, due)` does it. True if we did.

    An error of the work is recorded and raised; that day's run is not tried again.
    """
    started = now()
    due = job.last_due(started, RULES.tz).isoformat()
    run_id = _enter(parts.database, job.name, due, started)
    if run_id is None:
        return False
    try:
        result = job.work(parts, started)
    except Exception as error:
        _leave(parts.database, run_id, now(), error=repr(error)[:2000])
        raise
    _leave(parts.database, run_id, now(), result=json.dumps(result))
    log.info("job done", job=job.name, due=due, **result)
    return True


def _enter(database: Database, name: str, due: str, now: datetime) -> int | None:
    process = f"{socket.gethostname()}:{os.getpid()}"[:100]
    try:
        with database.transaction() as session:
            row = insert(JobRun).values(job=name, due=due, started_at=now, process=process).returning(JobRun.id)
            return session.scalars(row).one()
    except IntegrityError:
        return None


def _leave(database: Database, run_id: int, now: datetime, **outcome: str) -> None:
    with database.transaction() as session:
        session.execute(update(JobRun).where(JobRun.id == run_id).values(ended_at=now, **outcome))
