"""Every open ticket's clock computed anew, batch by batch: a new policy takes effect, and the cache proves itself."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import reduce
from typing import Any

import structlog

from mikroserwis.access import SYSTEM, Actor
from mikroserwis.db import Database
from mikroserwis.edge import Parts
from mikroserwis.rulebook import POLICIES
from mikroserwis.sweeps.failures import is_cut_off
from mikroserwis.sweeps.ledger import Run
from mikroserwis.tickets.clocks import open_tickets
from mikroserwis.tickets.operations.recomputing import Found, compare, recompute
from sla import Policy

log = structlog.get_logger()
BATCH = 1000


@dataclass
class Report:
    """How many open tickets were looked at, whose due moment moved (by stage, earlier and later), and how many were
    mended only in what else is kept of a clock: due moments of other stages, warnings. `skipped` are of a type that
    the rules don't know, or could not be computed. `last` is the newest id."""

    examined: int = 0
    moved: int = 0
    mended: int = 0
    skipped: int = 0
    earlier: dict[str, int] = field(default_factory=dict)
    later: dict[str, int] = field(default_factory=dict)
    last: int = 0

    def add(self, last: int, found: Found) -> None:
        self.last = last
        self.examined += found.examined
        self.moved += len(found.moved)
        self.mended += found.mended
        self.skipped += found.skipped
        self.earlier = Counter(self.earlier) + Counter(one.stage for one in found.moved if one.earlier)
        self.later = Counter(self.later) + Counter(one.stage for one in found.moved if not one.earlier)


def work(parts: Parts, run: Run) -> dict[str, Any]:
    """The night's run: `moved` is 0 unless the policies have changed. One that died goes on where it was."""
    report = run.resumed(Report)
    for last, found in batches(parts.database, run.started_at, after=report.last):
        report.add(last, found)
        run.beat(vars(report))
    return vars(report)


def batches(
    database: Database,
    now: datetime,
    *,
    actor: Actor = SYSTEM,
    policies: Mapping[str, Policy] = POLICIES,
    dry_run: bool = False,
    after: int = 0,
    size: int = BATCH,
) -> Iterator[tuple[int, Found]]:
    """What was done with each batch of open tickets, and the last id in it.

    A batch is compared in a transaction that only reads; what differs is locked, compared again and written in one of
    its own. So people act in between, a killed run leaves whole batches behind, and where nothing differs nothing is
    locked.
    """
    while True:
        with database.reading() as session:
            ids = session.scalars(open_tickets(after, size)).all()
        if not ids:
            return
        batch = _Batch(database, policies, now, actor, dry_run)
        after = ids[-1]
        yield after, batch.done(ids)


@dataclass(frozen=True)
class _Batch:
    """How one batch is seen to; a ticket that can't be computed takes no other with it."""

    database: Database
    policies: Mapping[str, Policy]
    now: datetime
    actor: Actor
    dry_run: bool

    def done(self, ids: Collection[int]) -> Found:
        try:
            return self._seen_to(ids)
        except Exception as error:
            if is_cut_off(error):
                raise
            log.warning("a batch of clocks failed; each ticket alone", error=repr(error))
        return reduce(_sum, map(self._alone, ids))

    def _alone(self, id_: int) -> Found:
        try:
            return self._seen_to((id_,))
        except Exception as error:
            if is_cut_off(error):
                raise
            log.exception("a ticket's clock could not be computed", ticket_id=id_)
            return Found(0, (), 0, (), skipped=1)

    def _seen_to(self, ids: Collection[int]) -> Found:
        with self.database.snapshot() as session:
            found = compare(session, ids, self.policies, self.now)
        if not found.ids or self.dry_run:
            return found
        with self.database.transaction() as session:
            written = recompute(session, found.ids, self.policies, actor=self.actor, now=self.now)
        return replace(written, examined=found.examined, skipped=found.skipped)


def _sum(one: Found, other: Found) -> Found:
    return Found(
        one.examined + other.examined,
        one.moved + other.moved,
        one.mended + other.mended,
        one.ids + other.ids,
        one.skipped + other.skipped,
    )
