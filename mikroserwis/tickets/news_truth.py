"""Which news are still true when they are told: what has been done or undone meanwhile is nobody's news any more."""

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from mikroserwis.models import Assignment, DeadlineExtension, News, Ticket
from mikroserwis.tickets.news import moment

_GAINED, _GONE = frozenset({"got", "back"}), frozenset({"lost", "undone"})
_AT_ONCE = 5000


@dataclass(frozen=True)
class Told:
    """A row of news with its ticket; the ticket's customer and sub-tickets are loaded."""

    row: News
    ticket: Ticket
    said: Mapping[str, Any]


def still_true(session: Session, rows: Sequence[News], now: datetime) -> list[Told]:
    """Of one reader's news those to be told, in their order."""
    tickets = _tickets(session, {row.ticket_id for row in rows})
    found = [Told(row, tickets[row.ticket_id], json.loads(row.data)) for row in rows]
    hands, warnings = _hands(found), _warnings(session, found, now)
    kept: dict[str, Any] = {"warning": lambda one: one.row.id in warnings, "overdue": lambda one: _overdue(one, now)}
    kept["extended"] = lambda one: one.ticket.dealer_id == one.row.dealer_id
    kept.update(dict.fromkeys(_GAINED | _GONE, lambda one: one.row.id in hands))
    return [one for one in found if one.row.kind not in kept or kept[one.row.kind](one)]


def _tickets(session: Session, ids: Collection[int]) -> dict[int, Ticket]:
    found: dict[int, Ticket] = {}
    every = sorted(ids)
    for first in range(0, len(every), _AT_ONCE):
        query = select(Ticket).where(Ticket.id.in_(every[first : first + _AT_ONCE]))
        loads = (joinedload(Ticket.customer), selectinload(Ticket.subtickets))
        found.update((one.id, one) for one in session.scalars(query.options(*loads)))
    return found


def _hands(found: Sequence[Told]) -> set[int]:
    """Of what came and went: the last word on each ticket, if it differs from what the dealer knows and still holds."""
    by_ticket: dict[int, list[Told]] = defaultdict(list)
    for one in found:
        if one.row.kind in _GAINED | _GONE:
            by_ticket[one.ticket.id].append(one)
    told = set()
    for each in by_ticket.values():
        gained = sum(1 if one.row.kind in _GAINED else -1 for one in each)
        last = each[-1]
        has_it = last.ticket.dealer_id == last.row.dealer_id and last.ticket.state != "closed"
        if gained and has_it == (last.row.kind in _GAINED):
            told.add(last.row.id)
    return told


def _overdue(one: Told, now: datetime) -> bool:
    same = one.ticket.due_at == datetime.fromisoformat(one.said["due"]) and one.ticket.stage == one.said["stage"]
    return same and now >= datetime.fromisoformat(one.said["due"]) and _is_readers(one)


def _is_readers(one: Told) -> bool:
    return one.row.dealer_id is None or one.ticket.dealer_id == one.row.dealer_id


def _warnings(session: Session, found: Sequence[Told], now: datetime) -> set[int]:
    """Of each ticket's warnings the highest, while the deadline that it speaks of lies ahead."""
    warnings = [one for one in found if one.row.kind == "warning"]
    ids = [one.said["assignment"] for one in warnings]
    present = set(session.scalars(select(Assignment.id).where(Assignment.id.in_(ids), Assignment.ended_at.is_(None))))
    extended = _extended(session, ids)
    told: dict[int, Told] = {}
    for one in warnings:
        stage, tenure, due = one.said["stage"], one.said["assignment"], one.ticket.due_at
        ahead = due is not None and now < due and one.ticket.stage == stage and tenure in present
        if ahead and moment(extended.get((tenure, stage))) == one.said["extended"]:
            best = told.get(one.ticket.id)
            told[one.ticket.id] = one if best is None or one.said["share"] > best.said["share"] else best
    return {one.row.id for one in told.values()}


def _extended(session: Session, assignments: Collection[int]) -> dict[tuple[int, str], datetime | None]:
    """When each stage was last given a later deadline that still holds."""
    stages = (DeadlineExtension.assignment_id, DeadlineExtension.stage)
    query = select(*stages, func.max(DeadlineExtension.decided_at)).where(
        DeadlineExtension.assignment_id.in_(assignments), DeadlineExtension.state == "granted"
    )
    return {(tenure, stage): at for tenure, stage, at in session.execute(query.group_by(*stages))}
