"""Due moments of one dealer's tenure of a ticket. Nothing here counts: all is computed from moments that happened."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sla.policy import Policy, Stage

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
    """One stage's due moment, when it began, and when to warn."""

    stage: Stage
    start: datetime
    at: datetime
    warnings: tuple[tuple[int, datetime], ...]


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
    """When the clock stood after `since`, in order: overlapping pauses once, one before it not at all. In UTC."""
    found: list[Stretch] = []
    reached = since.astimezone(UTC)
    for pause in sorted(pauses, key=lambda pause: pause.start):
        start, end = max(pause.start.astimezone(UTC), reached), (pause.end or now).astimezone(UTC)
        if end > start:
            found.append((start, end))
            reached = end
    return found


def opened_days(opened_on: date, today: date) -> int:
    """The list's last column: whole local days since the ticket was opened, never negative."""
    return max((today - opened_on).days, 0)


def end_of_day(day: date, policy: Policy) -> datetime:
    """The local midnight that ends the day: with N = 3, a ticket of 27 May may be taken until 30 May 24:00."""
    return datetime.combine(day + timedelta(days=1), time(), policy.zone)


def _due(stage: Stage, tenure: Tenure, policy: Policy, standing: Sequence[Stretch]) -> Due:
    assigned_on = tenure.assigned_at.astimezone(policy.zone).date()
    at = _end_after(assigned_on + timedelta(days=policy.days[stage]), standing, policy)
    for extension in tenure.extensions:
        if extension.stage is stage:
            later = [(max(start, extension.granted_at), end) for start, end in standing if end > extension.granted_at]
            at = max(at, _end_after(extension.until, later, policy))
    return Due(stage, tenure.assigned_at, at, _warnings(tenure.assigned_at, at, standing, policy))


def _end_after(day: date, standing: Sequence[Stretch], policy: Policy) -> datetime:
    """The end of the day, moved on by what stood before it; a day once begun is given whole, as every other day is."""
    at, stood = end_of_day(day, policy), timedelta()
    for start, end in standing:
        if start >= at:
            break
        stood += _local(end, policy) - _local(start, policy)
        at = end_of_day(day + timedelta(days=-(-stood // _DAY)), policy)
    return at


def _warnings(
    start: datetime, at: datetime, standing: Sequence[Stretch], policy: Policy
) -> tuple[tuple[int, datetime], ...]:
    """When each share of the stage's own time is used: time that stood is no part of it."""
    counted = [(begin, end) for begin, end in standing if begin < at]
    own = max(at.astimezone(UTC) - start - sum((end - begin for begin, end in counted), timedelta()), timedelta())
    warnings = []
    for share in policy.warn_at:
        moment = start.astimezone(UTC) + own * share / 100
        for begin, end in counted:
            if begin < moment:
                moment += end - begin
        warnings.append((share, moment))
    return tuple(warnings)


def _local(moment: datetime, policy: Policy) -> datetime:
    """The wall clock, by which a daylight-saving day is a day; it stands for the hour that comes twice."""
    local = moment.astimezone(policy.zone)
    if local.fold:
        local = local.replace(fold=0, minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return local.replace(tzinfo=None)
