"""What another policy would have done: tenures as they really went, replayed against the nightly sweep."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sla.clock import Extension, Pause, Tenure, due_moments
from sla.policy import Breach, Policy, Stage

Dues = Mapping[Stage, tuple[datetime, datetime]]


@dataclass(frozen=True, slots=True)
class TakeAway:
    """The sweep at `at` found this stage over and took the ticket away."""

    stage: Stage
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TenureRecord:
    """One dealer's tenure of a ticket with the moments that really happened, all of them aware.

    `since` is when a sweep could first find it: a ticket may come in with a date of the past. `swept`: it ended by a
    take-away. `pauses` are in order. `key` is the reader's own.
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
    """A tenure's take-away under the present policy and under the other one; None: that takes nothing away.

    `spared`: a sweep really ended it before the other policy would have; what its dealer had done then nobody knows.
    """

    record: TenureRecord
    present: TakeAway | None
    other: TakeAway | None

    @property
    def differs(self) -> bool:
        return self.present != self.other

    @property
    def spared(self) -> bool:
        return self.other is None and self.record.swept


class Replay:
    """One policy against a sweep of every night at the local time `sweep`, until the moment `until`."""

    def __init__(self, policy: Policy, *, sweep: time, until: datetime) -> None:
        self._policy = replace(policy, warn_at=())
        self._sweep, self._until = sweep, until
        # Most tenures know neither pause nor extension: those that began on one day are due together.
        self._plain: dict[date, Dues] = {}

    def taken_away(self, record: TenureRecord) -> TakeAway | None:
        """The first take-away. What would have come after it nobody knows, so there is at most one.

        Pauses and extensions only make it later: where there would be none without them they needn't be looked at.
        """
        plain = self._plainly(record.assigned_at)
        for stage, begun, met in _stages(record):
            if stage not in plain:
                continue
            due, at = plain[stage]
            at = _or_really(record, due, at if at >= begun else self._next(begun))
            if not self._found_it(record, met, at):
                continue
            later = self._first(record, stage, begun) if record.pauses or record.extensions else at
            if later is not None and self._found_it(record, met, later):
                return TakeAway(stage, later)
        return None

    def more_days(self, record: TenureRecord) -> int | None:
        """Of a tenure that a sweep ended: local days that it would have had besides, at the least; None: for ever."""
        *_before, (stage, begun, _met) = _stages(record)
        at = self._first(replace(record, swept=False), stage, begun)
        if at is None or record.ended_at is None:
            return None
        return max((self._day(at) - self._day(record.ended_at)).days, 0)

    def _found_it(self, record: TenureRecord, met: datetime | None, at: datetime) -> bool:
        ended = record.ended_at
        there = ended is None or at < ended or (record.swept and at == ended)
        return there and at <= self._until and (met is None or at < met)

    def _plainly(self, assigned_at: datetime) -> Dues:
        """When each stage is due without pauses and extensions, and the sweep after that."""
        day = self._day(assigned_at)
        if day not in self._plain:
            self._plain[day] = self._every(Tenure(assigned_at=assigned_at, owes=None))
        return self._plain[day]

    def _every(self, tenure: Tenure) -> Dues:
        return {
            due.stage: (due.at.astimezone(UTC), self._next(due.at))
            for due in due_moments(tenure, self._policy, self._until)
            if self._policy.on_breach[due.stage] is not Breach.TELL
        }

    def _first(self, record: TenureRecord, stage: Stage, begun: datetime) -> datetime | None:
        """The first sweep that finds the stage over and the ticket not suspended; None: there is none."""
        told: list[Extension] = []
        while True:
            tenure = Tenure(assigned_at=record.assigned_at, owes=None, pauses=record.pauses, extensions=told)
            dues = self._every(tenure)
            if stage not in dues:
                return None
            due, at = dues[stage]
            found = self._unsuspended(record, at if at >= begun else self._next(begun))
            if found is None:
                return None
            found = _or_really(record, due, found)
            known = [one for one in record.extensions if one.granted_at <= found]
            if len(known) <= len(told):
                return found
            told = known

    def _unsuspended(self, record: TenureRecord, at: datetime) -> datetime | None:
        for pause in record.pauses:
            if pause.start <= at and (pause.end is None or at < pause.end):
                if pause.end is None:
                    return None
                at = self._next(pause.end)
        return at

    def _next(self, moment: datetime) -> datetime:
        return next_sweep(moment, self._sweep, self._policy.zone)

    def _day(self, moment: datetime) -> date:
        return moment.astimezone(self._policy.zone).date()


def next_sweep(moment: datetime, sweep: time, zone: ZoneInfo) -> datetime:
    """The first nightly sweep at or after the moment, in UTC: moments of one zone are quicker to compare."""
    day = moment.astimezone(zone).date()
    at = datetime.combine(day, sweep, zone).astimezone(UTC)
    return at if at >= moment else datetime.combine(day + timedelta(days=1), sweep, zone).astimezone(UTC)


def compare(
    records: Iterable[TenureRecord], present: Mapping[str, Replay], other: Mapping[str, Replay]
) -> Iterator[Compared]:
    """Each tenure under both, in the order of `records`; replays are by type of ticket."""
    for record in records:
        one, two = present[record.type], other[record.type]
        now = one.taken_away(record)
        yield Compared(record, now, now if one is two else two.taken_away(record))


def _stages(record: TenureRecord) -> tuple[tuple[Stage, datetime, datetime | None], ...]:
    """The stages that the tenure reached, with when each began to be owed and when it was met."""
    taken_at, contract_at = record.taken_at, record.contract_at
    take = Stage.TAKE, record.since, taken_at
    if taken_at is None:
        return (take,)
    contract = Stage.CONTRACT, taken_at, contract_at
    return (take, contract) if contract_at is None else (take, contract, (Stage.COMPLETION, contract_at, None))


def _or_really(record: TenureRecord, due: datetime, at: datetime) -> datetime:
    """The sweep that really took it away was one too, whatever its hour."""
    ended = record.ended_at
    return ended if record.swept and ended is not None and due <= ended < at else at


@dataclass
class Tally:
    """How many tenures, and how many take-aways by stage: as they happened, under the present policy, under the other.

    `spared` were really taken away and not by the other policy; `before` are its take-aways that lie before the window.
    """

    tenures: int = 0
    real: Counter[Stage] = field(default_factory=Counter)
    present: Counter[Stage] = field(default_factory=Counter)
    other: Counter[Stage] = field(default_factory=Counter)
    spared: int = 0
    before: int = 0
    differing: int = 0

    def add(self, one: Compared, window: datetime) -> None:
        """`window` is the moment in which it begins."""
        self.tenures += 1
        for counter, found in ((self.real, one.record.really), (self.present, one.present), (self.other, one.other)):
            if found is not None:
                counter[found.stage] += 1
        self.spared += one.spared
        self.before += one.other is not None and one.other.at < window
        self.differing += one.differs
