"""The ticket's clock: what is owed, since when, with which pauses; and the cache of what follows from it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from mikroserwis.models import Assignment, DeadlineExtension, Event, News, Ticket
from mikroserwis.rulebook import POLICIES
from mikroserwis.rulebook import last_day as last_day
from mikroserwis.tickets import news
from mikroserwis.tickets.lapsing import lapse
from sla import Due, Extension, Pause, Policy, Stage, Tenure, due_moments

ENDS_A_PAUSE = ("resume", "resign", "reassign", "cancel", "undo")
_PAUSING = frozenset({"suspend", *ENDS_A_PAUSE})
Acts = Sequence[tuple[str, datetime]]
OWED = {"new": Stage.TAKE, "taken": Stage.CONTRACT, "contract": Stage.COMPLETION}


# Asked with every act and every page: built once.
_PRESENT = select(Assignment).where(Assignment.ticket_id == bindparam("ticket"), Assignment.ended_at.is_(None))
_LAST = (
    select(Assignment)
    .where(Assignment.ticket_id == bindparam("ticket"), Assignment.ended_by.is_distinct_from("undone"))
    .order_by(Assignment.id.desc())
    .limit(1)
)
_TENURES = select(Assignment).where(Assignment.ticket_id == bindparam("ticket")).order_by(Assignment.id)
_ACTS = (
    select(Event.verb, Event.at)
    .where(
        Event.ticket_id == bindparam("ticket"),
        Event.subticket_id.is_(None),
        Event.verb.in_(sorted(_PAUSING)),
        Event.at >= bindparam("since"),
    )
    .order_by(Event.id)
)
_GRANTED = (
    select(DeadlineExtension.stage, DeadlineExtension.granted_until, DeadlineExtension.decided_at)
    .where(
        DeadlineExtension.assignment_id == bindparam("assignment"),
        DeadlineExtension.state == "granted",
        DeadlineExtension.granted_until.is_not(None),
        DeadlineExtension.decided_at.is_not(None),
    )
    .order_by(DeadlineExtension.decided_at, DeadlineExtension.id)
)
_WARNED = select(News.key).where(News.ticket_id == bindparam("ticket"), News.kind == "warning")


def present_assignment(session: Session, ticket: Ticket) -> Assignment | None:
    """The tenure that has not ended; None while the ticket is in the pool or was never given out."""
    return session.scalars(_PRESENT, {"ticket": ticket.id}).one_or_none()


def last_assignment(session: Session, ticket: Ticket) -> Assignment | None:
    """The newest tenure, ended or not; one that was undone is as if it had never been."""
    return session.scalars(_LAST, {"ticket": ticket.id}).first()


def tenures(session: Session, ticket: Ticket) -> Sequence[Assignment]:
    """Every one there ever was, undone ones too, in order."""
    return session.scalars(_TENURES, {"ticket": ticket.id}).all()


def pauses(session: Session, ticket: Ticket, since: datetime) -> list[Pause]:
    """From the history: each suspension after `since`, ended by a resumption or a change of dealer."""
    acts = session.connection().execute(_ACTS, {"ticket": ticket.id, "since": since})
    return read_pauses([(row.verb, row.at) for row in acts])


def read_pauses(acts: Sequence[tuple[str, datetime]]) -> list[Pause]:
    """Pauses in a sequence of acts in order; what a change of dealer cut short goes on once that is undone."""
    found: list[Pause] = []
    start: datetime | None = None
    cuts: list[datetime | None] = []
    for verb, at in acts:
        if verb == "suspend":
            start = start or at
        elif verb == "undo" and cuts:
            start = cuts.pop()
            if start is not None:
                found.pop()
        else:
            if start is not None:
                found.append(Pause(start, at))
            start, cuts = None, [*cuts, start] if verb == "reassign" else []
    return [*found, Pause(start)] if start is not None else found


def extensions(session: Session, assignment: Assignment) -> list[Extension]:
    """Those that staff granted in this tenure, in the order in which they did."""
    return [
        Extension(Stage(one.stage), one.granted_until, one.decided_at)
        for one in session.connection().execute(_GRANTED, {"assignment": assignment.id})
    ]


def dues(
    session: Session, ticket: Ticket, assignment: Assignment, now: datetime, acts: Acts | None = None
) -> tuple[Due, ...]:
    """Every stage's due moment in this tenure of the ticket; `acts` are those of the ticket where they are at hand."""
    return due_moments(_tenure(session, ticket, assignment, acts), POLICIES[ticket.type], now)


