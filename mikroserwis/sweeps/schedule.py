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
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from mikroserwis.db import Database
from mikroserwis.edge import Parts
from mikroserwis.models import JobRun
from mikroserwis.rulebook import RULES
from mikroserwis.sweeps import list_exports
from mikroserwis.sweeps.deliver import deliver_due
from mikroserwis.sweeps.imports import take_in_one
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
    """Work of each day at a local time, done once however many schedulers offer it. `work` returns what to record.

    A run that has not ended when its `allowed` time is over is taken for killed, and done again.
    """

    name: str
    at: time
    work: Callable[[Parts, datetime], dict[str, Any]]
    allowed: timedelta = timedelta(hours=1)

    def last_due(self, now: datetime, zone: ZoneInfo) -> date:
        """The day whose run is due: today's from its hour on, until then yesterday's."""
        local = now.astimezone(zone)
        return local.date() if local.time() >= self.at else local.date() - timedelta(days=1)


def _deliver_one(parts: Parts, now: Clock) -> bool:
    return deliver_due(parts, now, limit=1).tried > 0


# Nothing between 02:00 and 03:00: that hour comes twice in autumn and not at all in spring.
POLLED = (
    Polled("deliver", seconds=1, threads=3, work=_deliver_one),
    Polled("list exports", seconds=1, threads=1, work=list_exports.work),
    Polled("imports", seconds=2, threads=1, work=take_in_one),
)
DAILY = (Daily("tidy", at=time(3, 30), work=tidy),)


def offer(parts: Parts, job: Daily, now: Clock) -> bool:
    """Do the run that is due, unless it has been done: whoever inserts the row `(job, due)` does it. True if we did.

    One that was killed is taken over by whoever moves its start. An error of the work is recorded and raised; that
    day's run is not tried again.
    """
    started = now()
    due = job.last_due(started, RULES.tz).isoformat()
    run_id = _enter(parts.database, job, due, started)
    if run_id is None:
        return False
    try:
        result = job.work(parts, started)
    except Exception as error:
        _leave(parts.database, run_id, started, now(), error=repr(error)[:2000])
        raise
    _leave(parts.database, run_id, started, now(), result=json.dumps(result))
    log.info("job done", job=job.name, due=due, **result)
    return True


def _enter(database: Database, job: Daily, due: str, now: datetime) -> int | None:
    """The run's id if it is ours. Looking costs no write lock, and most offers find it done."""
    values = {"started_at": now, "process": f"{socket.gethostname()}:{os.getpid()}"[:100]}
    killed = (JobRun.ended_at.is_(None), JobRun.started_at < now - job.allowed)
    with database.reading() as reading:
        known = reading.scalars(select(JobRun).where(JobRun.job == job.name, JobRun.due == due)).one_or_none()
    begun = known.started_at if known is not None else None
    if known is not None and (known.ended_at is not None or begun is None or begun >= now - job.allowed):
        return None
    try:
        with database.transaction() as session:
            if known is None:
                return session.scalars(
                    insert(JobRun).values(job=job.name, due=due, **values).returning(JobRun.id)
                ).one()
            taken = update(JobRun).where(JobRun.id == known.id, *killed).values(**values).returning(JobRun.id)
            return session.scalars(taken).one_or_none()
    except IntegrityError:
        return None


def _leave(database: Database, run_id: int, started: datetime, now: datetime, **outcome: str) -> None:
    """Unless somebody has taken the run over meanwhile."""
    ours = (JobRun.id == run_id, JobRun.started_at == started)
    with database.transaction() as session:
        session.execute(update(JobRun).where(*ours).values(ended_at=now, **outcome))
