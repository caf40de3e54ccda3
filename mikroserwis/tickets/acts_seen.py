"""Which acts on a ticket its readers see, newest first: statements that are built once."""

from sqlalchemy import bindparam, exists, func, select
from sqlalchemy.orm import aliased

from mikroserwis.models import Assignment, Event

AT_ONCE = 200
# What is done to papers, which belong to one dealer's tenure and may come back when the ticket is another's.
_OF_PAPERS = ("reject", "refused", "acknowledged", "retry", "dropped")

EVERY = (
    select(Event.id, Event.at, Event.actor, Event.source, Event.verb, Event.subticket_id, Event.changes, Event.data)
    .where(Event.ticket_id == bindparam("ticket"), Event.id < bindparam("before"))
    .order_by(Event.id.desc())
    .limit(AT_ONCE + 1)
)
_GIVING = ("resign", "reassign")
_NEXT = aliased(Event)
_NEXT_HANDOVER = (
    select(_NEXT.verb)
    .where(
        _NEXT.ticket_id == bindparam("ticket"),
        _NEXT.id > Event.id,
        _NEXT.verb.in_((*_GIVING, "undo")),
        _NEXT.subticket_id.is_(None),
    )
    .order_by(_NEXT.id)
    .limit(1)
    .correlate(Event)
    .scalar_subquery()
)
# A change of dealer that was undone took nothing from the former one, who isn't told how the next one was chosen.
_GIVEN_AWAY = select(func.coalesce(func.max(Event.id), 0)).where(
    Event.ticket_id == bindparam("ticket"),
    Event.verb.in_(_GIVING),
    Event.subticket_id.is_(None),
    _NEXT_HANDOVER.is_distinct_from("undo"),
)
_OF_AN_UNDONE_TENURE = exists().where(
    Assignment.ticket_id == bindparam("ticket"),
    Assignment.ended_by == "undone",
    Assignment.dealer_id == Event.dealer_id,
    Assignment.dealer_id != bindparam("reader"),
    Event.at.between(Assignment.assigned_at, Assignment.ended_at),
)
BY_DEALER = EVERY.where(
    Event.id > _GIVEN_AWAY.scalar_subquery(),
    Event.verb.not_in(_OF_PAPERS) | Event.dealer_id.is_(None) | (Event.dealer_id == bindparam("reader")),
    Event.verb.not_in(_GIVING) | Event.subticket_id.is_not(None),
    ~_OF_AN_UNDONE_TENURE,
)
