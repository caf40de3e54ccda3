"""What ticket page and API show beside the record: actions with their blockers, deadlines, warnings, history."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from mikroserwis.access import Actor, may, subticket_relations, ticket_relations, visible_files
from mikroserwis.errors import Blocker
from mikroserwis.models import Assignment, Attempt, Delivery, File, Note, Subticket, Ticket, VendorContact
from mikroserwis.tickets import acts_seen, clock
from mikroserwis.tickets.facts import (
    AT_WORK,
    Papers,
    company_is_confirmed,
    missing_of_company,
    subticket_blockers,
    subticket_facts,
    ticket_blockers,
)
from mikroserwis.tickets.settlement import Settlement
from sla import Due, Stage
from workflows import SUBTICKET, TICKET, TicketFacts

# What the person writes with the act; the page asks for it, so its absence is no blocker of a button.
WORDS = frozenset({"note_is_given", "reason_is_given"})
People = dict[str, VendorContact | None]
STALE_NOTE = timedelta(days=7)
NOTES_AT_ONCE = 500


@dataclass(frozen=True)
class Action:
    """One act that this actor may do at all; allowed now if nothing blocks it."""

    trigger: str
    allowed: bool
    blockers: tuple[Blocker, ...]
    needs: str = ""


@dataclass(frozen=True)
class Deadline:
    """One stage's due moment; `met_at` once it was done; `state`: met, late (done late), due, overdue, paused.

    `used` is the share of its time that is gone, 0 to 1: what stood in a pause doesn't count.
    """

    stage: Stage
    start: datetime
    at: datetime
    warn_from: datetime
    state: str
    met_at: datetime | None = None
    used: float = 0


class Act(NamedTuple):
    """One row of the history."""

    id: int
    at: datetime
    actor: str
    source: str
    verb: str
    subticket_id: int | None
    changes: str
    data: str


Row = TypeVar("Row", Note, Act)


class Part(NamedTuple, Generic[Row]):
    """Some rows, newest first; `older` is what to ask for as `before` to get the next ones, None at the end."""

    items: list[Row]
    older: int | None


@dataclass(frozen=True)
class NoteDemand:
    """Past its warning threshold a ticket asks for a current note; `last` is how old the last one is."""

    needed: bool
    last: datetime | None


def ticket_actions(ticket: Ticket, actor: Actor, facts: TicketFacts) -> list[Action]:
    """Every act on the ticket that its state can have and this actor may do, in the workflow's order."""
    relations = ticket_relations(actor, ticket)
    return [
        _action(trigger, ticket_blockers(trigger, facts))
        for trigger in TICKET.triggers
        if may(f"ticket.{trigger}", relations) and TICKET.move(trigger, facts) is not None
    ]


def subticket_actions(
    session: Session, subticket: Subticket, actor: Actor, held: Papers, given_up: Collection[int]
) -> list[Action]:
    """The same for a sub-ticket."""
    relations = subticket_relations(actor, subticket)
    facts = subticket_facts(session, subticket, actor, papers_=held, given_up=given_up)
    return [
        _action(trigger, subticket_blockers(trigger, facts, subticket))
        for trigger in SUBTICKET.triggers
        if may(f"subticket.{trigger}", relations) and SUBTICKET.move(trigger, facts) is not None
    ]


def missing_for_contract(facts: TicketFacts) -> list[Blocker]:
    """What still keeps a taken ticket from becoming a contract by itself."""
    return ticket_blockers("sign", facts) if TICKET.move("sign", facts) is not None else []


def missing_for_closing(facts: TicketFacts, settlement: Settlement) -> list[Blocker]:
    """What still keeps a contract from closing by itself."""
    return ticket_blockers("close", facts, settlement.params()) if TICKET.move("close", facts) is not None else []


def papers_blockers(ticket: Ticket) -> list[Blocker]:
    """Why contract and power of attorney can't be made yet: taken first, company complete and confirmed."""
    if ticket.state not in AT_WORK:
        return [Blocker("ticket_is_taken", {"state": ticket.state})]
    missing = missing_of_company(ticket.customer)
    if missing:
        return [Blocker("company_is_complete", {"fields": list(missing)})]
    return [] if company_is_confirmed(ticket) else [Blocker("company_is_confirmed", {})]


def deadlines(
    session: Session, ticket: Ticket, assignment: Assignment | None, now: datetime, acts: clock.Acts | None = None
) -> list[Deadline]:
    """The present tenure's three deadlines; empty in the pool, where there is none."""
    if assignment is None:
        return []
    met = {Stage.TAKE: assignment.taken_at, Stage.CONTRACT: assignment.contract_at, Stage.COMPLETION: None}
    return [_deadline(due, met[due.stage], ticket, now) for due in clock.dues(session, ticket, assignment, now, acts)]


def note_demand(session: Session, ticket: Ticket, now: datetime) -> NoteDemand:
    """Needed once past the first warning, if nobody has written since the warning or for a week."""
    last = session.connection().scalar(_LAST_NOTE, {"ticket": ticket.id})
    if ticket.warn_at is None or now < ticket.warn_at:
        return NoteDemand(False, last)
    return NoteDemand(last is None or last < max(ticket.warn_at, now - STALE_NOTE), last)


_LAST_NOTE = select(func.max(Note.at)).where(Note.ticket_id == bindparam("ticket"))


def files(session: Session, ticket: Ticket, actor: Actor) -> list[File]:
    return list(session.scalars(visible_files(actor, ticket)))


