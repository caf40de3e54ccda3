"""The ledger of runs: each happens once however many schedulers offer it, and goes on if its process dies.

Whoever inserts the row `(job, due)` does the run, and holds it by a lease that is moved on while the work goes on. Past
its lease the process is taken for killed: another takes the run over, so the work must bear to be begun again from the
middle. A run that fails is tried again after growing pauses; then it is given up, and staff are mailed.
"""

import json
import os
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar
from uuid import uuid4
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import ColumnElement, insert, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from mikroserwis import history, telling
from mikroserwis.access import Actor
from mikroserwis.db import Database
from mikroserwis.edge import Parts
from mikroserwis.errors import Conflict
from mikroserwis.i18n import speaking
from mikroserwis.models import JobRun
from mikroserwis.plaintext import plain
from mikroserwis.posting import post
from mikroserwis.rulebook import RULES
from mikroserwis.sweeps.failures import LeaseLost
from mikroserwis.sweeps.job_words import due_words, job_label
from mikroserwis.tickets.mailing import operations

log = structlog.get_logger()
Clock = Callable[[], datetime]
Record = TypeVar("Record")
LEASE = timedelta(seconds=60)
# After as many failures as there are pauses the next one is the last.
PAUSES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15))
# What kills its process can't be told from a process that is killed: at some point it is the work.
ATTEMPTS = 100


@dataclass(frozen=True)
class Daily:
    """Work of each day at a local time, done once however many schedulers offer it, or when a person asks for it.

    `work` returns what to record. What may take longer than the lease says `run.beat()` in between.
    """

    name: str
    at: time
    work: Callable[[Parts, "Run"], Mapping[str, Any]]
    lease: timedelta = LEASE

    def last_due(self, now: datetime, zone: ZoneInfo) -> date:
        """The day whose run is due: today's from its hour on, until then yesterday's."""
        local = now.astimezone(zone)
        return local.date() if local.time() >= self.at else local.date() - timedelta(days=1)


@dataclass(frozen=True)
class Run:
    """A run in the hands of this process. `so_far` is what was recorded of it before: it was begun `attempt` times."""

    id: int
    job: str
    due: str
    attempt: int
    started_at: datetime
    so_far: Mapping[str, Any]
    clock: Clock
    lease: timedelta
    database: Database

    def resumed(self, kind: type[Record], **begun: Any) -> Record:
        """What was recorded, as this dataclass; what another release recorded besides is left out."""
        known = {one.name for one in fields(kind)}  # type: ignore[arg-type]
        return kind(**{**begun, **{name: value for name, value in self.so_far.items() if name in known}})

    def beat(self, progress: Mapping[str, Any] | None = None) -> None:
        """Hold the run for another lease, and show how far it is. Raises LeaseLost if another process has it."""
        with self.database.transaction() as session:
            self.note(session, progress)

    def note(self, session: Session, progress: Mapping[str, Any] | None = None) -> None:
        """The same within the work's own transaction: what is shown and what was done can't differ."""
        values: dict[str, Any] = {"lease_until": self.clock() + self.lease}
        if progress is not None:
            values["result"] = json.dumps(progress)
        self._write(session, **values)

    def _write(self, session: Session, **values: Any) -> None:
        ours = (JobRun.id == self.id, JobRun.attempts == self.attempt, JobRun.ended_at.is_(None))
        if not session.execute(update(JobRun).where(*ours).values(**values)).rowcount:  # type: ignore[attr-defined]
            raise LeaseLost

    def done(self, result: Mapping[str, Any]) -> None:
        with self.database.transaction() as session:
            self._write(session, ended_at=self.clock(), result=json.dumps(result), error=None)

    def failed(self, error: str) -> bool:
        """Record it, to be tried again after a pause; True if it is given up now."""
        now = self.clock()
        with self.database.transaction() as session:
            failures = session.scalars(select(JobRun.failures).where(JobRun.id == self.id)).one()
            last = failures >= len(PAUSES)
            ends = {"ended_at": now} if last else {"lease_until": now + PAUSES[failures]}
            self._write(session, error=error, failures=failures + 1, **ends)
            if last:
                self.tell_staff(session, error, now, times=failures + 1)
        return last

    def tell_staff(self, session: Session, error: str, now: datetime, *, times: int) -> None:
        """That it is given up."""
        for index, one in enumerate(operations(session)):
            with speaking(one.language):
                said = {"job": job_label(self.job), "due": due_words(self.due)}
            values = {**said, "times": times, "error": plain(error)}
            told = telling.render(session, "job_failed", telling.EMAIL, values, one.language)
            key = f"mail:job_failed:{self.id}:{index}"
            post(session, one, "job_failed", told.subject, told.body, key=key, now=now, values=values)


def offer(parts: Parts, job: Daily, clock: Clock) -> bool:
    """Do the run that is due, unless it has been done or another process is at it. True if we did it.

    An error of the work is recorded and raised.
    """
    now = clock()
    due = job.last_due(now, RULES.tz).isoformat()
    with parts.database.reading() as reading:
        known = reading.scalars(select(JobRun).where(JobRun.job == job.name, JobRun.due == due)).one_or_none()
    if known is None:
        run = _enter(parts.database, job, clock, due=due)
    else:
        run = _take_over(parts.database, job, clock, known) if _is_free(known, now) else None
    return run is not None and _carry(parts, job, run)


