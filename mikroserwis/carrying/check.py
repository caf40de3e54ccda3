"""Is everything as it should be? Looks only, while the service runs; each finding is a sentence for its operator."""

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from secrets import SystemRandom
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, func, select, text
from sqlalchemy.orm import InstrumentedAttribute, Session

from mikroserwis import migrate, storage
from mikroserwis.carrying.files import AT_ONCE
from mikroserwis.carrying.rows import TABLES
from mikroserwis.edge import Parts
from mikroserwis.models import File, ImportDraft, JobRun, ListExport, Material, OutboxItem, PaperForm, UserPicture
from mikroserwis.rulebook import RULES
from mikroserwis.storage import StorageUnavailable, Store
from mikroserwis.sweeps import recompute
from mikroserwis.sweeps.schedule import DAILY

SAMPLE = 200
DAYS = 14
# Time for a run that is due to be begun, and for an item that is due to be tried.
LATE = timedelta(hours=1)
MOST = 20


class Area(NamedTuple):
    """What was looked at, and what is wrong with it."""

    name: str
    findings: Sequence[str]


def check(parts: Parts, now: datetime, *, every_file: bool) -> Iterator[Area]:
    """Area by area; of the files a sample of SAMPLE from each kind, or every one."""
    if not migrate.is_current(parts.database.engine):
        yield Area("database", ["The database has an older schema. Run: mikroserwis migrate"])
        return
    yield Area("database", list(_database(parts)))
    yield Area("files", list(_files(parts, now, every_file=every_file)))
    yield Area("deadlines", list(_deadlines(parts, now)))
    with parts.database.reading() as session:
        yield Area("outbox", list(_outbox(session, now)))
        yield Area("ledger", list(_ledger(session, now)))


def _database(parts: Parts) -> Iterator[str]:
    with parts.database.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            for line in connection.scalars(text(f"PRAGMA integrity_check({MOST})")):
                if line != "ok":
                    yield f"integrity: {line}"
        for table in TABLES:
            for key in table.foreign_key_constraints:
                named = key.referred_table.alias()
                pairs = [(one.parent, named.c[one.column.name]) for one in key.elements]
                other = select(text("1")).where(*(mine == theirs for mine, theirs in pairs)).exists()
                orphans = select(func.count()).where(*(mine.is_not(None) for mine, _theirs in pairs), ~other)
                found = connection.scalar(orphans.select_from(table))
                if found:
                    yield f"{found} rows of {table.name} name a row of {key.referred_table.name} that isn't there."


def _files(parts: Parts, now: datetime, *, every_file: bool) -> Iterator[str]:
    open_drafts = ImportDraft.state.in_(("checked", "confirmed"))
    finished = (ListExport.state == "done", ListExport.expires_at > now)
    shelves: tuple[tuple[str, InstrumentedAttribute[Any], tuple[ColumnElement[bool], ...]], ...] = (
        ("files", File.sha256, ()),
        ("files", Material.sha256, ()),
        ("files", PaperForm.sha256, ()),
        ("files", UserPicture.sha256, ()),
        ("imports", ImportDraft.sha256, (open_drafts,)),
        ("exports", ListExport.sha256, finished),
    )
    for shelf, column, which in shelves:
        with parts.database.reading() as session:
            query = select(column).where(column.is_not(None), *which).distinct().order_by(column)
            named = [sha256 for sha256 in session.scalars(query) if sha256]
        wanted = named if every_file or len(named) <= SAMPLE else SystemRandom().sample(named, SAMPLE)
        try:
            lost = _lost(storage.shelf(parts.settings, shelf), wanted)
        except StorageUnavailable as error:
            yield f"The files can't be reached: {error}"
            return
        yield from _first(f"{column.class_.__tablename__}: the file {one} is lost or damaged." for one in lost)


def _lost(store: Store, wanted: Sequence[str]) -> list[str]:
    with ThreadPoolExecutor(AT_ONCE) as workers:
        return [sha256 for sha256, whole in zip(wanted, workers.map(store.verify, wanted), strict=True) if not whole]


def _deadlines(parts: Parts, now: datetime) -> Iterator[str]:
    """The cache against its computation from the history."""
    report = recompute.Report()
    for last, found in recompute.batches(parts.database, now, dry_run=True):
        report.add(last, found)
    if report.moved or report.mended:
        yield (
            f"{report.moved + report.mended} of {report.examined} open tickets keep another deadline than their "
            "history gives. Run: mikroserwis sla recompute"
        )


def _outbox(session: Session, now: datetime) -> Iterator[str]:
    waiting = (OutboxItem.topic, OutboxItem.state, func.count(), func.min(OutboxItem.created_at))
    stuck = select(*waiting).where(OutboxItem.state == "stuck").group_by(OutboxItem.topic, OutboxItem.state)
    for topic, _state, number, since in session.execute(stuck):
        yield f"{number} of {topic} are stuck since {since:%Y-%m-%d} and wait for a person."
    late = select(func.count()).where(OutboxItem.state == "queued", OutboxItem.due_at < now - LATE)
    if found := session.scalar(late):
        yield f"{found} items of the outbox have been due for more than an hour: does a scheduler run?"


def _ledger(session: Session, now: datetime) -> Iterator[str]:
    """Nights without a run since the job's first one, and runs that were given up."""
    for job in DAILY:
        dated = (JobRun.job == job.name, JobRun.asked_at.is_(None))
        last = job.last_due(now - LATE, RULES.tz)
        since = (last - timedelta(days=DAYS - 1)).isoformat()
        runs = {run.due: run for run in session.scalars(select(JobRun).where(*dated, JobRun.due >= since))}
        first = session.scalar(select(func.min(JobRun.due)).where(*dated))
        if first is None:
            yield f"The job {job.name} has never run: does a scheduler run?"
            continue
        day = date.fromisoformat(max(first, since))
        while day <= last:
            run = runs.get(day.isoformat())
            if run is None:
                yield f"The job {job.name} has no run for {day}."
            elif run.error is not None and run.ended_at is not None:
                yield f"The job {job.name} was given up for {day}: {run.error.splitlines()[0][:200]}"
            day += timedelta(days=1)


def _first(findings: Iterable[str]) -> Iterator[str]:
    """The first MOST of them, and how many more there are."""
    every = list(findings)
    yield from every[:MOST]
    if len(every) > MOST:
        yield f"… and {len(every) - MOST} more."
