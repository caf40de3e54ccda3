"""Closing: a sub-ticket through the connectivity gate, the ticket by itself; cancelling and reopening by staff."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from mikroserwis import history
from mikroserwis.access import Actor
from mikroserwis.models import Subticket, Ticket
from mikroserwis.rulebook import RULES
from mikroserwis.tickets import notices
from mikroserwis.tickets.facts import decide, papers, point_params, subticket_facts, ticket_facts
from mikroserwis.tickets.operations.automatic import shut, try_close
from mikroserwis.tickets.operations.handover import give
from mikroserwis.tickets.operations.notes import add_note, words
from sla import Choice
from workflows import SUBTICKET, TICKET, Connectivity


@dataclass(frozen=True)
class Check:
    """What M/platform said of a point, asked before the transaction: the verdict and the answer as plain JSON.

    `silent` names each station that doesn't report: {"station", "name", "last_contact"}; `failure` says why no answer
    came.
    """

    verdict: Connectivity
    evidence: Mapping[str, Any] = field(default_factory=dict)
    silent: tuple[Mapping[str, Any], ...] = ()
    failure: str = ""


NOT_NEEDED = Check(Connectivity.NOT_NEEDED)


def close_subticket(session: Session, subticket: Subticket, check: Check, *, actor: Actor, now: datetime) -> None:
    """taken → closed with the evidence stored; then the ticket tries to close. Raises Refused, and nothing changes."""
    if RULES.ticket_types[subticket.ticket.type].connectivity and check.verdict is Connectivity.NOT_NEEDED:
        raise ValueError("this type of ticket needs the platform's answer")
    facts = subticket_facts(session, subticket, actor, connectivity=check.verdict)
    subticket.state = decide(SUBTICKET, "close", facts, {**point_params(subticket), **check_params(check)})
    subticket.outcome, subticket.closed_at = "done", now
    subticket.evidence = json.dumps(dict(check.evidence)) if check.evidence else None
    subticket.last_check = None
    history.record(
        session,
        "close",
        actor=actor,
        now=now,
        ticket=subticket.ticket,
        subticket=subticket,
        evidence=dict(check.evidence),
    )
    try_close(session, subticket.ticket, actor=actor, now=now)


def remember_check(subticket: Subticket, check: Check, now: datetime) -> None:
    """Keep a check that didn't pass, to be shown beside the button; nothing else of the record changes."""
    subticket.last_check = json.dumps(
        {"at": now.isoformat(), "verdict": check.verdict, "silent": list(check.silent), "failure": check.failure}
    )


def check_params(check: Check) -> dict[str, dict[str, Any]]:
    """What the gate's sentences need."""
    return {
        "every_station_reports": {"stations": [dict(one) for one in check.silent]},
        "platform_has_answered": {"failure": check.failure},
    }


def withdraw_subticket(session: Session, subticket: Subticket, *, actor: Actor, now: datetime, reason: str) -> None:
    """Any but closed → closed (withdrawn); the ticket closes if this was the last one open."""
    reason = words(reason, "reason")
    subticket.state = decide(SUBTICKET, "withdraw", subticket_facts(session, subticket, actor, reason=reason))
    subticket.outcome, subticket.closed_at = "withdrawn", now
    history.record(
        session, "withdraw", actor=actor, now=now, ticket=subticket.ticket, subticket=subticket, reason=reason
    )
    try_close(session, subticket.ticket, actor=actor, now=now)


def cancel(session: Session, ticket: Ticket, *, actor: Actor, now: datetime, reason: str) -> None:
    """Any but closed → closed (withdrawn), with its open sub-tickets."""
    reason = words(reason, "reason")
    ticket.state = decide(TICKET, "cancel", ticket_facts(session, ticket, actor, reason=reason))
    for one in ticket.subtickets:
        if one.state != "closed":
            one.state, one.outcome, one.closed_at = "closed", "withdrawn", now
    add_note(session, ticket, reason, actor=actor, now=now, act="cancel", quiet=True)
    shut(session, ticket, "withdrawn", "cancel", actor=actor, now=now, reason=reason)
    notices.announce(session, ticket, "cancelled", now=now)


def reopen(session: Session, ticket: Ticket, *, actor: Actor, now: datetime, reason: str) -> None:
    """closed → contract with its completion due anew. What was withdrawn is open again; else everything is."""
    reason = words(reason, "reason")
    ticket.state = decide(TICKET, "reopen", ticket_facts(session, ticket, actor, reason=reason))
    withdrawn, held = [one for one in ticket.subtickets if one.outcome == "withdrawn"], papers(session, ticket)
    for one in withdrawn or ticket.subtickets:
        facts = subticket_facts(session, one, actor, papers_=held, reason=reason)
        one.state = decide(SUBTICKET, "reopen", facts)
        one.outcome = one.closed_at = one.evidence = None
    _open_again(session, ticket, actor, now, reason)


def reopen_subticket(session: Session, subticket: Subticket, *, actor: Actor, now: datetime, reason: str) -> None:
    """closed → taken, or new if nothing was done; a closed ticket is reopened with it, its sisters stay closed."""
    reason = words(reason, "reason")
    subticket.state = decide(SUBTICKET, "reopen", subticket_facts(session, subticket, actor, reason=reason))
    subticket.outcome = subticket.closed_at = subticket.evidence = None
    ticket = subticket.ticket
    history.record(session, "reopen", actor=actor, now=now, ticket=ticket, subticket=subticket, reason=reason)
    if ticket.state == "closed":
        ticket.state = decide(TICKET, "reopen", ticket_facts(session, ticket, actor, reason=reason))
        _open_again(session, ticket, actor, now, reason)


def _open_again(session: Session, ticket: Ticket, actor: Actor, now: datetime, reason: str) -> None:
    ticket.outcome = ticket.closed_on = None
    history.record(session, "reopen", actor=actor, now=now, ticket=ticket, reason=reason)
    add_note(session, ticket, reason, actor=actor, now=now, act="reopen", quiet=True)
    session.flush()
    give(session, ticket, Choice(dealer_id=ticket.dealer_id), how="reopened", now=now)
    notices.announce(session, ticket, "reopened", now=now)
