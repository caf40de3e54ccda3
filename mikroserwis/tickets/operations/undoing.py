"""A change of dealer is undone by staff: the former one's tenure goes on, the next one's is as if it had never been.

What staff gave out of the pool goes back into it.
"""

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from mikroserwis import history
from mikroserwis.access import Actor
from mikroserwis.errors import Blocker, FieldError, Invalid, Refused
from mikroserwis.models import Assignment, Dealer, Event, Handover, Subticket, SubticketTenure, Ticket
from mikroserwis.pricing import today
from mikroserwis.tickets import news, notices
from mikroserwis.tickets.clock import OWED, last_day, present_assignment, reclock
from mikroserwis.tickets.extending.operations import extend
from mikroserwis.tickets.lapsing import wait_again
from mikroserwis.tickets.operations.handover import show_dealer
from mikroserwis.tickets.operations.notes import words
from sla import Stage

UNDOABLE = timedelta(hours=24)
# What a deadline that was over at the change of dealer becomes, unless staff name another day.
DAYS = timedelta(days=3)


def undo(
    session: Session,
    ticket: Ticket,
    handover: Handover,
    *,
    actor: Actor,
    now: datetime,
    reason: str,
    until: date | None = None,
) -> None:
    """`ticket` is loaded for this (it is locked then). `until` is the last day of the stage that was owed before.

    Where no day is named, as much time is left as at the change of dealer. Raises Refused, Invalid.
    """
    reason = words(reason, "reason")
    if not reason:
        raise Invalid([FieldError("reason", "required")])
    in_the_way = undo_blockers(session, ticket, handover, now)
    if in_the_way:
        raise Refused("undo", in_the_way)
    was = ticket.dealer.name if ticket.dealer else None
    before: Mapping[str, Any] = json.loads(handover.before)
    _tenures(session, handover, now)
    ticket.dealer_id = handover.former_dealer_id
    ticket.state, ticket.suspended_from = before["state"], before["suspended_from"]
    ticket.confirmed_version = before["confirmed_version"]
    _subtickets(session, ticket, handover, before)
    handover.undone_at, handover.undone_by_id = now, actor.user_id
    session.flush()
    show_dealer(session, ticket)
    to = ticket.dealer.name if ticket.dealer else None
    history.record(
        session, "undo", actor=actor, now=now, ticket=ticket, reason=reason, to=to, was=was, handover=handover.id
    )
    reclock(session, ticket, now)
    day = until or later_day(ticket.due_at, handover, now)
    if day is not None:
        extend(session, ticket, until=day, reason=reason, actor=actor, now=now, quiet=True)
    if handover.former_assignment_id is not None and ticket.due_at is not None:
        after = last_day(ticket.due_at)
        wait_again(session, ticket, handover.former_assignment_id, lapsed_at=handover.at, after=after)
    _tell(session, ticket, handover, reason, now)


def due_before(session: Session, handover: Handover) -> datetime | None:
    """The deadline that the former dealer had; None: nothing was owed."""
    if handover.former_assignment_id is None:
        return None
    owed = OWED.get(json.loads(handover.before)["state"])
    former = session.get_one(Assignment, handover.former_assignment_id)
    every = {Stage.TAKE: former.take_due, Stage.CONTRACT: former.contract_due, Stage.COMPLETION: former.completion_due}
    return every[owed] if owed is not None else None


def later_day(due: datetime | None, handover: Handover, now: datetime) -> date | None:
    """The last day that leaves the former dealer as much time as it had when it lost the ticket, at least that.

    Three days ahead if it had none any more; None where the deadline that it had leaves as much.
    """
    if due is None:
        return None
    if due <= handover.at:
        return today(now) + DAYS
    day = last_day(now + (due - handover.at))
    return day if day > last_day(due) else None


