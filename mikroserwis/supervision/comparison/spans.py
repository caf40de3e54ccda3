"""How long dealers took: medians, and their share of the tickets' age."""

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Float, and_, func, or_, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.sql.functions import FunctionElement

from mikroserwis.models import Assignment, Ticket
from mikroserwis.supervision.comparison.period import Period
from mikroserwis.tickets.ages import ages
from mikroserwis.tickets.offer import REAL

Column = InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None]
# Of tenures that began so, the dealer had no time to take: it had taken the ticket already.
TAKEN_AT_ONCE = ("pool", "acquired", "reopened")
# Ages are split ticket by ticket: of more closings the newest are looked at.
MOST_AGES = 2000
_CHUNK = 500


class _Days(FunctionElement[float]):
    """From one moment to another in days; each database reckons in its own way."""

    type = Float()
    inherit_cache = True


@compiles(_Days)
def _seconds(element: _Days, compiler: Any, **options: Any) -> str:
    start, end = (compiler.process(one, **options) for one in element.clauses)
    return f"(EXTRACT(EPOCH FROM ({end} - {start})) / 86400.0)"


@compiles(_Days, "sqlite")
def _julian(element: _Days, compiler: Any, **options: Any) -> str:
    start, end = (compiler.process(one, **options) for one in element.clauses)
    return f"(julianday({end}) - julianday({start}))"


def within(moment: Column, period: Period) -> ColumnElement[bool]:
    return and_(moment >= period.start, moment < period.end)


def medians(session: Session, period: Period) -> dict[int, dict[str, Any]]:
    """By dealer: `to_take`, `to_contract`, `to_close` in days since it got the ticket, of what the period saw done."""
    a = Assignment
    done: dict[str, tuple[Column, tuple[ColumnElement[bool], ...]]] = {
        "to_take": (a.taken_at, (a.how.not_in(TAKEN_AT_ONCE),)),
        "to_contract": (a.contract_at, (a.how != "reopened",)),
        "to_close": (a.ended_at, (a.ended_by == "close",)),
    }
    found: dict[int, dict[str, Any]] = defaultdict(dict)
    for name, (moment, which) in done.items():
        days = _Days(a.assigned_at, moment)
        place = func.row_number().over(partition_by=a.dealer_id, order_by=days).label("place")
        number = func.count().over(partition_by=a.dealer_id).label("number")
        rows = (
            select(a.dealer_id, days.label("days"), place, number)
            .where(REAL, within(moment, period), *which)
            .subquery()
        )
        middle = or_(rows.c.place == (rows.c.number + 1) // 2, rows.c.place == (rows.c.number + 2) // 2)
        query = select(rows.c.dealer_id, func.avg(rows.c.days)).where(middle).group_by(rows.c.dealer_id)
        for dealer_id, median in session.execute(query):
            found[dealer_id][name] = float(median)
    return found


def used(session: Session, period: Period, now: datetime) -> dict[int, dict[str, Any]]:
    """By dealer: `used`, its share of the age of tickets closed in the period that it had, and `aged`, how many."""
    closed = select(Ticket.id).where(Ticket.closed_on >= period.first, Ticket.closed_on <= period.last)
    ids = session.scalars(closed.order_by(Ticket.closed_on.desc(), Ticket.id.desc()).limit(MOST_AGES)).all()
    own: dict[int, timedelta] = defaultdict(timedelta)
    whole: dict[int, timedelta] = defaultdict(timedelta)
    aged: dict[int, int] = defaultdict(int)
    for begin in range(0, len(ids), _CHUNK):
        for shares in ages(session, ids[begin : begin + _CHUNK], now).values():
            age = sum((one.time for one in shares), timedelta())
            for one in shares:
                if one.dealer_id is not None:
                    own[one.dealer_id] += one.time
                    whole[one.dealer_id] += age
                    aged[one.dealer_id] += 1
    return {id_: {"used": own[id_] / whole[id_] if whole[id_] else None, "aged": aged[id_]} for id_ in aged}
