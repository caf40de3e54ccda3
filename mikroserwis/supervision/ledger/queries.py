"""The jobs and their runs."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from mikroserwis.errors import NotFound
from mikroserwis.lists import Asked, whole
from mikroserwis.models import JobRun
from mikroserwis.rulebook import RULES
from mikroserwis.sweeps.ledger import Daily
from mikroserwis.sweeps.schedule import DAILY

SIZES = (25, 50, 100)
# Further back one gets by filters.
BOUND = 10_000
State = Literal["waiting", "running", "retrying", "interrupted", "done", "failed"]
STATES: tuple[State, ...] = ("waiting", "running", "retrying", "interrupted", "done", "failed")
UNDER_WAY = frozenset({"waiting", "running", "retrying", "interrupted"})


@dataclass(frozen=True)
class Job:
    """A job with when it is due next, the run that began last, and one that is asked for or under way."""

    daily: Daily
    next_due: datetime
    last: JobRun | None
    present: JobRun | None


@dataclass(frozen=True, kw_only=True)
class Wanted(Asked):
    """What the list's address asks for; what can't be read in it is as if it weren't there."""

    job: str = ""
    state: str = ""
    size: int = SIZES[0]
    page: int = 1


@dataclass(frozen=True)
class Page:
    """`total` is exact up to BOUND; past it `bounded` is true."""

    items: list[JobRun]
    total: int
    bounded: bool
    page: int
    pages: int


def state(run: JobRun, now: datetime) -> State:
    """Interrupted: its process is gone, and another goes on with it. Retrying: it failed and will be begun again."""
    if run.ended_at is not None:
        return "failed" if run.error else "done"
    if run.started_at is None:
        return "waiting"
    if run.error:
        return "retrying"
    return "running" if run.lease_until is None or run.lease_until > now else "interrupted"


def result(run: JobRun) -> dict[str, Any]:
    """What it recorded; of a run that goes on, so far."""
    recorded: dict[str, Any] = json.loads(run.result or "{}")
    return recorded


def job(name: str) -> Daily:
    """Raises NotFound."""
    found = next((one for one in DAILY if one.name == name), None)
    if found is None:
        raise NotFound(record="job", id=name)
    return found


def next_due(daily: Daily, now: datetime) -> datetime:
    """In Warsaw; the day after the one whose run is due by now."""
    day = daily.last_due(now, RULES.tz) + timedelta(days=1)
    return datetime.combine(day, daily.at, RULES.tz)


def jobs(session: Session, now: datetime) -> list[Job]:
    """All of them in the table's order; one statement."""
    newest = select(func.max(JobRun.id)).group_by(JobRun.job, JobRun.started_at.is_(None), JobRun.ended_at.is_(None))
    found: dict[str, list[JobRun]] = {}
    for run in session.scalars(select(JobRun).where(JobRun.id.in_(newest)).order_by(JobRun.id.desc())):
        found.setdefault(run.job, []).append(run)
    return [
        Job(
            daily,
            next_due(daily, now),
            next((run for run in found.get(daily.name, ()) if run.ended_at is not None), None),
            next((run for run in found.get(daily.name, ()) if run.ended_at is None), None),
        )
        for daily in DAILY
    ]


def read(arguments: Mapping[str, str]) -> Wanted:
    """The list's address."""
    size, page = (whole(arguments.get(name, "")) for name in ("size", "page"))
    name, state_ = arguments.get("job", ""), arguments.get("state", "")
    return Wanted(
        job=name if name in {one.name for one in DAILY} else "",
        state=state_ if state_ in STATES else "",
        size=size if size in SIZES else SIZES[0],
        page=max(page, 1),
    )


def fetch(session: Session, wanted: Wanted, now: datetime) -> Page:
    """One page of the runs, the newest first; a page past the end is the last one."""
    ids = _filtered(select(JobRun.id), wanted, now).limit(BOUND + 1)
    total = session.scalar(select(func.count()).select_from(ids.subquery())) or 0
    bounded, total = total > BOUND, min(total, BOUND)
    pages = max(-(-total // wanted.size), 1)
    page = min(wanted.page, pages)
    shown = _filtered(select(JobRun), wanted, now).order_by(JobRun.id.desc())
    rows = session.scalars(shown.limit(wanted.size).offset((page - 1) * wanted.size))
    return Page(list(rows), total, bounded, page, pages)


def run(session: Session, run_id: int) -> JobRun:
    """Raises NotFound."""
    found = session.get(JobRun, run_id)
    if found is None:
        raise NotFound(record="job run", id=run_id)
    return found


def _filtered(query: Select[Any], wanted: Wanted, now: datetime) -> Select[Any]:
    if wanted.job:
        query = query.where(JobRun.job == wanted.job)
    return query.where(*_in_state(wanted.state, now)) if wanted.state else query


def _in_state(wanted: str, now: datetime) -> tuple[ColumnElement[bool], ...]:
    begun = (JobRun.ended_at.is_(None), JobRun.started_at.is_not(None))
    gone = JobRun.lease_until.is_not(None) & (JobRun.lease_until <= now)
    return {
        "waiting": (JobRun.ended_at.is_(None), JobRun.started_at.is_(None)),
        "running": (*begun, JobRun.error.is_(None), ~gone | JobRun.lease_until.is_(None)),
        "retrying": (*begun, JobRun.error.is_not(None)),
        "interrupted": (*begun, JobRun.error.is_(None), gone),
        "failed": (JobRun.ended_at.is_not(None), JobRun.error.is_not(None)),
        "done": (JobRun.ended_at.is_not(None), JobRun.error.is_(None)),
    }[wanted]
