"""Both policies over the history of so many days."""

import heapq
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from mikroserwis.rulebook import POLICIES
from mikroserwis.supervision.simulator import queries
from mikroserwis.supervision.simulator.forms import Wanted
from mikroserwis.sweeps.schedule import DAILY
from sla import Policy
from sla.replay import Compared, Replay, Tally, TenureRecord, compare

SWEEP = next(job.at for job in DAILY if job.name == "sweep")
# Three seconds' work or so; of more tenures the newest are replayed, and the page says so.
MOST = 100_000


@dataclass
class Result:
    """`differing` are the newest of those in which the two policies differ; `left_out` tenures weren't replayed."""

    since: datetime
    until: datetime
    total: Tally = field(default_factory=Tally)
    dealers: dict[int, Tally] = field(default_factory=lambda: defaultdict(Tally))
    differing: list[Compared] = field(default_factory=list)
    left_out: int = 0


def simulate(session: Session, wanted: Wanted, now: datetime, *, shown: int, most: int = MOST) -> Result:
    """Counted over all, and the newest `shown` that differ."""
    result = Result(now - timedelta(days=wanted.window), now)
    newest: list[tuple[datetime, int, Compared]] = []
    for one in compared(session, wanted, now, most=most):
        result.total.add(one, result.since)
        result.dealers[one.record.dealer_id].add(one, result.since)
        if one.differs:
            (heapq.heappush if len(newest) < shown else heapq.heappushpop)(newest, (when(one), one.record.key, one))
    result.differing = [one for _when, _key, one in sorted(newest, reverse=True)]
    if result.total.tenures >= most:
        result.left_out = queries.how_many(session, result.since, now) - result.total.tenures
    return result


def compared(session: Session, wanted: Wanted, now: datetime, *, most: int = MOST) -> Iterator[Compared]:
    """Each tenure of the window under both policies, the newest tenure first."""
    present = _replays(POLICIES, now)
    other = {
        name: present[name] if policy is POLICIES[name] else Replay(policy, sweep=SWEEP, until=now)
        for name, policy in wanted.policies.items()
    }
    since = now - timedelta(days=wanted.window)
    yield from compare(queries.tenures(session, since, now, most=most), present, other)


def when(one: Compared) -> datetime:
    """The moment by which a list of differences is sorted: of the take-away that only one of the two makes."""
    found = one.other or one.present
    return found.at if found is not None else one.record.assigned_at


def _replays(policies: Mapping[str, Policy], now: datetime) -> dict[str, Replay]:
    return {name: Replay(policy, sweep=SWEEP, until=now) for name, policy in policies.items()}


def more_days(wanted: Wanted, until: datetime) -> Callable[[TenureRecord], int | None]:
    """How many days more the other policy would have left to a tenure that a sweep ended."""
    replays = _replays(wanted.policies, until)
    return lambda record: replays[record.type].more_days(record)