def undo_blockers(session: Session, ticket: Ticket, handover: Handover, now: datetime) -> list[Blocker]:
    """Why it can't be undone now: the first thing that stands in the way."""
    former = session.get(Dealer, handover.former_dealer_id) if handover.former_dealer_id is not None else None
    if handover.undone_at is not None:
        code = "handover_is_undone_once"
    elif handover.how not in {"sweep", "staff"}:
        code = "handover_took_it_away"
    elif now - handover.at > UNDOABLE:
        code = "handover_is_of_today"
    elif handover.next_dealer_id is not None and ticket.dealer_id == handover.next_dealer_id and ticket.state != "new":
        code = "next_dealer_has_not_taken_it"
    elif _has_gone_on(session, ticket, handover):
        code = "nothing_changed_since"
    elif former is not None and not former.active:
        code = "former_dealer_is_active"
    else:
        return []
    return [Blocker(code, {"dealer": former.name if former else ""})]


def _has_gone_on(session: Session, ticket: Ticket, handover: Handover) -> bool:
    """Whether it isn't any more as that change of dealer left it."""
    present = present_assignment(session, ticket)
    newer = exists().where(Handover.ticket_id == ticket.id, Handover.id > handover.id, Handover.undone_at.is_(None))
    along = {one["id"] for one in json.loads(handover.before)["subtickets"]}
    left = [one for one in ticket.subtickets if one.id in along]
    return (
        ticket.state != "new"
        or (present.id if present else None) != handover.next_assignment_id
        or any(one.state != "new" or one.dealer_id != handover.next_dealer_id for one in left)
        or session.scalars(select(newer)).one()
    )


def _tenures(session: Session, handover: Handover, now: datetime) -> None:
    if handover.next_assignment_id is not None:
        after = session.get_one(Assignment, handover.next_assignment_id)
        after.ended_at, after.ended_by = now, "undone"
        session.flush()
    if handover.former_assignment_id is not None:
        former = session.get_one(Assignment, handover.former_assignment_id)
        former.ended_at = former.ended_by = None


def _subtickets(session: Session, ticket: Ticket, handover: Handover, before: Mapping[str, Any]) -> None:
    """As they were, and not given up by the former dealer, unless it had done so before; with those added since."""
    for new in _added_since(session, ticket, handover):
        new.dealer_id = handover.former_dealer_id
    known: dict[int, Subticket] = {one.id: one for one in ticket.subtickets}
    for one in before["subtickets"]:
        known[one["id"]].state, known[one["id"]].dealer_id = one["state"], one["dealer_id"]
        given_up = (
            SubticketTenure.subticket_id == one["id"],
            SubticketTenure.dealer_id == handover.former_dealer_id,
        )
        if one["gave_up"] is None:
            session.execute(delete(SubticketTenure).where(*given_up))
        else:
            session.scalars(select(SubticketTenure).where(*given_up)).one().ended_at = datetime.fromisoformat(
                one["gave_up"]
            )


def _added_since(session: Session, ticket: Ticket, handover: Handover) -> list[Subticket]:
    """Open shops of the next dealer's that came with a file after the change of dealer."""
    acts = select(Event.subticket_id, Event.changes).where(
        Event.ticket_id == ticket.id, Event.verb == "file", Event.at >= handover.at
    )
    added = {id_ for id_, changes in session.execute(acts) if json.loads(changes).get("point", [None])[0] == ""}
    theirs = [one for one in ticket.subtickets if one.dealer_id == handover.next_dealer_id and one.state != "closed"]
    return [one for one in theirs if one.id in added]


def _tell(session: Session, ticket: Ticket, handover: Handover, reason: str, now: datetime) -> None:
    notices.announce(session, ticket, "handover_undone", now=now)
    said = {"reason": reason}
    facts = []
    if handover.former_dealer_id is not None:
        facts.append(news.Fact(f"back:{handover.id}", handover.former_dealer_id, ticket.id, "back", now, said))
    if handover.next_dealer_id is not None:
        facts.append(news.Fact(f"undone:{handover.id}", handover.next_dealer_id, ticket.id, "undone", now, said))
    news.add(session, facts)
