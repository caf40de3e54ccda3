"""What becomes of each ticket whose deadline is over: planned the same way for the sweep, its dry run and a preview."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mikroserwis.models import Assignment, Dealer, DealerAbsence
from mikroserwis.rulebook import POLICIES
from mikroserwis.tickets.offer import candidates
from mikroserwis.tickets.sweeping import breaches
from mikroserwis.tickets.sweeping.breaches import Breached
from sla import Breach, Choice, Roster, Stage
from sla import Ticket as Offered

_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Move:
    """What the policy does with a breached ticket. `was` and `to` are dealers' names; `to` None: into the pool.

    `choice` says why, also why nobody; it is empty where the policy sends the ticket to the pool or only tells.
    """

    ticket: Breached
    act: Breach
    days: int
    was: str
    to: str | None
    choice: Choice | None
    next_dealer_id: int | None = None


class Desk:
    """The dealers, read once and kept up to date while many tickets are given out."""

    def __init__(self, session: Session, now: datetime) -> None:
        self._now = now
        self._roster = Roster(candidates(session, now))
        self._names: dict[int, str] = dict(session.execute(select(Dealer.id, Dealer.name)).all())
        self.seen = state_of_dealers(session)

    def moves(self, tickets: Iterable[Breached]) -> list[Move]:
        """In their order: each choice counts on what those before it gave and took."""
        return [self._move(one) for one in tickets]

    def _move(self, ticket: Breached) -> Move:
        policy, stage = POLICIES[ticket.type], Stage(ticket.stage)
        act, days, was = policy.on_breach[stage], policy.days[stage], self._names[ticket.dealer_id]
        if act is Breach.TELL:
            return Move(ticket, act, days, was, was, None)
        choice = None
        if act is Breach.REASSIGN:
            choice = self._roster.choose(Offered(ticket.type, ticket.postal_code, ticket.had_by))
        self._roster.lost(ticket.dealer_id)
        to = None
        if choice is not None and choice.dealer_id is not None:
            self._roster.given(choice.dealer_id, self._now)
            to = self._names[choice.dealer_id]
        return Move(ticket, act, days, was, to, choice, choice.dealer_id if choice is not None else None)


def plan(session: Session, at: datetime, *, limit: int | None = None) -> list[Move]:
    """What a sweep at that moment would do, in its order. Reads only; `at` may lie ahead.

    What lies ahead is planned as if until then nobody did anything.
    """
    desk, after, planned = Desk(session, at), None, list[Move]()
    while limit is None or len(planned) < limit:
        found = breaches.read(session, at, limit=_AT_ONCE, after=after)
        if not found:
            break
        after = found[-1].place
        planned += desk.moves(one for one in breaches.without_told(session, found) if one.type in POLICIES)
    return planned[:limit]


def state_of_dealers(session: Session) -> tuple[int | None, ...]:
    """Differs as soon as somebody else has given a ticket out or changed a dealer, an absence or a capacity."""
    last = select(func.max(Assignment.id)).scalar_subquery()
    versions = select(func.sum(Dealer.version)).scalar_subquery()
    dealers = select(func.count()).select_from(Dealer).scalar_subquery()
    absences = select(func.sum(DealerAbsence.version * 1000 + DealerAbsence.id)).scalar_subquery()
    return tuple(session.execute(select(last, versions, dealers, absences)).one())
