"""A later day for the stage that is owed. The ticket's row is locked, so that of two who decide at once one does."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from mikroserwis import history
from mikroserwis.access import Actor
from mikroserwis.errors import Blocker, Conflict, FieldError, Invalid, Refused
from mikroserwis.models import Assignment, DeadlineExtension, Ticket
from mikroserwis.tickets.clock import last_day, present_assignment, reclock
from mikroserwis.tickets.extending import notices, queries
from mikroserwis.tickets.forms import words


def ask(
    session: Session, ticket: Ticket, *, until: date, reason: str, actor: Actor, now: datetime
) -> DeadlineExtension:
    """By the caretaker, for the stage that is owed. Raises Refused while one is open or nothing is owed; Invalid."""
    assignment = _owed(session, ticket)
    if queries.open_request(session, ticket) is not None:
        raise Refused("extend", [Blocker("no_request_is_open")])
    said = words(reason, "reason")
    check(ticket, until, now, reason=said)
    request = _new(ticket, assignment, until, said, actor=actor, now=now)
    session.add(request)
    history.record(
        session,
        "ask_extension",
        actor=actor,
        now=now,
        ticket=ticket,
        stage=request.stage,
        due=_due(ticket),
        until=until.isoformat(),
        reason=request.reason,
    )
    notices.asked(session, ticket, request, now=now)
    return request


def withdraw(session: Session, ticket: Ticket, request: DeadlineExtension, *, actor: Actor, now: datetime) -> None:
    """By the caretaker, before it is answered. Raises Conflict(request_decided)."""
    _still_open(session, ticket, request)
    _decide(request, "withdrawn", actor=actor, now=now)
    history.record(session, "withdraw_extension", actor=actor, now=now, ticket=ticket, until=request.until.isoformat())


def grant(
    session: Session,
    ticket: Ticket,
    request: DeadlineExtension,
    *,
    until: date | None = None,
    answer: str = "",
    actor: Actor,
    now: datetime,
) -> None:
    """The day that was asked for, or another. Raises Conflict(request_decided), Invalid."""
    _still_open(session, ticket, request)
    day, said = until or request.until, words(answer, "answer")
    check(ticket, day, now)
    _give(session, ticket, request, day, said, actor=actor, now=now)


def refuse(
    session: Session, ticket: Ticket, request: DeadlineExtension, *, answer: str, actor: Actor, now: datetime
) -> None:
    """With an answer for the dealer. Raises Conflict(request_decided), Invalid."""
    _still_open(session, ticket, request)
    said = words(answer, "answer")
    if not said:
        raise Invalid([FieldError("answer", "required")])
    request.answer = said
    _decide(request, "refused", actor=actor, now=now)
    history.record(
        session,
        "refuse_extension",
        actor=actor,
        now=now,
        ticket=ticket,
        until=request.until.isoformat(),
        reason=said,
    )
    notices.refused(session, ticket, request, now=now)


def extend(
    session: Session,
    ticket: Ticket,
    *,
    until: date,
    reason: str,
    actor: Actor,
    now: datetime,
    quiet: bool = False,
) -> DeadlineExtension:
    """By staff, unasked; an open request is answered with it. `quiet`: the caller tells the dealer.

    Raises Refused while nothing is owed, Invalid.
    """
    assignment = _owed(session, ticket)
    said = words(reason, "reason")
    check(ticket, until, now, reason=said)
    extension = queries.open_request(session, ticket)
    if extension is None:
        extension = _new(ticket, assignment, until, said, actor=actor, now=now)
        session.add(extension)
    _give(session, ticket, extension, until, said, actor=actor, now=now, quiet=quiet)
    return extension


def _give(
    session: Session,
    ticket: Ticket,
    extension: DeadlineExtension,
    until: date,
    said: str,
    *,
    actor: Actor,
    now: datetime,
    quiet: bool = False,
) -> None:
    before = _due(ticket)
    extension.granted_until, extension.answer = until, said
    _decide(extension, "granted", actor=actor, now=now)
    reclock(session, ticket, now)
    history.record(
        session,
        "extend",
        actor=actor,
        now=now,
        ticket=ticket,
        was=before,
        due=_due(ticket),
        stage=extension.stage,
        asked=extension.until.isoformat(),
        until=until.isoformat(),
        reason=said,
    )
    if not quiet:
        notices.granted(session, ticket, extension, now=now)


def _owed(session: Session, ticket: Ticket) -> Assignment:
    assignment, blockers = present_assignment(session, ticket), queries.blockers(ticket)
    if blockers or assignment is None:
        raise Refused("extend", blockers or [Blocker("nothing_to_extend_in_the_pool")])
    return assignment


def _still_open(session: Session, ticket: Ticket, request: DeadlineExtension) -> None:
    """What waits is the one that is open now; one whose stage or tenure has ended has lapsed."""
    if queries.open_request(session, ticket) is not request:
        raise Conflict("request_decided")


def check(ticket: Ticket, until: date, now: datetime, reason: str = "-") -> None:
    """Whether the present deadline may be moved to this day. Raises Invalid."""
    errors, days = [], queries.days(ticket, now)
    if days is not None and until < days.first:
        code = "day_is_past" if until > days.due else "not_after_the_deadline"
        errors.append(FieldError("until", code, {"due": days.due, "first": days.first}))
    if days is not None and until > days.last:
        errors.append(FieldError("until", "too_far_ahead", {"last": days.last, "days": queries.FURTHEST.days}))
    if not reason:
        errors.append(FieldError("reason", "required"))
    if errors:
        raise Invalid(errors)


def _new(
    ticket: Ticket, assignment: Assignment, until: date, reason: str, *, actor: Actor, now: datetime
) -> DeadlineExtension:
    return DeadlineExtension(
        ticket_id=ticket.id,
        assignment_id=assignment.id,
        stage=ticket.stage,
        state="asked",
        until=until,
        reason=reason,
        asked_at=now,
        asked_by_id=actor.user_id,
        asked_by=actor.label,
    )


def _decide(request: DeadlineExtension, state: str, *, actor: Actor, now: datetime) -> None:
    request.state, request.decided_at = state, now
    request.decided_by_id, request.decided_by = actor.user_id, actor.label


def _due(ticket: Ticket) -> str:
    """The deadline's last day."""
    return last_day(ticket.due_at).isoformat() if ticket.due_at else ""
