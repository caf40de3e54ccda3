"""What the sweep writes for many tickets at once is what a change of dealer writes for one."""

import json
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mikroserwis import access
from mikroserwis.access import SYSTEM
from mikroserwis.db import Base
from mikroserwis.models import (
    Assignment,
    DeadlineExtension,
    Event,
    Handover,
    OutboxItem,
    Subticket,
    SubticketTenure,
    Ticket,
)
from mikroserwis.tickets.operations import handover
from mikroserwis.tickets.sweeping import breaches
from mikroserwis.tickets.sweeping.planning import Desk, Move
from mikroserwis.tickets.sweeping.writing import write
from sla import Choice
from tests.sweeping.field import Field

KINDS = (Ticket, Subticket, SubticketTenure, Assignment, DeadlineExtension, Handover, Event, OutboxItem)
# What differs by nature: who did it and why, keys that are random for one ticket, how often a row was written.
APART: dict[type[Base], set[str]] = {
    Ticket: {"version"},
    Subticket: {"version"},
    DeadlineExtension: {"version"},
    Assignment: {"how", "ended_by"},
    Handover: {"how", "stage", "due_at"},
    Event: {"_data"},
    OutboxItem: {"key"},
}
FIELD = {"breached": 40, "others": 10, "subtickets": 3}


def snapshot(session: Session) -> dict[str, list[Any]]:
    """Every row of the kinds, but for what differs by nature; texts of JSON as what they say."""
    session.flush()
    session.expire_all()
    found = {}
    for kind in KINDS:
        names = [one.key for one in kind.__mapper__.column_attrs if one.key not in APART.get(kind, ())]
        if kind is OutboxItem:
            names.remove("id")
        rows = session.execute(select(*(getattr(kind, name) for name in names))).all()
        found[kind.__name__] = sorted((tuple(map(_said, row)) for row in rows), key=repr)
    return found


def _said(value: Any) -> Any:
    return repr(json.loads(value)) if isinstance(value, str) and value.startswith("{") else value


def planned(session: Session, field: Field) -> list[Move]:
    return Desk(session, field.now).moves(breaches.read(session, field.now, lock=True))


def in_bulk(field: Field, now: datetime) -> tuple[dict[str, list[Any]], list[Move]]:
    with field.database.session(write=True) as session:
        moves = planned(session, field)
        write(session, moves, batch="x", now=now)
        found = snapshot(session)
        session.rollback()
    return found, moves


def number_again(field: Field) -> None:
    """PostgreSQL doesn't give the numbers of what was rolled back again by itself."""
    if field.database.engine.dialect.name == "postgresql":
        with field.database.transaction() as session:
            for kind in (Assignment, Handover, Event):
                last = select(func.max(kind.id)).scalar_subquery()
                serial = func.pg_get_serial_sequence(kind.__tablename__, "id")
                session.execute(select(func.setval(serial, func.coalesce(last, 1), last.is_not(None))))


def one_by_one(field: Field, moves: list[Move], now: datetime) -> dict[str, list[Any]]:
    with field.database.session(write=True) as session:
        for move in moves:
            ticket = access.ticket(session, SYSTEM, move.ticket.number, "ticket.reassign")
            choice = move.choice or Choice(dealer_id=None)
            handover.reassign(session, ticket, actor=SYSTEM, now=now, reason="-", to=choice, batch="x")
        found = snapshot(session)
        session.rollback()
    return found


def test_a_batch_writes_the_rows_that_single_changes_of_dealer_write(field: Field):
    field.add_dealers(7, capacity=7)
    field.add_tickets(**FIELD)
    field.ask_for_more_time()
    bulk, moves = in_bulk(field, field.now)
    number_again(field)
    single = one_by_one(field, moves, field.now)
    assert len(moves) == FIELD["breached"]
    assert {move.to is None for move in moves} == {True, False}
    for kind in bulk:
        assert bulk[kind] == single[kind], kind


def test_each_ticket_is_chosen_for_as_if_those_before_it_had_been_given_out_alone(field: Field):
    field.add_dealers(7, capacity=7)
    field.add_tickets(**FIELD)
    with field.database.session(write=True) as session:
        moves = planned(session, field)
        for move in moves:
            [alone] = Desk(session, field.now).moves([move.ticket])
            assert alone.choice == move.choice
            write(session, [alone], batch="x", now=field.now)
        session.rollback()
