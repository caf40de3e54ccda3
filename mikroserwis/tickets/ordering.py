"""The list's order: by any column, the same on both databases, and exactly the other way round from its end."""

from datetime import date
from typing import Any

from sqlalchemy import Date, Integer, Select, asc, desc, func, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from mikroserwis.models import Dealer, Ticket

_SORTS: dict[str, Any] = {
    "type": Ticket.type,
    "number": Ticket.number,
    "tax_id": Ticket.tax_id,
    "company": Ticket.company_key,
    "city": Ticket.city_key,
    "acquired": Ticket.acquired_by_dealer,
    "state": Ticket.state,
    "caretaker": Dealer.name_key,
    "opened": Ticket.opened_on,
    "closed": Ticket.closed_on,
    "due": Ticket.due_at,
}


class _DaysBetween(FunctionElement[int]):
    """Whole days from one date to another; each database counts them in its own way."""

    type = Integer()
    inherit_cache = True


@compiles(_DaysBetween)
def _subtracted(element: _DaysBetween, compiler: Any, **options: Any) -> str:
    start, end = (compiler.process(one, **options) for one in element.clauses)
    return f"({end} - {start})"


@compiles(_DaysBetween, "sqlite")
def _julian(element: _DaysBetween, compiler: Any, **options: Any) -> str:
    start, end = (compiler.process(one, **options) for one in element.clauses)
    return f"CAST(julianday({end}) - julianday({start}) AS INTEGER)"


def days_open(today: date) -> _DaysBetween:
    """As the list shows them: until it was closed, or until today."""
    return _DaysBetween(Ticket.opened_on, func.coalesce(Ticket.closed_on, literal(today, Date)))


def key(sort: str, today: date) -> Any:
    """By which the list is sorted."""
    name = sort.removeprefix("-")
    return days_open(today) if name == "days" else _SORTS[name]


def order(sort: str, by: Any, id_: Any, *, turned: bool = False) -> tuple[Any, Any]:
    """In the wanted order of the key `by`, what is empty last either way; turned, exactly the other way round."""
    name, down = sort.removeprefix("-"), sort.startswith("-")
    way = desc if down != turned else asc
    first = way(by)
    if name in {"due", "closed", "caretaker"}:
        first = first.nulls_first() if turned else first.nulls_last()
    return first, way(id_)


def joined(query: Select[Any], sort: str) -> Select[Any]:
    """With the table from which the order comes."""
    return query.outerjoin(Dealer, Dealer.id == Ticket.dealer_id) if sort.endswith("caretaker") else query


def in_order(query: Select[Any], sort: str, today: date, *, turned: bool) -> Select[Any]:
    """Of tickets, in the wanted order or exactly the other way round."""
    return joined(query, sort).order_by(*order(sort, key(sort, today), Ticket.id, turned=turned))
