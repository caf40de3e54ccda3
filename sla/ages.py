"""The second clock: a ticket's age, split by who had it. It runs on beside the deadlines and is never paused."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from sla.clock import Pause


class Holder(StrEnum):
    """Whose time it was: a dealer's, the customer's (suspended), the back office's (scans handed in, no receipt yet),
    or nobody's (the open pool)."""

    DEALER = "dealer"
    CUSTOMER = "customer"
    BACKOFFICE = "backoffice"
    POOL = "pool"


@dataclass(frozen=True)
class Had:
    """One dealer's tenure; `end=None` while it goes on."""

    dealer_id: int
    start: datetime
    end: datetime | None = None


@dataclass(frozen=True)
class Share:
    """How much of the age one of them used; `dealer_id` for dealers only."""

    holder: Holder
    dealer_id: int | None
    time: timedelta


def shares(
    opened_at: datetime,
    until: datetime,
    *,
    tenures: Sequence[Had] = (),
    suspended: Sequence[Pause] = (),
    waiting: Sequence[Pause] = (),
    closed: Sequence[Pause] = (),
) -> list[Share]:
    """Each holder once, in the order in which they first had it; together exactly the age.

    The age is the time from `opened_at` to `until` less what the ticket was `closed` before it was reopened. Of what
    overlaps, suspension comes first, then the tenure that began last; waiting counts within a tenure only.
    """
    found: dict[tuple[Holder, int | None], timedelta] = {}
    for start, end in pairwise(_moments(opened_at, until, [*tenures, *suspended, *waiting, *closed])):
        if _within(start, closed):
            continue
        holder = _holder(start, tenures, suspended, waiting)
        found[holder] = found.get(holder, timedelta()) + (end - start)
    return [Share(*holder, time) for holder, time in found.items()]


def _holder(
    moment: datetime, tenures: Sequence[Had], suspended: Sequence[Pause], waiting: Sequence[Pause]
) -> tuple[Holder, int | None]:
    if _within(moment, suspended):
        return Holder.CUSTOMER, None
    had = [one for one in tenures if _covers(one, moment)]
    if not had:
        return Holder.POOL, None
    if _within(moment, waiting):
        return Holder.BACKOFFICE, None
    return Holder.DEALER, max(had, key=lambda one: one.start).dealer_id


def _moments(opened_at: datetime, until: datetime, stretches: Iterable[Had | Pause]) -> list[datetime]:
    """The age's both ends, and between them all at which something began or ended; in UTC."""
    ends = [moment for one in stretches for moment in (one.start, one.end) if moment is not None]
    inside = [moment for moment in ends if opened_at < moment < until]
    return sorted({moment.astimezone(UTC) for moment in (opened_at, until, *inside)}) if opened_at < until else []


def _within(moment: datetime, stretches: Iterable[Pause]) -> bool:
    return any(_covers(one, moment) for one in stretches)


def _covers(one: Had | Pause, moment: datetime) -> bool:
    return one.start <= moment and (one.end is None or moment < one.end)