def notes(
    session: Session,
    ticket: Ticket,
    actor: Actor,
    *,
    before: int | None = None,
    subticket: Subticket | None = None,
    tenures: Sequence[Assignment] | None = None,
) -> Part[Note]:
    """Of the whole ticket or of one shop. A dealer reads the staff's and those of dealers who work here, no others.

    Whoever holds one shop alone reads nothing of the others. `tenures` are all of the ticket's, where they are at hand.
    """
    query = _NOTES.where(Note.ticket_id == ticket.id)
    if subticket is not None:
        query = query.where(Note.subticket_id == subticket.id)
    if actor.is_dealer:
        at_work = {ticket.dealer_id, *(one.dealer_id for one in ticket.subtickets if one.state != "closed")}
        if tenures is None:
            lost = set(session.connection().scalars(_LOST_IT, {"ticket": ticket.id})) - at_work
        else:
            lost = {one.dealer_id for one in tenures if one.ended_by in _TAKEN_AWAY} - at_work
        if ticket.dealer_id != actor.dealer_id:
            own = [one.id for one in ticket.subtickets if may("notes.see", subticket_relations(actor, one))]
            query = query.where(Note.subticket_id.is_(None) | Note.subticket_id.in_(own))
        if actor.dealer_id in lost:
            query = query.where(Note.dealer_id == actor.dealer_id)
        else:
            query = query.where(Note.dealer_id.is_(None) | Note.dealer_id.not_in(lost)) if lost else query
    if before is not None:
        query = query.where(Note.id < before)
    return _part(list(session.scalars(query)), NOTES_AT_ONCE)


_NOTES = select(Note).order_by(Note.id.desc()).limit(NOTES_AT_ONCE + 1)
_TAKEN_AWAY = ("resignation", "staff", "sweep", "undone")
_LOST_IT = select(Assignment.dealer_id).where(
    Assignment.ticket_id == bindparam("ticket"), Assignment.ended_by.in_(_TAKEN_AWAY)
)


def history(session: Session, ticket: Ticket, actor: Actor, *, before: int | None = None) -> Part[Act]:
    """A dealer sees what has been done since the ticket was last given away by another, but for what was undone."""
    query = acts_seen.BY_DEALER if actor.is_dealer else acts_seen.EVERY
    asked = {"ticket": ticket.id, "before": before or _LAST, "reader": actor.dealer_id}
    if not actor.is_dealer:
        del asked["reader"]
    rows = [Act(*row) for row in session.connection().execute(query, asked)]
    return _part(rows, acts_seen.AT_ONCE)


_LAST = 2**31 - 1


def _part(rows: list[Row], limit: int) -> Part[Row]:
    """One more is read than is shown: it tells whether there is more."""
    return Part(rows[:limit], rows[limit - 1].id if len(rows) > limit else None)


class Told(Protocol):
    """What says more of an act than who and when: both are JSON."""

    @property
    def changes(self) -> str: ...
    @property
    def data(self) -> str: ...


def events_data(event: Told) -> dict[str, Any]:
    """What an event says beside who and when: `changes` and particulars as plain values."""
    return {"changes": json.loads(event.changes), **json.loads(event.data)}


def contacts_of_points(session: Session, ticket: Ticket) -> dict[int, People]:
    """The vendor's regional people for each shop, by sub-ticket and role: those with the longest postal prefix."""
    rows = session.scalars(_CONTACTS, {"type": ticket.type}).all()
    found = {}
    for one in ticket.subtickets:
        code = (one.point.postal_code or ticket.customer.postal_code).replace("-", "")
        found[one.id] = {role: _nearest([row for row in rows if row.role == role], code) for role in ("rms", "rks")}
    return found


_CONTACTS = select(VendorContact).where(VendorContact.type == bindparam("type"))


def delivery_state(delivery: Delivery) -> str:
    """acknowledged, rejected, stuck, retrying (failed at least once) or queued."""
    if delivery.acknowledged_at is not None:
        return "acknowledged"
    if delivery.item.state == "queued":
        return "retrying" if delivery.item.last_error else "queued"
    return delivery.item.state


def attempts(session: Session, of: Sequence[Delivery]) -> dict[int, list[Attempt]]:
    """Every attempt of these deliveries by outbox item, the first one first."""
    found: dict[int, list[Attempt]] = {one.item_id: [] for one in of}
    rows = session.scalars(select(Attempt).where(Attempt.item_id.in_(found)).order_by(Attempt.id)) if found else ()
    for attempt in rows:
        found[attempt.item_id].append(attempt)
    return found


def _nearest(rows: Sequence[VendorContact], code: str) -> VendorContact | None:
    fitting = [one for one in rows if code.startswith(one.prefix.replace("-", ""))]
    return max(fitting, key=lambda one: len(one.prefix), default=None)


def _action(trigger: str, blockers: Sequence[Blocker]) -> Action:
    needs = next((one.code.removesuffix("_is_given") for one in blockers if one.code in WORDS), "")
    rest = tuple(one for one in blockers if one.code not in WORDS)
    return Action(trigger, not rest, rest, needs)


def _deadline(due: Due, met_at: datetime | None, ticket: Ticket, now: datetime) -> Deadline:
    warn_from = due.warnings[0][1] if due.warnings else due.at
    deadline = Deadline(due.stage, due.start, due.at, warn_from, "due", met_at, due.used(now))
    if met_at is not None:
        return replace(deadline, state="met" if met_at < due.at else "late")
    if ticket.state == "suspended":
        return replace(deadline, state="paused")
    return replace(deadline, state="overdue" if now >= due.at else "due")
