"""Lists written to a file in the background: claimed by a lease, read from one snapshot, row by row.

Whoever is killed leaves a lease that ends; the next worker begins anew. The row names the bytes before they are
stored, and outlives them: so no bytes are ever left that no row knows of.
"""

import hashlib
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from tempfile import NamedTemporaryFile
from typing import Any, BinaryIO, cast

import structlog
from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.orm import Session

from exports.sheets import MOST_ROWS
from mikroserwis.access import Actor, may, on_behalf_of, role_relations
from mikroserwis.db import Database
from mikroserwis.edge import Parts
from mikroserwis.i18n import speaking
from mikroserwis.models import ListExport
from mikroserwis.rulebook import RULES
from mikroserwis.storage import OUT_OF_SPACE, StorageFull, Store
from mikroserwis.sweeps.failures import Failed, LeaseLost
from mikroserwis.tickets import listing, sheet
from mikroserwis.tickets.operations.list_exports import KEPT, OPEN, scope, shelf
from mikroserwis.tickets.wanted import from_query

log = structlog.get_logger()
Clock = Callable[[], datetime]

LEASE = timedelta(minutes=2)
TOLD_EVERY = timedelta(seconds=1)
TOLD_ROWS = 500
ATTEMPTS, AGAIN = 5, timedelta(seconds=20)


def work(parts: Parts, now: Clock) -> bool:
    """Make the next list that is asked for, or sweep away one that has expired. False if there was neither."""
    hold = claim(parts.database, now)
    if hold is None:
        return sweep(parts, now())
    try:
        _make(parts, hold, now)
    except LeaseLost:
        log.info("list export was cancelled or passed on", export=hold.export.id)
        hold.let_go(shelf(parts.settings))
    except Failed as failure:
        hold.end(state="failed", failure=failure.code)
    except Exception as error:
        if _is_out_of_space(error):
            hold.end(state="failed", failure="disk_full")
        elif hold.export.attempts >= ATTEMPTS:
            log.exception("list export failed for good", export=hold.export.id)
            hold.end(state="failed", failure="broken")
        else:
            log.exception("list export failed", export=hold.export.id)
            hold.put_off()
    return True


class Hold:
    """A worker's hold on an export, which it must move on within LEASE."""

    def __init__(self, database: Database, export: ListExport, now: Clock) -> None:
        self.export = export
        self._database = database
        self._now = now
        self._until = export.lease_until

    def keep(self, **values: Any) -> None:
        """Write what is known by now and hold on. Raises LeaseLost: it was cancelled, or somebody else has it."""
        until = self._now() + LEASE
        if not self._write(lease_until=until, **values):
            raise LeaseLost
        self._until = until

    def end(self, **values: Any) -> bool:
        """The last word; False if it was no longer ours to say."""
        now = self._now()
        return self._write(lease_until=None, ended_at=now, expires_at=now + KEPT, **values)

    def put_off(self) -> None:
        """Somebody tries again after a while."""
        self._write(state="queued", lease_until=self._now() + AGAIN)

    def let_go(self, store: Store) -> None:
        """It isn't ours any more: what we have stored goes, then whoever waits for the lease may go on."""
        if self.export.sha256:
            _drop(self._database, store, self.export.sha256, but=self.export.id)
        ours = (ListExport.id == self.export.id, ListExport.lease_until == self._until)
        with self._database.transaction() as session:
            session.execute(update(ListExport).where(*ours).values(lease_until=None, sha256=None, size=None))

    def _write(self, **values: Any) -> bool:
        held = (ListExport.id == self.export.id, ListExport.state == "running", ListExport.lease_until == self._until)
        with self._database.transaction() as session:
            changed = session.execute(update(ListExport).where(*held).values(**values))
        return bool(changed.rowcount)  # type: ignore[attr-defined]


