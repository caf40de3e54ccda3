"""Due moments of one dealer's tenure of a ticket. Nothing here counts: all is computed from moments that happened.

A stage is due at the end of the N-th day after the day on which the dealer got the ticket, in days of the policy's
calendar. Time that stood in a pause doesn't count; a day of which a part stood is given anew as a whole day. In a
business calendar the time that stood is what of it lay in business days, and as many business days are given for it:
a pause over a weekend neither costs nor gives anything, and a dealer never has fewer business days than promised. Nor
is anything due before it would be if all days counted, and it is due with a business day.
An extension names a day and is taken as it is, be it a Sunday. What stands after it was granted is given back by the
same rule, reckoned from that day.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from sla.calendar import business_day_after, business_time, is_business_day
from sla.policy import Calendar, Policy, Stage

_DAY = timedelta(days=1)

Stretch = tuple[datetime, datetime]


@dataclass(frozen=True)
class Pause:
    """The clock stood from `start` to `end`; `end=None` while it still stands."""

    start: datetime
    end: datetime | None = None


@dataclass(frozen=True)
class Extension:
    """At `granted_at` staff moved one stage's due moment to the end of the local day `until`."""

    stage: Stage
    until: date
    granted_at: datetime


@dataclass(frozen=True, kw_only=True)
class Tenure:
    """One dealer's time with a ticket; moments are aware. `owes=None` when nothing is due (pool, suspended, closed)."""

    assigned_at: datetime
    owes: Stage | None
    pauses: Sequence[Pause] = ()
    extensions: Sequence[Extension] = ()


@dataclass(frozen=True)
class Due:
    """One stage's due moment, when it began, when to warn, and what of the time between doesn't count."""

    stage: Stage
    start: datetime
    at: datetime
    warnings: tuple[tuple[int, datetime], ...]
    idle: tuple[Stretch, ...] = ()

    def used(self, now: datetime) -> float:
        """The share of the stage's own time that is gone, from 0 to 1; warnings are given by the same measure."""
        gone = self._counted(min(max(now, self.start), self.at))
        return gone / self.own if self.own else 1.0

    @property
    def own(self) -> timedelta:
        """The time that counts."""
        return self._counted(self.at)

    def _counted(self, until: datetime) -> timedelta:
        stood = (min(end, until) - start for start, end in self.idle if start < until)
        return max(until.astimezone(UTC) - self.start.astimezone(UTC) - sum(stood, timedelta()), timedelta())


def due_moments(tenure: Tenure, policy: Policy, now: datetime) -> tuple[Due, ...]:
    """Every stage's due moment. A pause that has not ended yet counts up to `now`, so it pushes on with the clock."""
    standing = stretches(tenure.pauses, tenure.assigned_at, now)
    return tuple(_due(stage, tenure, policy, standing) for stage in Stage)


def next_due(tenure: Tenure, policy: Policy, now: datetime) -> Due | None:
    """What is due next, or None while nothing is owed."""
    if tenure.owes is None:
        return None
    return next(due for due in due_moments(tenure, policy, now) if due.stage is tenure.owes)


def stretches(pauses: Iterable[Pause], since: datetime, now: datetime) -> list[Stretch]:
    """When the clock stood after `since`, in order; what overlaps or touches is one stretch. In UTC."""
    found: list[Stretch] = []
    reached = since.astimezone(UTC)
    for pause in sorted(pauses, key=lambda pause: pause.start):
        start, end = max(pause.start.astimezone(UTC), reached), (pause.end or now).astimezone(UTC)
        if end > start:
            begun = found.pop()[0] if found and start == reached else start
            found.append((begun, end))
            reached = end
    return found


def opened_days(opened_on: date, today: date) -> int:
    """The list's last column: whole local days since the ticket was opened, never negative."""
    return max((today - opened_on).days, 0)


def end_of_day(day: date, policy: Policy) -> datetime:
    """The local midnight that ends the day: with N = 3, a ticket of 27 May may be taken until 30 May 24:00."""
    return _midnight(day + _DAY, policy.zone)


