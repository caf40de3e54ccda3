"""Open tickets in numbers: states, ages, deadlines, the pool, the suspended; aggregates over indexes."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from mikroserwis.models import Assignment, Customer, Dealer, Event, Ticket
from mikroserwis.rulebook import POLICIES, RULES
from mikroserwis.tickets.clock import last_day
from mikroserwis.tickets.offer import REAL
from sla import Breach, Stage

OPEN = ("new", "taken", "contract", "suspended")
# Days since a ticket was opened, both ends included; the last band has no end.
BANDS: tuple[tuple[int, int | None], ...] = ((0, 3), (4, 7), (8, 14), (15, 30), (31, 60), (61, 90), (91, None))
DAYS_AHEAD = 14
LONGEST = 5
STAGES = tuple(stage.value for stage in Stage)


@dataclass(frozen=True)
class Dues:
    """Deadlines by stage: those that are over, and those that end with each of the days from today on."""

    overdue: dict[str, int]
    days: list[tuple[date, dict[str, int]]]

    @property
    def total_overdue(self) -> int:
        return sum(self.overdue.values())


@dataclass(frozen=True)
class Lying:
    """A ticket that nothing happens to, with the moment since when."""

    number: int
    company: str
    city: str
    dealer: str | None
    since: datetime


@dataclass(frozen=True)
class Tickets:
    """`states` counts every state, `ages` the open ones by BANDS, `breaches` what a sweep at `tonight` finds."""

    states: dict[str, int]
    closed_lately: int
    ages: list[int]
    dues: Dues
    tonight: datetime
    breaches: int
    pool: int
    longest_in_pool: list[Lying] = field(default_factory=list)
    longest_suspended: list[Lying] = field(default_factory=list)


def fetch(session: Session, now: datetime, tonight: datetime) -> Tickets:
    """Everything of tickets, as of now; `tonight` is when the next sweep is due."""
    today = now.astimezone(RULES.tz).date()
    states, ages = _states_and_ages(session, today)
    in_pool = (Ticket.state == "new", Ticket.dealer_id.is_(None))
    closed = select(func.count()).where(Ticket.closed_on > today - timedelta(days=30))
    return Tickets(
        states=states,
        closed_lately=session.scalar(closed) or 0,
        ages=ages,
        dues=_dues(session, now, today),
        tonight=tonight,
        breaches=session.scalar(select(func.count()).where(Ticket.due_at <= tonight, *_taken_away())) or 0,
        pool=session.scalar(select(func.count()).where(*in_pool)) or 0,
        longest_in_pool=_lying(session, in_pool, func.coalesce(_left(), Ticket.created_at)),
        longest_suspended=_lying(session, (Ticket.state == "suspended",), func.coalesce(_paused(), Ticket.created_at)),
    )


def _states_and_ages(session: Session, today: date) -> tuple[dict[str, int], list[int]]:
    """Open tickets by state and band, counted along an index by day; the closed ones in another pass."""
    rows = session.execute(
        select(Ticket.state, Ticket.opened_on, func.count())
        .where(Ticket.state.in_(OPEN))
        .group_by(Ticket.state, Ticket.opened_on)
    )
    states, ages = dict.fromkeys((*OPEN, "closed"), 0), [0] * len(BANDS)
    for state, opened_on, count in rows:
        states[state] += count
        ages[_band((today - opened_on).days)] += count
    states["closed"] = session.scalar(select(func.count()).where(Ticket.state == "closed")) or 0
    return states, ages


def _band(days: int) -> int:
    return next(index for index, (_first, last) in enumerate(BANDS) if last is None or days <= last)


def _dues(session: Session, now: datetime, today: date) -> Dues:
    """A deadline is a midnight, and belongs to the day that ends with it; there are few different ones."""
    end = datetime.combine(today + timedelta(days=DAYS_AHEAD), time(), RULES.tz)
    rows = session.execute(
        select(Ticket.due_at, Ticket.stage, func.count())
        .where(Ticket.due_at <= end)
        .group_by(Ticket.due_at, Ticket.stage)
    )
    overdue = dict.fromkeys(STAGES, 0)
    days = {today + timedelta(days=ahead): dict.fromkeys(STAGES, 0) for ahead in range(DAYS_AHEAD)}
    for due_at, stage, count in rows:
        if due_at is not None and stage is not None:
            counts = overdue if due_at <= now else days[last_day(due_at)]
            counts[stage] += count
    return Dues(overdue, list(days.items()))


def _lying(session: Session, which: tuple[ColumnElement[bool], ...], since: ColumnElement[datetime]) -> list[Lying]:
    """Those that have lain longest."""
    query = select(Ticket.id, since.label("since")).where(*which)
    longest = query.order_by(since, Ticket.id).limit(LONGEST).subquery()
    rows = session.execute(
        select(Ticket.number, Customer.name, Customer.city, Dealer.name, longest.c.since)
        .join(longest, longest.c.id == Ticket.id)
        .join(Customer, Customer.id == Ticket.customer_id)
        .outerjoin(Dealer, Dealer.id == Ticket.dealer_id)
        .order_by(longest.c.since, Ticket.id)
    )
    return [Lying(*row) for row in rows]


def _taken_away() -> list[ColumnElement[bool]]:
    """Without the stages after which a type's policy only tells staff."""
    return [
        ~and_(Ticket.type == type_, Ticket.stage == stage.value)
        for type_, policy in POLICIES.items()
        for stage, follows in policy.on_breach.items()
        if follows is Breach.TELL
    ]


def _left() -> Any:
    """When the last dealer had it taken away or gave it back."""
    return select(func.max(Assignment.ended_at)).where(Assignment.ticket_id == Ticket.id, REAL).scalar_subquery()


def _paused() -> Any:
    """When it was suspended."""
    acts = (Event.ticket_id == Ticket.id, Event.subticket_id.is_(None), Event.verb == "suspend")
    return select(func.max(Event.at)).where(*acts).scalar_subquery()
