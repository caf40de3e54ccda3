"""Warnings of deadlines that come near: one row of news for each threshold passed, in the transaction that moves on
to the next one. Batches; two at once don't meet, and whoever is killed leaves whole batches behind.

A ticket that passed several while no scheduler ran is warned of the highest alone.
"""

from datetime import datetime, timedelta

import structlog
from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from mikroserwis.access import SYSTEM
from mikroserwis.db import Database
from mikroserwis.edge import Parts
from mikroserwis.models import Ticket
from mikroserwis.rulebook import POLICIES
from mikroserwis.sweeps.failures import is_cut_off
from mikroserwis.sweeps.ledger import Clock
from mikroserwis.tickets import clocks, news
from mikroserwis.tickets.news import Fact, warning_key
from mikroserwis.tickets.operations.recomputing import recompute

log = structlog.get_logger()
BATCH = 500
PUT_OFF = timedelta(hours=1)


def work(parts: Parts, now: Clock) -> bool:
    """One batch, and whether there may be more; looking where nothing is due costs no write lock."""
    moment = now()
    with parts.database.reading() as session:
        if session.scalars(_due(moment).limit(1)).first() is None:
            return False
    try:
        with parts.database.transaction() as session:
            return warn(session, moment) == BATCH
    except Exception as error:
        if is_cut_off(error):
            raise
        log.warning("a batch of warnings failed; each ticket alone", error=repr(error))
    return _each_alone(parts.database, moment)


def _each_alone(database: Database, now: datetime) -> bool:
    """A ticket whose clock can't be computed takes no other's warning with it: it is looked at again in an hour."""
    with database.reading() as session:
        ids = session.scalars(_due(now).order_by(Ticket.next_warning_at, Ticket.id).limit(BATCH)).all()
    for id_ in ids:
        try:
            with database.transaction() as session:
                warn(session, now, only=id_)
        except Exception as error:
            if is_cut_off(error):
                raise
            log.exception("a ticket could not be warned of", ticket_id=id_)
            with database.transaction() as session:
                session.execute(update(Ticket).where(Ticket.id == id_).values(next_warning_at=now + PUT_OFF))
    return len(ids) == BATCH


def warn(session: Session, now: datetime, *, limit: int = BATCH, only: int | None = None) -> int:
    """How many tickets that were past a threshold have been seen to; `only` is the id of one."""
    due = _due(now).order_by(Ticket.next_warning_at, Ticket.id)
    due = due if only is None else due.where(Ticket.id == only)
    ids = session.scalars(due.limit(limit).with_for_update(skip_locked=True)).all()
    if ids:
        news.add(session, [_fact(one, now) for one in clocks.passed(session, ids, POLICIES, now)])
        recompute(session, ids, POLICIES, actor=SYSTEM, now=now)
    return len(ids)


def _due(now: datetime) -> Select[int]:
    """Tickets of a type that the rules don't know any more keep none of the others waiting."""
    return select(Ticket.id).where(Ticket.next_warning_at <= now, Ticket.type.in_(POLICIES))


def _fact(one: clocks.Passed, now: datetime) -> Fact:
    return Fact(
        key=warning_key(one.assignment_id, one.stage, one.extended, one.share),
        dealer_id=one.dealer_id,
        ticket_id=one.ticket_id,
        kind="warning",
        at=now,
        data={
            "assignment": one.assignment_id,
            "stage": one.stage,
            "extended": news.moment(one.extended),
            "share": one.share,
        },
    )
