"""Tenures with all that moved their clocks, read in bulk."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from mikroserwis.models import Assignment, Customer, DeadlineExtension, Dealer, Event, Ticket
from mikroserwis.rulebook import POLICIES
from mikroserwis.tickets.clock import read_pauses
from mikroserwis.tickets.offer import REAL
from sla import Extension, Pause, Stage
from sla.replay import TenureRecord

# A change of dealer ends a pause too, but with it the tenure ends.
_PAUSING = ("suspend", "resume")
_AT_ONCE = 5_000
Acts = Mapping[int, Sequence[tuple[str, datetime]]]


class About(NamedTuple):
    """What a line says of a tenure's ticket."""

    number: int
    company: str


def how_many(session: Session, since: datetime, until: datetime) -> int:
    """Tenures that lasted at some time between the two."""
    query = select(func.count()).select_from(Assignment).join(Ticket, Ticket.id == Assignment.ticket_id)
    return session.scalar(query.where(*_lasting(since, until))) or 0


def tenures(session: Session, since: datetime, until: datetime, *, most: int) -> Iterator[TenureRecord]:
    """Those that lasted at some time between the two, the newest first, and not more than `most`."""
    extended, acted = _extensions(session, since), _acts(session)
    query = (
        select(
            Assignment.id,
            Assignment.ticket_id,
            Ticket.type,
            Assignment.dealer_id,
            Assignment.assigned_at,
            Ticket.created_at,
            Assignment.taken_at,
            Assignment.contract_at,
            Assignment.ended_at,
            Assignment.ended_by,
        )
        .join(Ticket, Ticket.id == Assignment.ticket_id)
        .where(*_lasting(since, until))
        .order_by(Assignment.id.desc())
        .limit(most)
        .execution_options(yield_per=_AT_ONCE)
    )
    for row in session.execute(query):
        yield _record(tuple(row), extended.get(row[0], ()), acted.get(row[1], ()))


def about(session: Session, tenure_ids: Collection[int]) -> dict[int, About]:
    """Each tenure's ticket, by the tenure's id."""
    query = (
        select(Assignment.id, Ticket.number, Customer.name)
        .join(Ticket, Ticket.id == Assignment.ticket_id)
        .join(Customer, Customer.id == Ticket.customer_id)
        .where(Assignment.id.in_(tenure_ids))
    )
    return {row.id: About(row.number, row.name) for row in session.execute(query)}


def dealer_names(session: Session) -> dict[int, str]:
    return {row.id: row.name for row in session.execute(select(Dealer.id, Dealer.name))}


def _lasting(since: datetime, until: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        REAL,
        Ticket.type.in_(POLICIES),
        Assignment.assigned_at <= until,
        or_(Assignment.ended_at.is_(None), Assignment.ended_at > since),
    )


def _record(row: tuple[Any, ...], extended: Sequence[Extension], acts: Sequence[tuple[str, datetime]]) -> TenureRecord:
    key, _ticket_id, type_, dealer_id, assigned_at, created_at, taken_at, contract_at, ended_at, ended_by = row
    return TenureRecord(
        key=key,
        type=type_,
        dealer_id=dealer_id,
        assigned_at=assigned_at,
        since=max(assigned_at, created_at),
        taken_at=taken_at,
        contract_at=contract_at,
        ended_at=ended_at,
        swept=ended_by == "sweep",
        pauses=_pauses(acts, assigned_at, ended_at) if acts else (),
        extensions=extended,
    )


def _pauses(acts: Sequence[tuple[str, datetime]], since: datetime, until: datetime | None) -> Sequence[Pause]:
    return read_pauses([(verb, at) for verb, at in acts if since <= at and (until is None or at <= until)])


def _acts(session: Session) -> Acts:
    """By ticket, in order, of those that were ever suspended."""
    query = (
        select(Event.ticket_id, Event.verb, Event.at)
        .where(Event.verb.in_(_PAUSING), Event.subticket_id.is_(None))
        .order_by(Event.id)
    )
    found: dict[int, list[tuple[str, datetime]]] = defaultdict(list)
    for ticket_id, verb, at in session.execute(query.execution_options(yield_per=_AT_ONCE)):
        if ticket_id is not None:
            found[ticket_id].append((verb, at))
    return found


def _extensions(session: Session, since: datetime) -> Mapping[int, Sequence[Extension]]:
    """By tenure, those that were granted."""
    query = (
        select(
            DeadlineExtension.assignment_id,
            DeadlineExtension.stage,
            DeadlineExtension.granted_until,
            DeadlineExtension.decided_at,
        )
        .join(Assignment, Assignment.id == DeadlineExtension.assignment_id)
        .where(DeadlineExtension.state == "granted", or_(Assignment.ended_at.is_(None), Assignment.ended_at > since))
        .order_by(DeadlineExtension.decided_at, DeadlineExtension.id)
    )
    found: dict[int, list[Extension]] = defaultdict(list)
    for assignment_id, stage, until, decided_at in session.execute(query.execution_options(yield_per=_AT_ONCE)):
        if until is not None and decided_at is not None:
            found[assignment_id].append(Extension(Stage(stage), until, decided_at))
    return found
