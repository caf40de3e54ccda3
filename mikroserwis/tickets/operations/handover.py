"""From one dealer to the next: resigned by the dealer, or reassigned by staff (and by the sweep)."""

import json
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from mikroserwis import history
from mikroserwis.access import Actor
from mikroserwis.errors import FieldError, Invalid
from mikroserwis.models import Assignment, Dealer, Handover, Subticket, SubticketTenure, Ticket
from mikroserwis.tickets import notices
from mikroserwis.tickets.clock import present_assignment, reclock
from mikroserwis.tickets.facts import decide, subticket_facts, ticket_facts
from mikroserwis.tickets.offer import as_text, next_for_subticket, next_for_ticket, written
from mikroserwis.tickets.operations.notes import add_note, words
from sla import Choice
from workflows import SUBTICKET, TICKET

NEXT = "next"
POOL = "pool"


def resign(session: Session, ticket: Ticket, *, actor: Actor, now: datetime, note: str) -> None:
    """To the next dealer at once, with a note; the dealer that resigned is never offered it again."""
    note = words(note, "note")
    decide(TICKET, "resign", ticket_facts(session, ticket, actor, note=note))
    add_note(session, ticket, note, actor=actor, now=now, act="resign", quiet=True)
    choice = next_for_ticket(session, ticket, now)
    hand_over(session, ticket, choice, how="resignation", now=now)
    said: dict[str, Any] = {"note": note, "to": _name(session, ticket), "choice": written(choice)}
    history.record(session, "resign", actor=actor, now=now, ticket=ticket, **said)


def reassign(
    session: Session,
    ticket: Ticket,
    *,
    actor: Actor,
    now: datetime,
    reason: str,
    to: str | int | Choice = NEXT,
    batch: str | None = None,
) -> Handover | None:
    """`to` is 'next' (by the rules), 'pool', a dealer's id, or what the rules have chosen.

    `batch` names what staff do together: the caller tells the dealers of all of it.
    Raises Invalid for a dealer that can't have it. None: it lay in the pool and stays there, for nobody is eligible.
    """
    reason = words(reason, "reason")
    decide(TICKET, "reassign", ticket_facts(session, ticket, actor, reason=reason))
    former = _name(session, ticket)
    choice = to if isinstance(to, Choice) else _chosen(session, ticket, to, now)
    made = hand_over(session, ticket, choice, how="staff", now=now, reason=reason, batch=batch)
    said: dict[str, Any] = {"reason": reason, "to": _name(session, ticket), "was": former}
    if to == NEXT or isinstance(to, Choice):
        said["choice"] = written(choice)
    history.record(session, "reassign", actor=actor, now=now, ticket=ticket, **said)
    return made


def _chosen(session: Session, ticket: Ticket, to: str | int, now: datetime) -> Choice:
    return next_for_ticket(session, ticket, now) if to == NEXT else named(session, ticket, to)


def hand_over(
    session: Session,
    ticket: Ticket,
    choice: Choice,
    *,
    how: str,
    now: datetime,
    reason: str = "",
    batch: str | None = None,
) -> Handover | None:
    """End the present tenure and begin the next, or none: then the ticket lies in the open pool.

    The row says what was before, so that it can be undone; there is none where nothing changes hands. The sweep writes
    the same rows for many tickets at once (`tickets.sweeping`).
    """
    former, before = ticket.dealer_id, _before(session, ticket)
    ended = end_tenure(session, ticket, how, now)
    ticket.state, ticket.suspended_from, ticket.confirmed_version = "new", None, None
    ticket.dealer_id = choice.dealer_id
    for one in ticket.subtickets:
        if one.state != "closed" and one.dealer_id in {former, None}:
            _gave_up(session, one, former, now)
            one.state, one.dealer_id = "new", choice.dealer_id
    begun = give(session, ticket, choice, how=how, now=now)
    made = None
    if ended is not None or begun is not None:
        made = Handover(
            ticket_id=ticket.id,
            at=now,
            how=how,
            batch=batch,
            former_assignment_id=ended.id if ended else None,
            next_assignment_id=begun.id if begun else None,
            former_dealer_id=former,
            next_dealer_id=choice.dealer_id,
            before=json.dumps(before),
        )
        session.add(made)
        session.flush()
    if batch is None:
        notices.handed_over(session, ticket, former, reason=reason, how=how, now=now)
    else:
        notices.announce(session, ticket, "handed_over", now=now)
    return made


def _before(session: Session, ticket: Ticket) -> dict[str, Any]:
    """The ticket as it stands and the sub-tickets that go along; `gave_up`: when the dealer gave it up before."""
    former = ticket.dealer_id
    along = [one for one in ticket.subtickets if one.state != "closed" and one.dealer_id in {former, None}]
    given_up = select(SubticketTenure).where(
        SubticketTenure.subticket_id.in_([one.id for one in along]), SubticketTenure.dealer_id == former
    )
    gave_up = {one.subticket_id: one.ended_at.isoformat() for one in session.scalars(given_up)}
    return {
        "state": ticket.state,
        "suspended_from": ticket.suspended_from,
        "confirmed_version": ticket.confirmed_version,
        "subtickets": [
            {"id": one.id, "state": one.state, "dealer_id": one.dealer_id, "gave_up": gave_up.get(one.id)}
            for one in along
        ],
    }


