"""Each dealer's figures over a period.

In time: a stage counts in the period in which it was decided. It was met if the ticket was taken, its contract uploaded
or the ticket closed before the stage's due moment, on the day when that happened; it was missed if the due moment came
first, on that day, be it done later or not. What was suspended at its due moment isn't missed. Taking counts where the
dealer had time to: not what it took from the pool or acquired itself. Due moments are those of the tenure
(`Assignment`), so pauses and extensions are in them. A tenure that was undone is as if it had never been.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from mikroserwis.models import Assignment, Dealer, Event, Handover, Ticket
from mikroserwis.supervision.comparison import spans
from mikroserwis.supervision.comparison.period import Period
from mikroserwis.supervision.comparison.spans import TAKEN_AT_ONCE, Column, within
from mikroserwis.supervision.dashboard.tickets import OPEN
from mikroserwis.tickets.offer import REAL

_ACTS = ("suspend", "resume", "resign", "reassign", "cancel", "close", "reopen")


@dataclass(frozen=True)
class Timely:
    """How many deadlines were met and missed."""

    met: int = 0
    missed: int = 0

    @property
    def decided(self) -> int:
        return self.met + self.missed

    @property
    def share(self) -> float | None:
        """Of those that were decided."""
        return self.met / self.decided if self.decided else None

    def __add__(self, other: "Timely") -> "Timely":
        return Timely(self.met + other.met, self.missed + other.missed)


@dataclass(frozen=True, kw_only=True)
class Figures:
    """One dealer's; `open` is as of now. `to_take` … are median days since it got the ticket, None without any.

    `used` is its share of the age of the tickets that were closed in the period and that it had, `aged` how many.
    """

    dealer_id: int
    name: str
    active: bool
    capacity: int
    open: int = 0
    given: int = 0
    take: Timely = Timely()
    contract: Timely = Timely()
    completion: Timely = Timely()
    lost: int = 0
    resigned: int = 0
    to_take: float | None = None
    to_contract: float | None = None
    to_close: float | None = None
    used: float | None = None
    aged: int = 0

    @property
    def all(self) -> Timely:
        return self.take + self.contract + self.completion


def figures(session: Session, period: Period, now: datetime) -> list[Figures]:
    """Of every dealer that is active or has any, by name."""
    held = (Ticket.dealer_id == Dealer.id, Ticket.state.in_(OPEN))
    count = select(func.count()).where(*held).correlate(Dealer).scalar_subquery()
    columns = (Dealer.id, Dealer.name, Dealer.active, Dealer.capacity, count)
    tallies, medians, used = (
        _tallies(session, period, now),
        spans.medians(session, period),
        spans.used(session, period, now),
    )
    found = []
    for id_, name, active, capacity, open_ in session.execute(select(*columns).order_by(Dealer.name_key, Dealer.id)):
        of_it = tallies.get(id_, {}) | medians.get(id_, {}) | used.get(id_, {})
        one = Figures(dealer_id=id_, name=name, active=active, capacity=capacity, open=open_, **of_it)
        if active or open_ or one.given or one.all.decided or one.lost or one.resigned:
            found.append(one)
    return found


def _tallies(session: Session, period: Period, now: datetime) -> dict[int, dict[str, Any]]:
    """By dealer, in one pass over the tenures that touch the period."""
    a = Assignment
    had_time = a.how.not_in(TAKEN_AT_ONCE)
    tells = {
        "given": (within(a.assigned_at, period), a.how != "reopened"),
        "lost": (within(a.ended_at, period), a.ended_by == "sweep"),
        "resigned": (within(a.ended_at, period), a.ended_by == "resignation"),
        "take_met": (had_time, within(a.taken_at, period), a.taken_at < a.take_due),
        "take_missed": (had_time, *_missed(a.take_due, a.taken_at, period, now)),
        "contract_met": (within(a.contract_at, period), a.how != "reopened", a.contract_at < a.contract_due),
        "contract_missed": (a.taken_at < a.contract_due, *_missed(a.contract_due, a.contract_at, period, now)),
        "completion_met": (within(a.ended_at, period), a.ended_by == "close", a.ended_at < a.completion_due),
        "completion_missed": (
            a.contract_at < a.completion_due,
            *_missed(a.completion_due, None, period, now),
        ),
    }
    touches = (REAL, a.assigned_at < period.end, or_(a.ended_at.is_(None), a.ended_at >= period.start))
    counts = [func.count().filter(and_(*conditions)) for conditions in tells.values()]
    found = {}
    for dealer_id, *numbers in session.execute(select(a.dealer_id, *counts).where(*touches).group_by(a.dealer_id)):
        n = dict(zip(tells, numbers, strict=True))
        stages = {
            stage: Timely(n[f"{stage}_met"], n[f"{stage}_missed"]) for stage in ("take", "contract", "completion")
        }
        found[dealer_id] = {"given": n["given"], "lost": n["lost"], "resigned": n["resigned"], **stages}
    return found


def _missed(due: Column, done: Column | None, period: Period, now: datetime) -> tuple[ColumnElement[bool], ...]:
    """The due moment came in the period, while the dealer had the ticket, not suspended and not done."""
    here = or_(Assignment.ended_at.is_(None), Assignment.ended_at >= due)
    undone = () if done is None else (or_(done.is_(None), done >= due),)
    return within(due, period), due <= now, here, *undone, _last_act(due).is_distinct_from("suspend")


def _last_act(before: Column) -> ScalarSelect[str]:
    """What was last done to the ticket as a whole until then. A change of dealer that is undone ended no pause."""
    same = (Handover.ticket_id == Event.ticket_id, Handover.at == Event.at)
    undone = exists().where(*same, Handover.undone_at.is_not(None)).correlate(Event)
    acts = (
        Event.ticket_id == Assignment.ticket_id,
        Event.subticket_id.is_(None),
        Event.verb.in_(_ACTS),
        Event.at <= before,
        or_(Event.verb != "reassign", ~undone),
    )
    return select(Event.verb).where(*acts).order_by(Event.id.desc()).limit(1).correlate(Assignment).scalar_subquery()