def _due(stage: Stage, tenure: Tenure, policy: Policy, standing: Sequence[Stretch]) -> Due:
    assigned_on = tenure.assigned_at.astimezone(policy.zone).date()
    at = end_of_day(_last_day(assigned_on, policy.days[stage], standing, policy), policy)
    for extension in tenure.extensions:
        if extension.stage is stage:
            later = [(max(start, extension.granted_at), end) for start, end in standing if end > extension.granted_at]
            at = max(at, _extended(extension.until, later, policy))
    idle = _idle(tenure.assigned_at, at, standing, policy)
    bare = Due(stage, tenure.assigned_at, at, (), idle)
    return replace(bare, warnings=_warnings(bare, policy.warn_at))


def _extended(until: date, standing: Sequence[Stretch], policy: Policy) -> datetime:
    at = end_of_day(until, policy)
    if not any(start < at for start, _end in standing):
        return at
    return end_of_day(_last_day(until, 0, standing, policy), policy)


def _last_day(since: date, number: int, standing: Sequence[Stretch], policy: Policy) -> date:
    """The `number`-th day after a day, moved on by what stood before it ended."""
    if policy.calendar is Calendar.DAYS:
        return _moved_on(since + timedelta(days=number), standing, policy)
    in_days = _last_day(since, number, standing, replace(policy, calendar=Calendar.DAYS))
    moved_on = _moved_on(business_day_after(since, number, policy.country), standing, policy)
    return max(moved_on, business_day_after(in_days, 0, policy.country))


def _moved_on(day: date, standing: Sequence[Stretch], policy: Policy) -> date:
    """A day once begun is given whole, as every other day is."""
    last, stood = day, timedelta()
    for start, end in standing:
        if start >= end_of_day(last, policy):
            break
        stood += _counted(_local(start, policy), _local(end, policy), policy)
        last = _days_after(day, -(-stood // _DAY), policy)
    return last


def _days_after(day: date, number: int, policy: Policy) -> date:
    if policy.calendar is Calendar.BUSINESS:
        return business_day_after(day, number, policy.country)
    return day + timedelta(days=number)


def _counted(start: datetime, end: datetime, policy: Policy) -> timedelta:
    if policy.calendar is Calendar.BUSINESS:
        return business_time(start, end, policy.country)
    return end - start


def _warnings(due: Due, shares: Sequence[int]) -> tuple[tuple[int, datetime], ...]:
    """When each share of the stage's own time is used: time that doesn't count is no part of it."""
    warnings, start, own = [], due.start.astimezone(UTC), due.own
    for share in shares:
        moment = start + own * share / 100
        for begin, end in due.idle:
            if begin < moment:
                moment += end - begin
        warnings.append((share, moment))
    return tuple(warnings)


def _idle(start: datetime, at: datetime, standing: Sequence[Stretch], policy: Policy) -> tuple[Stretch, ...]:
    """What doesn't count between the two: pauses and, in a business calendar, the days off."""
    if policy.calendar is Calendar.BUSINESS:
        first, last = (moment.astimezone(policy.zone).date() for moment in (start, at))
        off = _days_off(first, last, policy.zone, policy.country)
        standing = stretches([*off, *(Pause(*one) for one in standing)], start, at)
    return tuple(one for one in standing if one[0] < at)


@lru_cache(maxsize=20_000)
def _days_off(first: date, last: date, zone: ZoneInfo, country: str) -> tuple[Pause, ...]:
    """From the first day up to the last, which is not among them."""
    days = (first + timedelta(days=number) for number in range((last - first).days))
    off = (day for day in days if not is_business_day(day, country))
    return tuple(Pause(_midnight(day, zone), _midnight(day + _DAY, zone)) for day in off)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)


def _local(moment: datetime, policy: Policy) -> datetime:
    """The wall clock, by which a daylight-saving day is a day; it stands for the hour that comes twice."""
    local = moment.astimezone(policy.zone)
    if local.fold:
        local = local.replace(fold=0, minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return local.replace(tzinfo=None)