def end_tenure(session: Session, ticket: Ticket, how: str, now: datetime) -> Assignment | None:
    """Close the present assignment, if there is one."""
    present = present_assignment(session, ticket)
    if present is not None:
        present.ended_at, present.ended_by = now, how
    session.flush()
    return present


def give(session: Session, ticket: Ticket, choice: Choice, *, how: str, now: datetime) -> Assignment | None:
    """Begin a tenure with its clock; the reason for the choice is written beside it.

    A reopened ticket is a contract already: only its completion is due.
    """
    reached, begun = now if how == "reopened" else None, None
    if choice.dealer_id is not None:
        begun = Assignment(
            ticket_id=ticket.id,
            dealer_id=choice.dealer_id,
            assigned_at=now,
            how=how,
            choice=as_text(choice),
            taken_at=reached,
            contract_at=reached,
        )
        session.add(begun)
    session.flush()
    show_dealer(session, ticket)
    reclock(session, ticket, now)
    return begun


def show_dealer(session: Session, ticket: Ticket) -> None:
    """Who has it now, on the ticket and on those of its sub-tickets that go with it, is read anew."""
    session.refresh(ticket, ["dealer"])
    for one in ticket.subtickets:
        if one.dealer_id == ticket.dealer_id:
            session.expire(one, ["dealer"])


def resign_subticket(session: Session, subticket: Subticket, *, actor: Actor, now: datetime, note: str) -> None:
    """To the next dealer by the shop's postal code; none: any certified dealer may take it."""
    note = words(note, "note")
    decide(SUBTICKET, "resign", subticket_facts(session, subticket, actor, note=note))
    add_note(session, subticket.ticket, note, actor=actor, now=now, act="resign", subticket=subticket, quiet=True)
    _pass_on(session, subticket, None, actor=actor, now=now, verb="resign", words=note)


def reassign_subticket(
    session: Session, subticket: Subticket, *, actor: Actor, now: datetime, reason: str, to: str | int = NEXT
) -> None:
    """By staff, with a reason; `to` as for a ticket."""
    reason = words(reason, "reason")
    decide(SUBTICKET, "reassign", subticket_facts(session, subticket, actor, reason=reason))
    choice = None if to == NEXT else named(session, subticket, to)
    _pass_on(session, subticket, choice, actor=actor, now=now, verb="reassign", words=reason)


def _pass_on(
    session: Session, subticket: Subticket, choice: Choice | None, *, actor: Actor, now: datetime, verb: str, words: str
) -> None:
    _gave_up(session, subticket, subticket.dealer_id, now)
    chosen = choice or next_for_subticket(session, subticket, now)
    subticket.state, subticket.dealer_id = "new", chosen.dealer_id
    session.flush()
    session.refresh(subticket, ["dealer"])
    to = session.get_one(Dealer, chosen.dealer_id).name if chosen.dealer_id else None
    history.record(session, verb, actor=actor, now=now, ticket=subticket.ticket, subticket=subticket, to=to, note=words)
    notices.subticket_handed_over(session, subticket, now=now)


def _gave_up(session: Session, subticket: Subticket, dealer_id: int | None, now: datetime) -> None:
    """It isn't offered to this dealer again."""
    if dealer_id is not None:
        session.merge(SubticketTenure(subticket_id=subticket.id, dealer_id=dealer_id, ended_at=now))
        session.flush()


def named(session: Session, of: Ticket | Subticket, to: str | int) -> Choice:
    """`to` is 'pool' or a dealer's id. Raises Invalid.

    Staff may name a dealer outside the area or above capacity, not an inactive or uncertified one.
    """
    if to == POOL:
        if of.dealer_id is None:
            raise Invalid([FieldError("to", "in_the_pool_already")])
        return Choice(dealer_id=None)
    dealer = session.get(Dealer, to) if isinstance(to, int) else None
    if dealer is None:
        raise Invalid([FieldError("to", "no_such_dealer")])
    if not dealer.active:
        raise Invalid([FieldError("to", "dealer_is_inactive", {"dealer": dealer.name})])
    ticket = of.ticket if isinstance(of, Subticket) else of
    if ticket.type not in {one.type for one in dealer.types}:
        raise Invalid([FieldError("to", "dealer_is_not_certified", {"dealer": dealer.name})])
    if dealer.id == of.dealer_id:
        raise Invalid([FieldError("to", "dealer_has_it", {"dealer": dealer.name})])
    return Choice(dealer_id=dealer.id)


def _name(session: Session, ticket: Ticket) -> str | None:
    return session.get_one(Dealer, ticket.dealer_id).name if ticket.dealer_id else None