def claim(database: Database, now: Clock) -> Hold | None:
    """The next export that nobody works on, by one conditional update. Looking costs no write lock."""
    moment = now()
    ready = (ListExport.state.in_(OPEN), _is_free(moment))
    waiting = select(ListExport.id).where(*ready).order_by(ListExport.attempts, ListExport.id).limit(20)
    with database.reading() as reading:
        found = reading.scalars(waiting).all()
    for export_id in found:
        with database.transaction() as session:
            taken = update(ListExport).where(ListExport.id == export_id, *ready)
            values = {"state": "running", "lease_until": moment + LEASE, "started_at": moment, "rows_done": 0}
            if session.execute(taken.values(attempts=ListExport.attempts + 1, **values)).rowcount:  # type: ignore[attr-defined]
                return Hold(database, session.get_one(ListExport, export_id), now)
    return None


def _is_free(now: datetime) -> ColumnElement[bool]:
    return or_(ListExport.lease_until.is_(None), ListExport.lease_until <= now)


def _make(parts: Parts, hold: Hold, now: Clock) -> None:
    """Raises Failed, LeaseLost, StorageFull and OSError."""
    export, store, moment = hold.export, shelf(parts.settings), now()
    if export.attempts > ATTEMPTS:
        raise Failed("broken", "every worker that had it was killed", permanent=True)
    if export.sha256:
        _drop(parts.database, store, export.sha256, but=export.id)
    with NamedTemporaryFile(suffix=".xlsx") as temporary, speaking(export.language):
        out = cast(BinaryIO, temporary)
        with parts.database.snapshot() as session:
            actor = _owner(session, export)
            ids = listing.every_id(session, from_query(export.query), actor, moment)
            if len(ids) > MOST_ROWS:
                raise Failed("too_many_rows", f"{len(ids)} rows", permanent=True)
            hold.keep(rows_total=len(ids), sha256=None, size=None)
            rows = _told(listing.rows_of(session, ids), hold, now)
            sheet.write(out, rows, actor, moment.astimezone(RULES.tz).date())
        size = out.tell()
        out.seek(0)
        export.sha256 = hashlib.file_digest(temporary, "sha256").hexdigest()
        hold.keep(rows_done=len(ids), sha256=export.sha256, size=size, name=sheet.file_name(moment))
        out.seek(0)
        store.put(out, limit=sys.maxsize)
        if not hold.end(state="done"):
            raise LeaseLost


def _owner(session: Session, export: ListExport) -> Actor:
    """Who asked for it, as that person is now. Raises Failed if the account sees no list now, or another one."""
    actor = on_behalf_of(session, export.user_id, "web")
    if actor is None or not may("exports.own", role_relations(actor)) or scope(actor) != export.scope:
        raise Failed("not_allowed", "the account is inactive or sees other tickets now", permanent=True)
    return actor


def _told(rows: Iterator[listing.Row], hold: Hold, now: Clock) -> Iterator[listing.Row]:
    """The rows; now and then the export says how far it is."""
    told = now()
    for number, row in enumerate(rows):
        if number % TOLD_ROWS == 0 and now() - told >= TOLD_EVERY:
            hold.keep(rows_done=number)
            told = now()
        yield row


def _is_out_of_space(error: Exception) -> bool:
    return isinstance(error, StorageFull) or (isinstance(error, OSError) and error.errno in OUT_OF_SPACE)


def sweep(parts: Parts, now: datetime) -> bool:
    """Remove one export whose time is over, its bytes before its row; a worker that still has it ends first."""
    over = select(ListExport).where(ListExport.expires_at <= now, _is_free(now)).order_by(ListExport.expires_at)
    with parts.database.reading() as reading:
        found = reading.scalars(over.limit(1)).one_or_none()
    if found is None:
        return False
    if found.sha256:
        _drop(parts.database, shelf(parts.settings), found.sha256, but=found.id)
    with parts.database.transaction() as session:
        session.execute(delete(ListExport).where(ListExport.id == found.id, ListExport.expires_at <= now))
    return True


def _drop(database: Database, store: Store, sha256: str, *, but: int) -> None:
    """The bytes go, unless another export has the same ones."""
    with database.reading() as reading:
        same = select(ListExport.id).where(ListExport.sha256 == sha256, ListExport.id != but)
        is_shared = reading.scalars(same.limit(1)).first() is not None
    if not is_shared:
        store.remove(sha256)
