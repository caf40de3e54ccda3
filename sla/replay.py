"""What another policy would have done: tenures as they really went, replayed against the nightly sweep."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sla.clock import Extension, Pause, Tenure, due_moments
from sla.policy import Breach, Policy, Stage


@dataclass(frozen=True, slots=True)
class TakeAway:
    """The sweep at `at` found this stage over and took the ticket away."""

    stage: Stage
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TenureRecord:
    """One dealer's tenure of a ticket with the moments that really happened, all of them aware.

    `since` is when a sweep could first find it: a ticket may come in with a date of the past. `swept`: it ended by a
    take-away. `key` is the reader's own.
    """

    key: int
    type: str
    dealer_id: int
    assigned_at: datetime
    since: datetime
    taken_at: datetime | None = None
    contract_at: datetime | None = None
    ended_at: datetime | None = None
    swept: bool = False
    pauses: Sequence[Pause] = ()
    extensions: Sequence[Extension] = ()

    @property
    def stage(self) -> Stage:
        """What it owed at its end, or owes now."""
        if self.taken_at is None:
            return Stage.TAKE
        return Stage.CONTRACT if self.contract_at is None else Stage.COMPLETION

    @property
    def really(self) -> TakeAway | None:
        """The take-away that happened."""
        return TakeAway(self.stage, self.ended_at) if self.swept and self.ended_at is not None else None


@dataclass(frozen=True, slots=True)
class Compared:
    """A tenure's take-away as it happened, under the present policy and under the other one; None: there is none.

    `spared`: a sweep really ended it before the other policy would have; what its dealer had done then nobody knows.
    `more_days` are the local days that it would have had at least; None: the other policy takes nothing away there.
    """

    record: TenureRecord
    present: TakeAway | None
    other: TakeAway | None
    spared: bool
    more_days: int | None

    @property
    def differs(self) -> bool:
        return self.present != self.other


class Replay:
    """One policy against a sweep of every night at the local time `sweep`, until the moment `until`."""

    def __init__(self, policy: Policy, *, sweep: time, until: datetime) -> None:
        self._policy = replace(policy, warn_at=())
        self._sweep, self._until = sweep, until
        # Most tenures know neither pause nor extension: those that began on one day are due together.
        self._plain: dict[tuple[Stage, date], tuple[datetime, datetime]] = {}

    def taken_away(self, record: TenureRecord) -> TakeAway | None:
        """The first take-away. What would have come after it nobody knows, so there is at most one."""
        for stage, begun, met in _stages(record):
            at = self._first(record, stage, begun)
            if at is not None and self._found_it(record, met, at):
                return TakeAway(stage, at)
        return None

    def lasts_until(self, record: TenureRecord) -> datetime | None:
        """When the sweep would take it away in the stage that it is in, if nothing else happened; None: never."""
        *_before, (stage, begun, _met) = _stages(record)
        return self._first(replace(record, swept=False), stage, begun)

    def day(self, moment: datetime) -> date:
        return moment.astimezone(self._policy.zone).date()

    def _found_it(self, record: TenureRecord, met: datetime | None, at: datetime) -> bool:
        ended = record.ended_at
        there = ended is None or at < ended or (record.swept and at == ended)
        return there and at <= self._until and (met is None or at < met)

    def _first(self, record: TenureRecord, stage: Stage, begun: datetime) -> datetime | None:
        """The first sweep that finds the stage over and the ticket not suspended; None: there is none."""
        if self._policy.on_breach[stage] is Breach.TELL:
            return None
        if not record.pauses and not record.extensions:
            due, at = self._plainly(record.assigned_at, stage)
            return _or_really(record, due, at if at >= begun else self._next(begun))
        told: list[Extension] = []
        while True:
            due = self._due(record, stage, told)
            found = self._unsuspended(record, self._next(max(due, begun)))
            if found is None:
                return None
            at = _or_really(record, due, found)
            known = [one for one in record.extensions if one.granted_at <= at]
            if len(known) <= len(told):
                return at
            told = known

    def _plainly(self, assigned_at: datetime, stage: Stage) -> tuple[datetime, datetime]:
        """When it is due, and the sweep after that."""
        key = stage, self.day(assigned_at)
        found = self._plain.get(key)
        if found is None:
            dues = due_moments(Tenure(assigned_at=assigned_at, owes=stage), self._policy, self._until)
            due = next(one.at for one in dues if one.stage is stage)
            found = self._plain[key] = due, self._next(due)
        return found

    def _due(self, record: TenureRecord, stage: Stage, told: Sequence[Extension]) -> datetime:
        tenure = Tenure(assigned_at=record.assigned_at, owes=stage, pauses=record.pauses, extensions=told)
        return next(one.at for one in due_moments(tenure, self._policy, self._until) if one.stage is stage)

    def _unsuspended(self, record: TenureRecord, at: datetime) -> datetime | None:
        for pause in sorted(record.pauses, key=lambda one: one.start):
            if pause.start <= at and (pause.end is None or at < pause.end):
                if pause.end is None:
                    return None
                at = self._next(pause.end)
        return at

    def _next(self, moment: datetime) -> datetime:
        return next_sweep(moment, self._sweep, self._policy.zone)


def next_sweep(moment: datetime, sweep: time, zone: ZoneInfo) -> datetime:
    """The first nightly sweep at or after the moment."""
    day = moment.astimezone(zone).date()
    at = datetime.combine(day, sweep, zone)
    return at if at >= moment else datetime.combine(day + timedelta(days=1), sweep, zone)


def compare(
    records: Iterable[TenureRecord], present: Mapping[str, Replay], other: Mapping[str, Replay]
) -> Iterator[Compared]:
    """Each tenure under both, in the order of `records`; replays are by type of ticket."""
    for record in records:
        one, two = present[record.type], other[record.type]
        now = one.taken_away(record)
        then = now if one is two else two.taken_away(record)
        really = record.really if then is None else None
        yield Compared(record, now, then, really is not None, _more_days(two, record, really) if really else None)


def _more_days(replay: Replay, record: TenureRecord, really: TakeAway) -> int | None:
    until = replay.lasts_until(record)
    return max((replay.day(until) - replay.day(really.at)).days, 0) if until is not None else None


def _stages(record: TenureRecord) -> Iterator[tuple[Stage, datetime, datetime | None]]:
    """The stages that the tenure reached, with when each began to be owed and when it was met."""
    yield Stage.TAKE, record.since, record.taken_at
    if record.taken_at is not None:
        yield Stage.CONTRACT, record.taken_at, record.contract_at
        if record.contract_at is not None:
            yield Stage.COMPLETION, record.contract_at, None


def _or_really(record: TenureRecord, due: datetime, at: datetime) -> datetime:
    """The sweep that really took it away was one too, whatever its hour."""
    ended = record.ended_at
    return ended if record.swept and ended is not None and due <= ended < at else at
