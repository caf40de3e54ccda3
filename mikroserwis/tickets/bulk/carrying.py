"""One ticket of an act on many: done or refused, alone, and its undoing likewise."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from mikroserwis import access
from mikroserwis.access import Actor
from mikroserwis.errors import Conflict, Problem
from mikroserwis.models import BulkAct, BulkLine, DeadlineExtension, Handover, Ticket
from mikroserwis.tickets.bulk import kept, telling
from mikroserwis.tickets.bulk.plan import Rules, plan
from mikroserwis.tickets.bulk.taking_back import last_day_of, withdraw
from mikroserwis.tickets.bulk.wishes import EXTEND, Wish
from mikroserwis.tickets.extending.operations import extend
from mikroserwis.tickets.offer import written
from mikroserwis.tickets.operations import handover, undoing

Told = dict[str, Any]


def wish_of(act: BulkAct) -> Wish:
    return Wish(act.act, act.to_dealer_id, act.until)


def by_rules(act: BulkAct) -> bool:
    """Whether the rules choose whom each goes to."""
    return act.act == "reassign" and act.to_dealer_id is None


def batch(act: BulkAct) -> str:
    """Its name among the handovers."""
    return f"bulk:{act.batch}"


def do(session: Session, act: BulkAct, line: BulkLine, rules: Rules | None, *, actor: Actor, now: datetime) -> None:
    """The line's ticket, if it still is what was shown."""

    def work(ticket: Ticket) -> Told:
        if line.seen is not None and ticket.version != line.seen:
            dealer = ticket.dealer.name if ticket.dealer else None
            raise Conflict("changed_since_the_look", state=ticket.state, dealer=dealer)
        if act.act == EXTEND:
            return _extended(session, act, line, ticket, actor=actor, now=now)
        return _handed_over(session, act, line, ticket, rules, actor=actor, now=now)

    permission = "extension.decide" if act.act == EXTEND else "ticket.reassign"
    told, problem = _alone(session, line, work, permission, actor)
    line.at = now
    if problem is not None:
        line.state, line.told = "refused", json.dumps({"problem": kept.put_down(problem)})
    else:
        line.state, line.told = "done", json.dumps(told)


def undo(session: Session, line: BulkLine, *, reason: str, actor: Actor, now: datetime) -> None:
    """Back to what it was before; what stands in the way is kept with the line, which stays done."""

    def work(ticket: Ticket) -> Told:
        if line.extension_id is not None:
            extension = session.get_one(DeadlineExtension, line.extension_id)
            withdraw(session, ticket, extension, reason=reason, actor=actor, now=now)
        else:
            made = session.get_one(Handover, line.handover_id)
            undoing.undo(session, ticket, made, reason=reason, actor=actor, now=now)
        return {}

    _told, problem = _alone(session, line, work, "handover.undo", actor)
    before = {name: value for name, value in json.loads(line.told).items() if name != "kept"}
    if problem is not None:
        line.state, line.told = "done", json.dumps({**before, "kept": kept.put_down(problem)})
    else:
        line.state, line.told = "undone", json.dumps({**before, "undone": [now.isoformat(), actor.label, reason]})


def _alone(
    session: Session, line: BulkLine, work: Callable[[Ticket], Told], permission: str, actor: Actor
) -> tuple[Told, Problem | None]:
    """What was written with it, or the problem: then nothing was."""
    try:
        with session.begin_nested():
            return work(access.ticket(session, actor, line.number, permission)), None
    except Problem as problem:
        return {}, problem


def _handed_over(
    session: Session, act: BulkAct, line: BulkLine, ticket: Ticket, rules: Rules | None, *, actor: Actor, now: datetime
) -> Told:
    planned = plan(session, ticket, wish_of(act), rules, now)
    if planned.problem is not None or planned.choice is None:
        raise planned.problem or Conflict()
    chosen = planned.choice if rules is not None else None
    former, was = ticket.dealer_id, ticket.dealer.name if ticket.dealer else None
    to = chosen or (handover.POOL if act.to_dealer_id is None else act.to_dealer_id)
    made = handover.reassign(session, ticket, actor=actor, now=now, reason=act.reason, to=to, batch=batch(act))
    if made is None:
        raise Conflict("nobody_is_eligible")
    if rules is not None and chosen is not None:
        rules.moved(former, chosen)
    telling.handed_over(session, ticket, made, chosen, act.reason, was=was)
    line.handover_id = made.id
    shown = json.loads(line.told).get("shown")
    return {
        "was": was,
        "to": ticket.dealer.name if ticket.dealer else None,
        "choice": written(chosen) if chosen else None,
        "shown": shown if shown != ticket.dealer_id else None,
    }


def _extended(session: Session, act: BulkAct, line: BulkLine, ticket: Ticket, *, actor: Actor, now: datetime) -> Told:
    if act.until is None:
        raise Conflict
    before = last_day_of(ticket)
    made = extend(session, ticket, until=act.until, reason=act.reason, actor=actor, now=now, quiet=True)
    session.flush()
    telling.extended(session, ticket, made, now)
    line.extension_id = made.id
    return {"was": ticket.dealer.name if ticket.dealer else None, "due": [before, last_day_of(ticket)]}
