"""Due moments of one dealer's tenure of a ticket. Nothing here counts: all is computed from moments that happened."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sla.policy import Policy, Stage


@dataclass(frozen=True)
class Pause:
    """The clock stood from `start` to `end`; `end=None` while it still stands."""

    start: datetime
    end: datetime | None = None


@dataclass(frozen=True)
class Extension:
    """Staff moved one stage's due moment to the end of the local day `until`."""

    stage: Stage
    until: date


@dataclass(frozen=True, kw_only=True)
class Tenure:
    """One dealer's time with a ticket; moments are aware. `owes=None` when nothing is due (pool, closed)."""

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
    paused = paused_time(tenure.pauses, tenure.assigned_at, now)
    return tuple(_due(stage, tenure, policy, paused) for stage in Stage)


def next_due(tenure: Tenure, policy: Policy, now: datetime) -> Due | None:
    """What is due next, or None while nothing is owed."""
    if tenure.owes is None:
        return None
    return next(due for due in due_moments(tenure, policy, now) if due.stage is tenure.owes)


def paused_time(pauses: Iterable[Pause], since: datetime, now: datetime) -> timedelta:
    """Elapsed time of all pauses after `since`; overlapping pauses count once, one before it not at all."""
    total = timedelta()
    reached = since
    for pause in sorted(pauses, key=lambda pause: pause.start):
        start, end = max(pause.start, reached), pause.end or now
        if end > start:
            total += end - start
            reached = end
    return total


def opened_days(opened_on: date, today: date) -> int:
    """The list's last column: whole local days since the ticket was opened, never negative."""
    return max((today - opened_on).days, 0)


def end_of_day(day: date, policy: Policy) -> datetime:
    """The local midnight that ends the day: with N = 3, a ticket of 27 May may be taken until 30 May 24:00."""
    return datetime.combine(day + timedelta(days=1), time(), policy.zone)


def _due(stage: Stage, tenure: Tenure, policy: Policy, paused: timedelta) -> Due:
    began = tenure.assigned_at.astimezone(policy.zone).date()
    at = end_of_day(began + timedelta(days=policy.days[stage]), policy)
    if paused:
        # What was left goes on after the pause; a day once begun is given whole, as every other day is.
        moved = _elapse(at, paused)
        local = moved.astimezone(policy.zone)
        at = moved if local.time() == time() else end_of_day(local.date(), policy)
    until = [extension.until for extension in tenure.extensions if extension.stage is stage]
    if until:
        at = max(at, end_of_day(max(until), policy))
    span = at.timestamp() - tenure.assigned_at.timestamp()
    warnings = tuple(
        (share, _elapse(tenure.assigned_at, timedelta(seconds=span * share / 100))) for share in policy.warn_at
    )
    return Due(stage, tenure.assigned_at, at, warnings)


def _elapse(moment: datetime, span: timedelta) -> datetime:
    """Real time later: adding to a local moment would count wall-clock hours over a daylight-saving change."""
    zone = moment.tzinfo
    return datetime.fromtimestamp(moment.timestamp() + span.total_seconds(), zone)