def _tenure(session: Session, ticket: Ticket, assignment: Assignment, acts: Acts | None = None) -> Tenure:
    since = assignment.assigned_at
    known = acts and [one for one in acts if one[0] in _PAUSING and one[1] >= since]
    return Tenure(
        assigned_at=assignment.assigned_at,
        owes=OWED.get(ticket.state),
        pauses=pauses(session, ticket, since) if known is None else read_pauses(known),
        extensions=extensions(session, assignment),
    )


@dataclass(frozen=True)
class Clocked:
    """What is kept of a tenure's clock: each stage's due moment, and what the ticket bears of the one that is owed.

    The latter are None while nothing is owed. `next_warning_at` is the first warning that has not been given.
    """

    take_due: datetime
    contract_due: datetime
    completion_due: datetime
    stage: str | None = None
    due_at: datetime | None = None
    warn_at: datetime | None = None
    next_warning_at: datetime | None = None


def clocked(tenure: Tenure, policy: Policy, now: datetime, spoken: int = 0) -> Clocked:
    """A pure function of the tenure and of `spoken`: the highest share of the owed deadline that was warned of.

    Of what an extension found used already is not warned. While the clock stands, due moments are kept as they were
    when it stopped: what is kept is the same whenever it is computed.
    """
    stopped = min((pause.start for pause in tenure.pauses if pause.end is None), default=now)
    dues = due_moments(tenure, policy, stopped)
    at = {due.stage: due.at for due in dues}
    every = (at[Stage.TAKE], at[Stage.CONTRACT], at[Stage.COMPLETION])
    owed = next((due for due in dues if due.stage is tenure.owes), None)
    if owed is None:
        return Clocked(*every)
    ahead = unspoken(owed, tenure, spoken)
    first = owed.warnings[0][1] if owed.warnings else owed.at
    return Clocked(*every, owed.stage.value, owed.at, first, ahead[0][1] if ahead else None)


def unspoken(owed: Due, tenure: Tenure, spoken: int) -> list[tuple[int, datetime]]:
    """Share and moment of each warning of this deadline that has not been given, in order.

    Of what an extension found used already is not warned.
    """
    since = max((one.granted_at for one in tenure.extensions if one.stage is owed.stage), default=tenure.assigned_at)
    return [(share, moment) for share, moment in owed.warnings if share > spoken and moment > since]


def last_extended(tenure: Tenure) -> datetime | None:
    """When the stage that is owed now was last given a later deadline that still holds; this names the deadline."""
    return max((one.granted_at for one in tenure.extensions if one.stage is tenure.owes), default=None)


def warned(session: Session, ticket: Ticket, assignment: Assignment, tenure: Tenure) -> int:
    """The highest share of the deadline that is owed now of which the dealer has been warned; 0: none."""
    if tenure.owes is None:
        return 0
    keys = session.connection().scalars(_WARNED, {"ticket": ticket.id})
    return news.spoken(keys, assignment.id, tenure.owes.value, last_extended(tenure))


def reclock(session: Session, ticket: Ticket, now: datetime) -> None:
    """Write the caches anew; every operation that changes stage, dealer, pause or extension ends with this."""
    session.flush()
    assignment = present_assignment(session, ticket)
    if assignment is None:
        ticket.stage = ticket.due_at = ticket.warn_at = ticket.next_warning_at = None
        lapse(session, ticket, now=now)
        return
    tenure = _tenure(session, ticket, assignment)
    found = clocked(tenure, POLICIES[ticket.type], now, warned(session, ticket, assignment, tenure))
    ticket.stage, ticket.due_at = found.stage, found.due_at
    ticket.warn_at, ticket.next_warning_at = found.warn_at, found.next_warning_at
    assignment.take_due, assignment.contract_due = found.take_due, found.contract_due
    assignment.completion_due = found.completion_due
    lapse(session, ticket, now=now)
