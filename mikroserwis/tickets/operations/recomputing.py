"""Due moments computed anew from the history, after a change of policy, or to prove that the cache has not drifted."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.orm import Session

from mikroserwis.access import Actor
from mikroserwis.models import Assignment, Event, Ticket
from mikroserwis.tickets import clocks
from mikroserwis.tickets.clocks import Clock, Kept
from sla import Policy

_OF_TENURE = Kept._fields[:3]
_OF_TICKET = Kept._fields[3:]


@dataclass(frozen=True)
class Move:
    """The due moment of what a ticket owes, which was another; `stage` is the one that is owed, or was."""

    number: int
    stage: str
    old: datetime | None
    new: datetime | None

    @property
    def earlier(self) -> bool:
        """A deadline where there was none is an earlier one."""
        return self.new is not None and (self.old is None or self.new < self.old)


@dataclass(frozen=True)
class Found:
    """Of a batch: how many were looked at, whose due moment moved, and how many only in what else is kept.

    `skipped` weren't looked at: the rules don't know their type, or something that they need can't be read.
    """

    examined: int
    moved: tuple[Move, ...]
    mended: int
    ids: tuple[int, ...]
    skipped: int = 0


def compare(session: Session, ids: Collection[int], policies: Mapping[str, Policy], now: datetime) -> Found:
    """What `recompute` would do with these open tickets."""
    still = session.scalar(select(func.count()).where(Ticket.id.in_(ids), Ticket.state != "closed")) or 0
    read = clocks.read(session, ids, policies, now)
    return replace(_found(read), skipped=still - len(read))


def recompute(
    session: Session, ids: Collection[int], policies: Mapping[str, Policy], *, actor: Actor, now: datetime
) -> Found:
    """Write anew what is kept of these tickets' clocks, where it differs; each moved due moment is told in history.

    The tickets are locked in order of id first, so that nobody acts on them between reading and writing.
    """
    session.execute(select(Ticket.id).where(Ticket.id.in_(ids)).order_by(Ticket.id).with_for_update()).all()
    read = clocks.read(session, ids, policies, now)
    different = [one for one in read if one.kept != one.computed]
    _write(session, Ticket, _OF_TICKET, [(one.ticket_id, one.computed) for one in different])
    given = [(one.assignment_id, one.computed) for one in different if one.assignment_id is not None]
    _write(session, Assignment, _OF_TENURE, given)
    told = [(one.ticket_id, move) for one in different if (move := _move(one)) is not None]
    if told:
        session.execute(insert(Event), [_event(*each, actor, now) for each in told])
    return _found(read)


def _found(read: Collection[Clock]) -> Found:
    different = [one for one in read if one.kept != one.computed]
    moved = tuple(move for one in different if (move := _move(one)) is not None)
    return Found(len(read), moved, len(different) - len(moved), tuple(one.ticket_id for one in different))


def _move(one: Clock) -> Move | None:
    old, new = one.kept, one.computed
    if old.due_at == new.due_at:
        return None
    return Move(one.number, new.stage or old.stage or "", old.due_at, new.due_at)


def _write(
    session: Session, model: type[Ticket] | type[Assignment], fields: tuple[str, ...], rows: list[tuple[int, Kept]]
) -> None:
    """Past the ticket's version: no form that somebody has open grows stale by it."""
    table: Any = model.__table__
    values: dict[str, Any] = {field: bindparam(f"new_{field}") for field in fields}
    statement = update(table).where(table.c.id == bindparam("of")).values(values)
    if rows:
        session.connection().execute(
            statement, [{"of": id_, **{f"new_{field}": getattr(kept, field) for field in fields}} for id_, kept in rows]
        )


def _event(ticket_id: int, move: Move, actor: Actor, now: datetime) -> dict[str, Any]:
    said = {
        "stage": move.stage,
        "old": move.old.isoformat() if move.old else None,
        "new": move.new.isoformat() if move.new else None,
    }
    return {
        "at": now,
        "actor_id": actor.user_id,
        "actor": actor.label,
        "source": actor.source,
        "address": actor.address,
        "verb": "reclock",
        "ticket_id": ticket_id,
        "changes": "{}",
        "data": json.dumps(said),
    }
