"""What an act would do to each ticket, and what stands in its way: read before it is done, and once more as it is."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from mikroserwis.access import Actor, visible_tickets
from mikroserwis.errors import Conflict, FieldError, Invalid, Problem, Refused
from mikroserwis.models import Assignment, Ticket
from mikroserwis.tickets import extending, facts, listing
from mikroserwis.tickets.bulk.wishes import EXTEND, POOL, Wish
from mikroserwis.tickets.clock import last_day
from mikroserwis.tickets.extending import operations as extending_operations
from mikroserwis.tickets.offer import REAL, candidates
from mikroserwis.tickets.operations import handover
from mikroserwis.tickets.presenting.bulk_bar import MOST
from mikroserwis.tickets.wanted import Wanted
from sla import Choice, Roster
from sla import Ticket as Offered
from workflows import TicketFacts, TicketState

_AT_ONCE = 500


@dataclass(frozen=True)
class Planned:
    """One ticket: who would get it and why, or until when it would be extended; or the problem that keeps it as it is.

    `due` is the present deadline's last day.
    """

    ticket: Ticket
    choice: Choice | None = None
    due: date | None = None
    problem: Problem | None = None


class Rules:
    """Who is next, over one act: what its tickets before have changed counts."""

    def __init__(self, session: Session, tickets: Sequence[int], now: datetime) -> None:
        self._roster, self._now = Roster(candidates(session, now)), now
        self._had: dict[int, set[int]] = defaultdict(set)
        for part in _parts(tickets):
            had = select(Assignment.ticket_id, Assignment.dealer_id).where(Assignment.ticket_id.in_(part), REAL)
            for ticket_id, dealer_id in session.execute(had):
                self._had[ticket_id].add(dealer_id)

    def next_for(self, ticket: Ticket) -> Choice:
        """Never a dealer who has had this ticket."""
        had = frozenset(self._had[ticket.id])
        return self._roster.choose(Offered(ticket.type, ticket.customer.postal_code, had))

    def moved(self, former: int | None, choice: Choice) -> None:
        """It has gone from one dealer to the other."""
        if former is not None:
            self._roster.left(former)
        if choice.dealer_id is not None:
            self._roster.given(choice.dealer_id, self._now)


def ids_of(session: Session, numbers: Sequence[int], actor: Actor) -> dict[int, int]:
    """The ids of those numbers that this actor may know of."""
    found: dict[int, int] = {}
    for part in _parts(numbers):
        query = visible_tickets(actor).where(Ticket.number.in_(part)).with_only_columns(Ticket.number, Ticket.id)
        found.update(session.execute(query).all())
    return found


def of_list(session: Session, wanted: Wanted, actor: Actor, now: datetime) -> list[int]:
    """The ids of all that the list holds, in its order. Raises Invalid for too many."""
    ids = listing.every_id(session, wanted, actor, now, limit=MOST + 1)
    if len(ids) > MOST:
        raise Invalid([FieldError("numbers", "too_many_chosen", {"limit": MOST, "chosen": len(ids)})])
    return list(ids)


def tickets(session: Session, ids: Sequence[int]) -> list[Ticket]:
    """With customer and dealer, in this order."""
    whole = (joinedload(Ticket.customer), joinedload(Ticket.dealer))
    found = {
        one.id: one
        for part in _parts(ids)
        for one in session.scalars(select(Ticket).where(Ticket.id.in_(part)).options(*whole))
    }
    return [found[one] for one in ids if one in found]


def preview(session: Session, ids: Sequence[int], wish: Wish, now: datetime) -> list[Planned]:
    """What would become of each, one after the other."""
    rules = Rules(session, ids, now) if wish.act not in {POOL, EXTEND} and wish.to is None else None
    found = []
    for one in tickets(session, ids):
        planned = plan(session, one, wish, rules, now)
        if rules is not None and planned.choice is not None:
            rules.moved(one.dealer_id, planned.choice)
        found.append(planned)
    return found


def plan(session: Session, ticket: Ticket, wish: Wish, rules: Rules | None, now: datetime) -> Planned:
    """What would become of this one now; `rules` where they choose."""
    due = last_day(ticket.due_at) if ticket.due_at else None
    try:
        if wish.act == EXTEND:
            _extendable(ticket, wish.until, now)
            return Planned(ticket, due=due)
        return Planned(ticket, choice=_choose(session, ticket, wish, rules), due=due)
    except Problem as problem:
        return Planned(ticket, due=due, problem=problem)


def _extendable(ticket: Ticket, until: date | None, now: datetime) -> None:
    blockers = extending.queries.blockers(ticket)
    if blockers:
        raise Refused("extend", blockers)
    if until is not None:
        extending_operations.check(ticket, until, now)


def _choose(session: Session, ticket: Ticket, wish: Wish, rules: Rules | None) -> Choice:
    state = TicketFacts(state=TicketState(ticket.state), has_reason=True)
    blockers = facts.ticket_blockers("reassign", state)
    if blockers:
        raise Refused("reassign", blockers)
    if rules is None:
        return handover.named(session, ticket, handover.POOL if wish.to is None else wish.to)
    choice = rules.next_for(ticket)
    if choice.dealer_id is None and ticket.dealer_id is None:
        raise Conflict("nobody_is_eligible")
    return choice


def _parts(of: Sequence[int]) -> Iterable[Sequence[int]]:
    return (of[begin : begin + _AT_ONCE] for begin in range(0, len(of), _AT_ONCE))
