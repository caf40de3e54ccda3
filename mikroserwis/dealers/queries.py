"""One dealer with what is asked about it: load, people, absences, what was done to it, and what refers to it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from mikroserwis import access
from mikroserwis.access import Actor
from mikroserwis.db import WRITE, Base
from mikroserwis.errors import NotFound
from mikroserwis.models import (
    Assignment,
    Dealer,
    DealerAbsence,
    DealerArea,
    DealerType,
    Event,
    SignIn,
    Subticket,
    Ticket,
    User,
)
from mikroserwis.rulebook import RULES

LAST_CHANGES = 30
# For how long tickets that were taken away are counted: as in the choice of the next dealer.
LOST_DAYS = 90
# What is a dealer's own and goes with it.
_OWN = {DealerArea.__tablename__, DealerType.__tablename__, DealerAbsence.__tablename__}


class Person(NamedTuple):
    """A user of the dealer, and when it last came in."""

    user: User
    signed_in_at: datetime | None


@dataclass(frozen=True)
class Load:
    """Open tickets by state, open sub-tickets of other dealers' tickets, and tickets lost to the sweep lately."""

    by_state: Mapping[str, int]
    subtickets: int
    lost: int

    @property
    def open(self) -> int:
        return sum(self.by_state.values())


def load(session: Session, actor: Actor, dealer_id: int, permission: str) -> Dealer:
    """The dealer, held in a writing transaction. Raises Forbidden, NotFound."""
    access.require(permission, access.role_relations(actor))
    return _dealer(session, dealer_id)


def own(session: Session, actor: Actor) -> Dealer:
    """The actor's own company, held in a writing transaction. Raises Forbidden."""
    access.require("dealer.own", access.role_relations(actor))
    return _dealer(session, actor.dealer_id or 0)


def _dealer(session: Session, dealer_id: int) -> Dealer:
    query = select(Dealer).where(Dealer.id == dealer_id)
    if session.info.get(WRITE):
        query = query.with_for_update()
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound(record="dealer", id=dealer_id)
    return found


def types_of(dealer: Dealer) -> list[str]:
    """In the rules' order; one that the rules know no longer comes last."""
    held = {one.type for one in dealer.types}
    return [*(one for one in RULES.type_names if one in held), *sorted(held - set(RULES.type_names))]


def load_of(session: Session, dealer: Dealer, now: datetime) -> Load:
    """What it carries now."""
    states = (
        select(Ticket.state, func.count())
        .where(Ticket.dealer_id == dealer.id, Ticket.state != "closed")
        .group_by(Ticket.state)
    )
    helping = (
        select(func.count())
        .select_from(Subticket)
        .join(Ticket, Ticket.id == Subticket.ticket_id)
        .where(
            Subticket.dealer_id == dealer.id, Subticket.state != "closed", Ticket.dealer_id.is_distinct_from(dealer.id)
        )
    )
    lost = select(func.count()).where(
        Assignment.dealer_id == dealer.id,
        Assignment.ended_by == "sweep",
        Assignment.ended_at > now - timedelta(days=LOST_DAYS),
    )
    by_state: dict[str, int] = dict(session.execute(states).all())
    return Load(by_state, session.scalar(helping) or 0, session.scalar(lost) or 0)


def people(session: Session, dealer: Dealer) -> list[Person]:
    """By name, without those who were removed."""
    last = (
        select(SignIn.user_id, func.max(SignIn.at).label("at"))
        .join(User, User.id == SignIn.user_id)
        .where(User.dealer_id == dealer.id, SignIn.result == "ok")
        .group_by(SignIn.user_id)
        .subquery()
    )
    query = select(User, last.c.at).outerjoin(last, last.c.user_id == User.id).where(User.dealer_id == dealer.id)
    query = query.where(User.removed_at.is_(None))
    return [Person(user, at) for user, at in session.execute(query.order_by(User.name, User.id))]


def absences(session: Session, dealer: Dealer, day: date) -> list[DealerAbsence]:
    """Those that are or come, the first one first."""
    query = select(DealerAbsence).where(DealerAbsence.dealer_id == dealer.id, DealerAbsence.last_day >= day)
    return list(session.scalars(query.order_by(DealerAbsence.first_day)))


def absence_of(session: Session, dealer: Dealer, absence_id: int) -> DealerAbsence:
    """One of the dealer's. Raises NotFound."""
    found = session.get(DealerAbsence, absence_id)
    if found is None or found.dealer_id != dealer.id:
        raise NotFound(record="absence", id=absence_id)
    return found


def last_changes(session: Session, dealer: Dealer, limit: int = LAST_CHANGES) -> list[Event]:
    """Newest first."""
    return events_of(session, Event.about_dealer_id, dealer.id, "dealer_delete", limit)


def events_of(
    session: Session, column: InstrumentedAttribute[int | None], record_id: int, end: str, limit: int
) -> list[Event]:
    """Newest first, without those of a deleted record that had this id before."""
    mine: ColumnElement[bool] = column == record_id
    deleted = select(func.max(Event.id)).where(mine, Event.verb == end).scalar_subquery()
    query = select(Event).where(mine, Event.id > func.coalesce(deleted, 0))
    return list(session.scalars(query.order_by(Event.id.desc()).limit(limit)))


def said(event: Event) -> dict[str, Any]:
    """What an event tells beside who and when."""
    return {"changes": json.loads(event.changes), **json.loads(event.data)}


def referring(session: Session, dealer: Dealer) -> dict[str, int]:
    """By table, how many rows name this dealer, beside what is its own. Empty: it can be deleted."""
    counts: dict[str, int] = {}
    for table in Base.metadata.sorted_tables:
        columns = [key.parent for key in table.foreign_keys if key.column.table.name == Dealer.__tablename__]
        if columns and table.name not in _OWN:
            rows = select(func.count()).select_from(table)
            number = sum(session.scalar(rows.where(column == dealer.id)) or 0 for column in columns)
            counts |= {table.name: number} if number else {}
    return counts
