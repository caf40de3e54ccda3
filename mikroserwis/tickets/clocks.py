"""Many tickets' clocks at once: what is kept of each, and what the history says; some queries a batch."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any, NamedTuple

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from mikroserwis.models import Assignment, DeadlineExtension, Event, News, Ticket
from mikroserwis.tickets.clock import ENDS_A_PAUSE, OWED, clocked, last_extended, read_pauses, unspoken
from mikroserwis.tickets.news import spoken
from sla import Extension, Policy, Stage, Tenure, next_due


class Kept(NamedTuple):
    """All that is kept of a clock: the tenure's due moments and what the ticket bears; None where nothing is."""

    take_due: datetime | None = None
    contract_due: datetime | None = None
    completion_due: datetime | None = None
    stage: str | None = None
    due_at: datetime | None = None
    warn_at: datetime | None = None
    next_warning_at: datetime | None = None


NOTHING = Kept()
_each = attrgetter(*Kept._fields)


@dataclass(frozen=True)
class Clock:
    """An open ticket's clock as it is kept, and as it is computed; `assignment_id` is None in the pool."""

    ticket_id: int
    number: int
    assignment_id: int | None
    kept: Kept
    computed: Kept


def open_tickets(after: int, limit: int) -> Select[int]:
    """Ids of tickets that are not closed, in order, from behind one."""
    return select(Ticket.id).where(Ticket.id > after, Ticket.state != "closed").order_by(Ticket.id).limit(limit)


def read(session: Session, ids: Collection[int], policies: Mapping[str, Policy], now: datetime) -> list[Clock]:
    """In order of id. Left out are closed tickets, which have no clock, and those of a type that has no policy."""
    found = []
    for row, tenure, warned in _running(session, ids, policies):
        kept, computed = Kept(*row[-len(NOTHING) :]), NOTHING
        if tenure is not None:
            computed = Kept(*_each(clocked(tenure, policies[row.type], now, warned)))
        found.append(Clock(row.id, row.number, row.assignment_id, kept, computed))
    return found


@dataclass(frozen=True)
class Passed:
    """The newest threshold that a ticket has passed without being warned; `extended`: when its stage last was."""

    ticket_id: int
    dealer_id: int
    assignment_id: int
    stage: str
    extended: datetime | None
    share: int


def passed(session: Session, ids: Collection[int], policies: Mapping[str, Policy], now: datetime) -> list[Passed]:
    """Of several that a ticket has passed the highest; tickets that have passed none are left out."""
    found = []
    for row, tenure, warned in _running(session, ids, policies):
        owed = next_due(tenure, policies[row.type], now) if tenure is not None else None
        if tenure is None or owed is None:
            continue
        shares = [share for share, moment in unspoken(owed, tenure, warned) if moment <= now]
        if shares:
            deadline = (owed.stage.value, last_extended(tenure))
            found.append(Passed(row.id, row.dealer_id, row.assignment_id, *deadline, shares[-1]))
    return found


def _running(
    session: Session, ids: Collection[int], types: Collection[str]
) -> Iterator[tuple[Any, Tenure | None, int]]:
    """Each open ticket's row, if it is of one of these types, its present tenure, and the highest share warned of."""
    rows = session.execute(_rows(ids, types)).all()
    tenures = [row.assignment_id for row in rows if row.assignment_id is not None]
    acts, extended, told = _acts(session, ids), _extensions(session, tenures), _warnings(session, ids)
    for row in rows:
        if row.assignment_id is None:
            yield row, None, 0
            continue
        tenure = Tenure(
            assigned_at=row.assigned_at,
            owes=OWED.get(row.state),
            pauses=read_pauses([one for one in acts[row.id] if one[1] >= row.assigned_at]),
            extensions=extended[row.assignment_id],
        )
        yield row, tenure, _warned(tenure, told[row.id], row.assignment_id)


def _rows(ids: Collection[int], types: Collection[str]) -> Select[*tuple[Any, ...]]:
    """Each open ticket with its present tenure, if it has one."""
    tenure = (Assignment.take_due, Assignment.contract_due, Assignment.completion_due)
    ticket = (Ticket.stage, Ticket.due_at, Ticket.warn_at, Ticket.next_warning_at)
    named = (Ticket.id, Ticket.number, Ticket.type, Ticket.state, Assignment.id.label("assignment_id"))
    columns: tuple[Any, ...] = (*named, Assignment.dealer_id, Assignment.assigned_at, *tenure, *ticket)
    return (
        select(*columns)
        .outerjoin(Assignment, (Assignment.ticket_id == Ticket.id) & Assignment.ended_at.is_(None))
        .where(Ticket.id.in_(ids), Ticket.state != "closed", Ticket.type.in_(types))
        .order_by(Ticket.id)
    )


def _acts(session: Session, ids: Collection[int]) -> Mapping[int, Sequence[tuple[str, datetime]]]:
    """What begins and ends pauses; the many tickets that were never suspended have none."""
    found: dict[int, list[tuple[str, datetime]]] = defaultdict(list)
    verbs = ("suspend", *ENDS_A_PAUSE)
    query = select(Event.ticket_id, Event.verb, Event.at).where(
        Event.ticket_id.in_(ids), Event.subticket_id.is_(None), Event.verb.in_(verbs)
    )
    for ticket_id, verb, at in session.execute(query.order_by(Event.id)):
        found[ticket_id or 0].append((verb, at))
    return found


def _extensions(session: Session, assignments: Collection[int]) -> Mapping[int, Sequence[Extension]]:
    found: dict[int, list[Extension]] = defaultdict(list)
    given = (DeadlineExtension.assignment_id, DeadlineExtension.stage)
    query = select(*given, DeadlineExtension.granted_until, DeadlineExtension.decided_at).where(
        DeadlineExtension.assignment_id.in_(assignments), DeadlineExtension.state == "granted"
    )
    for assignment_id, stage, until, at in session.execute(
        query.order_by(DeadlineExtension.decided_at, DeadlineExtension.id)
    ):
        if until is not None and at is not None:
            found[assignment_id].append(Extension(Stage(stage), until, at))
    return found


def _warnings(session: Session, ids: Collection[int]) -> Mapping[int, Sequence[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    query = select(News.ticket_id, News.key).where(News.ticket_id.in_(ids), News.kind == "warning")
    for ticket_id, key in session.execute(query):
        found[ticket_id].append(key)
    return found


def _warned(tenure: Tenure, keys: Sequence[str], assignment_id: int) -> int:
    if tenure.owes is None:
        return 0
    return spoken(keys, assignment_id, tenure.owes.value, last_extended(tenure))