def ask(session: Session, job: str, *, actor: Actor, now: datetime) -> JobRun:
    """A run that a person asks for; the first scheduler that looks begins it. Raises Conflict if one waits already."""
    asked = JobRun(job=job, due=_asked(now), attempts=0, **_by(actor, now))
    try:
        with session.begin_nested():
            session.add(asked)
    except IntegrityError:
        raise Conflict("run_asked_already", job=job) from None
    history.record(session, "job_ask", actor=actor, now=now, job=job)
    return asked


def do_asked(parts: Parts, clock: Clock, jobs: Mapping[str, Daily]) -> bool:
    """Do one run that a person has asked for, or go on with one whose process died; False if there is none."""
    with parts.database.reading() as reading:
        query = select(JobRun).where(JobRun.asked_at.is_not(None), JobRun.job.in_(jobs), *_free(clock()))
        known = reading.scalars(query.order_by(JobRun.id).limit(1)).first()
    if known is None:
        return False
    job = jobs[known.job]
    run = _take_over(parts.database, job, clock, known)
    return run is not None and _carry(parts, job, run)


def do_now(parts: Parts, job: Daily, clock: Clock, *, actor: Actor) -> Mapping[str, Any]:
    """A run asked for and done by this process at once: what it recorded. Raises what the work raises."""
    now = clock()
    run = _enter(parts.database, job, clock, due=_asked(now), **_by(actor, now))
    if run is None:
        raise Conflict("run_asked_already", job=job.name)
    _carry(parts, job, run)
    with parts.database.reading() as reading:
        return _result(reading.get_one(JobRun, run.id))


def _asked(now: datetime) -> str:
    return f"{now:%Y-%m-%dT%H:%M:%S%z} {uuid4().hex[:8]}"


def _by(actor: Actor, now: datetime) -> dict[str, Any]:
    return {"asked_at": now, "asked_by_id": actor.user_id, "asked_by": actor.label}


def _free(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return JobRun.ended_at.is_(None), or_(JobRun.lease_until.is_(None), JobRun.lease_until <= now)


def _is_free(known: JobRun, now: datetime) -> bool:
    """Looking costs no write lock, and most offers find the run done."""
    return known.ended_at is None and (known.lease_until is None or known.lease_until <= now)


def _enter(database: Database, job: Daily, clock: Clock, **values: Any) -> Run | None:
    """The run if it is ours; one of an earlier day that was left undone has been replaced by it then."""
    now = clock()
    try:
        with database.transaction() as session:
            row = session.scalars(
                insert(JobRun).values(job=job.name, started_at=now, **_held(job, now), **values).returning(JobRun)
            ).one()
            if row.asked_at is None:
                left = (JobRun.job == job.name, JobRun.asked_at.is_(None), JobRun.id < row.id, *_free(now))
                session.execute(
                    update(JobRun).where(*left).values(ended_at=now, error=f"left undone; replaced by {row.due}")
                )
    except IntegrityError:
        return None
    return _run(database, job, clock, row)


def _take_over(database: Database, job: Daily, clock: Clock, known: JobRun) -> Run | None:
    """Of several who find it free, whoever counts the attempt."""
    now = clock()
    if known.attempts >= ATTEMPTS:
        _give_up(database, job, clock, known)
        return None
    values = {"attempts": known.attempts + 1, "started_at": known.started_at or now, **_held(job, now)}
    with database.transaction() as session:
        taken = update(JobRun).where(JobRun.id == known.id, JobRun.attempts == known.attempts, *_free(now))
        row = session.scalars(taken.values(**values).returning(JobRun)).one_or_none()
    return None if row is None else _run(database, job, clock, row)


def _give_up(database: Database, job: Daily, clock: Clock, known: JobRun) -> None:
    """A run whose process ended again and again without a word."""
    now, error = clock(), f"begun {known.attempts} times; each time its process ended without a word"
    with database.transaction() as session:
        dead = update(JobRun).where(JobRun.id == known.id, JobRun.attempts == known.attempts, *_free(now))
        row = session.scalars(dead.values(ended_at=now, error=error).returning(JobRun)).one_or_none()
        if row is not None:
            _run(database, job, clock, row).tell_staff(session, error, now, times=row.attempts)


def _held(job: Daily, now: datetime) -> dict[str, Any]:
    return {"lease_until": now + job.lease, "process": f"{socket.gethostname()}:{os.getpid()}"[:100]}


def _run(database: Database, job: Daily, clock: Clock, row: JobRun) -> Run:
    begun = row.started_at or clock()
    return Run(row.id, job.name, row.due, row.attempts, begun, _result(row), clock, job.lease, database)


def _result(row: JobRun) -> Mapping[str, Any]:
    recorded: dict[str, Any] = json.loads(row.result or "{}")
    return recorded


def _carry(parts: Parts, job: Daily, run: Run) -> bool:
    """True; an error of the work is recorded and raised."""
    try:
        result = job.work(parts, run)
        run.done(result)
    except LeaseLost:
        log.warning("another process has the run now", job=job.name, due=run.due)
        return True
    except Exception as error:
        run.failed(repr(error).replace("\x00", "")[:2000])
        raise
    log.info("job done", job=job.name, due=run.due, result=dict(result))
    return True
