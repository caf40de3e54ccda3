"""Every open ticket's clock computed anew, batch by batch: a new policy takes effect, and the cache proves itself."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from mikroserwis.access import SYSTEM, Actor
from mikroserwis.db import Database
from mikroserwis.edge import Parts
from mikroserwis.rulebook import POLICIES
from mikroserwis.sweeps.ledger import Run
from mikroserwis.tickets.clocks import open_tickets
from mikroserwis.tickets.operations.recomputing import Found, compare, recompute
from sla import Policy

BATCH = 1000


@dataclass
class Report:
    """How many open tickets were looked at, whose due moment moved (by stage, earlier and later), and how many were
    mended only in what else is kept of a clock: due moments of other stages, warnings. `skipped` are of a type that
    the rules don't know. `last` is the newest id."""

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
    report = Report(**run.so_far)
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
        with database.snapshot() as session:
            ids = session.scalars(open_tickets(after, size)).all()
            found = compare(session, ids, policies, now)
        if not ids:
            return
        if found.ids and not dry_run:
            with database.transaction() as session:
                written = recompute(session, found.ids, policies, actor=actor, now=now)
            found = replace(written, examined=found.examined, skipped=found.skipped)
        after = ids[-1]
        yield after, found
