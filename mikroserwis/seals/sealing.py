"""Seals are set off the hot path, over rows before which none can appear any more."""

import os
import socket
import time
from datetime import datetime

import structlog
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from mikroserwis.db import Database
from mikroserwis.models import Event, HistorySeal
from mikroserwis.seals.digests import digests, packed, seal_hash

log = structlog.get_logger()
# Rows of one seal: it is read whole.
BATCH = 5000
# How long transactions under way are waited for; the next round comes soon.
PATIENCE = 5.0
_PAUSE = 0.05
# Who writes to the history has held this lock since before its first row got an id, and until all of them are seen.
_WRITERS = text(
    "SELECT virtualtransaction FROM pg_locks WHERE locktype = 'relation' AND relation = 'history'::regclass "
    "AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) "
    "AND mode = 'RowExclusiveLock' AND granted"
)


def seal(database: Database, now: datetime, *, patience: float = PATIENCE) -> HistorySeal | None:
    """The next seal, over at most BATCH rows; None if there is nothing to seal yet, or another process was quicker.

    Nothing is held while rows are read, so nobody waits for it. Killed in between, nothing was done.
    """
    with database.reading() as session:
        upto = settled(session, patience)
    # Begun anew, so that it sees what those who were waited for have written.
    with database.reading() as session:
        last = session.scalars(select(HistorySeal).order_by(HistorySeal.id.desc()).limit(1)).one_or_none()
        after = last.last_id if last else 0
        rows = list(digests(session, after=after, upto=upto, most=BATCH))
    if not rows:
        return None
    made = HistorySeal(
        id=last.id + 1 if last else 1,
        first_id=rows[0][0],
        last_id=rows[-1][0],
        digests=packed(rows),
        previous=last.hash if last else "",
        sealed_at=now,
        sealed_by=f"{socket.gethostname()}:{os.getpid()}"[:100],
    )
    made.hash = seal_hash(made)
    try:
        with database.transaction() as session:
            session.add(made)
    except IntegrityError:
        return None
    log.info("history sealed", seal=made.id, first=made.first_id, last=made.last_id, hash=made.hash)
    return made


def settled(session: Session, patience: float) -> int:
    """The highest id for which all lower ones are decided: their rows are there, or never will be. 0 if none is known.

    On PostgreSQL a lower id may be committed later. Whoever might hold one was at work when the highest id had been
    seen, so it's enough that those, and not their successors, end. SQLite lets one write at a time.
    """
    newest: int = session.scalar(select(func.coalesce(func.max(Event.id), 0))) or 0
    if session.get_bind().dialect.name != "postgresql":
        return newest
    writing, end = set(session.scalars(_WRITERS)), time.monotonic() + patience
    while writing:
        if time.monotonic() > end:
            return 0
        time.sleep(_PAUSE)
        writing &= set(session.scalars(_WRITERS))
    return newest
