"""The list: filters, search, sort and pages over what the actor may see. Selects only what it shows."""

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Integer, Select, and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from mikroserwis.access import Actor, visible_tickets
from mikroserwis.models import Customer, Dealer, Note, Ticket
from mikroserwis.pricing import today as day_of
from mikroserwis.rulebook import RULES
from mikroserwis.textkeys import digits, fold, sort_key
from mikroserwis.tickets.ordering import days_open, in_order
from mikroserwis.tickets.queries import STALE_NOTE
from mikroserwis.tickets.wanted import OPEN, Wanted

BOUND = 10_000
_CHUNK = 500
STATEMENTS = 512


@dataclass(frozen=True)
class Row:
    """One line of the list."""

    number: int
    type: str
    tax_id: str
    company: str
    city: str
    acquired: bool
    state: str
    outcome: str | None
    dealer_id: int | None
    dealer: str | None
    opened_on: date
    closed_on: date | None
    stage: str | None
    due_at: datetime | None
    warn_at: datetime | None


@dataclass(frozen=True)
class Page:
    """`total` is exact up to BOUND; past it `bounded` is true. `page` may be negative: -1 is the last."""

    rows: list[Row] = field(default_factory=list)
    total: int = 0
    bounded: bool = False
    page: int = 1
    size: int = 25

    @property
    def pages(self) -> int:
        return max(-(-self.total // self.size), 1)


def conditions(wanted: Wanted, actor: Actor, now: datetime) -> list[ColumnElement[bool]]:
    """The filters as SQL; values are bound, wildcards in them are plain signs."""
    found: list[ColumnElement[bool]] = [*view(wanted.view, actor, now, now + WEEK, now - STALE_NOTE)]
    if wanted.q:
        found.append(_contains(Ticket.search, [fold(_plain(word)) for word in wanted.q.split()[:6]], actor))
    if wanted.type:
        found.append(Ticket.type == wanted.type)
    if digits(wanted.number):
        found.append(Ticket.number == int(digits(wanted.number)[:15]))
    if wanted.tax_id:
        found.append(_begins(Ticket.tax_id, digits(wanted.tax_id)))
    if wanted.company:
        found.append(_contains(Ticket.company_key, [_unmarked(wanted.company)], actor))
    if wanted.city:
        found.append(_contains(Ticket.city_key, [_unmarked(wanted.city)], actor))
    if wanted.acquired in {"yes", "no"}:
        found.append(Ticket.acquired_by_dealer.is_(wanted.acquired == "yes"))
    if wanted.state:
        found.append(Ticket.state.in_(OPEN) if wanted.state == "open" else Ticket.state == wanted.state)
    if wanted.caretaker:
        found.append(_caretaker(wanted.caretaker, actor))
    found.extend(_dates(wanted, day_of(now)))
    return found


def _plain(word: str) -> str:
    """A NIP may be typed with dashes: 797-456-94-39 finds 7974569439."""
    return digits(word) if word.replace("-", "").isdecimal() else word


def _unmarked(text: str) -> str:
    return sort_key(text).replace("~", "")


def _contains(column: InstrumentedAttribute[str], texts: list[str], actor: Actor) -> ColumnElement[bool]:
    """Among a dealer's few tickets row by row; among all of them over the column's index, which is far narrower.

    The tildes by which sort keys tell ł from l are left out: with accents or without, it is found.
    """

    def within(text: InstrumentedAttribute[str]) -> list[ColumnElement[bool]]:
        plain = func.replace(text, "~", "") if column is not Ticket.search else text
        return [plain.contains(one, autoescape=True) for one in texts]

    if actor.is_dealer:
        return and_(*within(column))
    other = aliased(Ticket)
    return Ticket.id.in_(select(other.id).where(*within(getattr(other, column.key))))


def _begins(column: InstrumentedAttribute[str], text: str) -> ColumnElement[bool]:
    """A range of the index: LIKE would not use it on SQLite."""
    return and_(column >= text, column < f"{text}\x7f")


def _caretaker(text: str, actor: Actor) -> ColumnElement[bool]:
    """A dealer asks whether it is the caretaker; staff ask for a dealer's id, or none."""
    if actor.is_dealer:
        mine = Ticket.dealer_id == actor.dealer_id
        return mine if text == "yes" else or_(~mine, Ticket.dealer_id.is_(None))
    return Ticket.dealer_id == int(text[:9]) if text.isdecimal() else Ticket.dealer_id.is_(None)


def _dates(wanted: Wanted, today: date) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.opened_from:
        found.append(Ticket.opened_on >= wanted.opened_from)
    if wanted.opened_to:
        found.append(Ticket.opened_on <= wanted.opened_to)
    if wanted.closed_from:
        found.append(Ticket.closed_on >= wanted.closed_from)
    if wanted.closed_to:
        found.append(Ticket.closed_on <= wanted.closed_to)
    if wanted.days_min is not None:
        found.append(days_open(today) >= wanted.days_min)
    if wanted.days_max is not None:
        found.append(days_open(today) <= wanted.days_max)
    return found


VIEWS = ("mine", "to_take", "due_this_week", "suspended", "overdue", "needs_note", "pool")
WEEK = timedelta(days=7)


def view(name: str, actor: Actor, now: Any, in_a_week: Any, stale: Any) -> list[ColumnElement[bool]]:
    """The quick views above the list; the moments are values or parameters."""
    views: dict[str, list[ColumnElement[bool]]] = {
        "mine": [Ticket.dealer_id == actor.dealer_id, Ticket.state.in_(OPEN)],
        "to_take": [Ticket.state == "new"],
        "due_this_week": [Ticket.due_at.is_not(None), Ticket.due_at <= in_a_week],
        "overdue": [Ticket.due_at.is_not(None), Ticket.due_at <= now],
        "needs_note": [Ticket.dealer_id == actor.dealer_id, Ticket.warn_at <= now, ~_noted(stale)],
        "suspended": [Ticket.state == "suspended"],
        "pool": [Ticket.state == "new", Ticket.dealer_id.is_(None)],
    }
    return views.get(name, [])


def _noted(stale: Any) -> ColumnElement[bool]:
    """Somebody has written since the first warning, and not longer ago than `stale`: see `queries.note_demand`."""
    return exists().where(Note.ticket_id == Ticket.id, Note.at >= Ticket.warn_at, Note.at >= stale)


BY_NOW = frozenset({"due_this_week", "overdue", "needs_note"})


def fetch(
    session: Session, wanted: Wanted, actor: Actor, now: datetime, *, total: int | None = None, bound: int = BOUND
) -> Page:
    """One page. Pages past the bound are reached from the end, by negative numbers, with the order turned round.

    `total` is how many there are, where that has been counted already.
    """
    rows = session.connection()
    found = _statements(wanted, actor, now if wanted.view in BY_NOW else None, day_of(now), bound)
    total = (rows.scalar(found.counting) or 0) if total is None else total
    bounded = total > bound
    size, pages = wanted.size, max(-(-min(total, bound) // wanted.size), 1)
    page = max(min(wanted.page, pages), 1) if wanted.page > 0 else max(wanted.page, -pages)
    if page < 0 and not bounded:
        page = pages + 1 + page
    ids = found.ids if page > 0 else found.turned
    shown = list(rows.scalars(ids, {"size": size, "offset": (abs(page) - 1) * size}))
    if page < 0:
        shown.reverse()
    return Page(named(session, shown), min(total, bound), bounded, page, size)


class _Statements(NamedTuple):
    """How many rows there are, up to just past the bound, and the ids of one page: first over an index alone."""

    counting: Select[Any]
    ids: Select[Any]
    turned: Select[Any]


@lru_cache(maxsize=STATEMENTS)
def _statements(wanted: Wanted, actor: Actor, now: datetime | None, today: date, bound: int) -> _Statements:
    """Built once for the same view and person; `now` is given where the view asks for it."""
    base = visible_tickets(actor).where(*conditions(wanted, actor, now or noon(today))).with_only_columns(Ticket.id)
    limits = {"size": bindparam("size", type_=Integer), "offset": bindparam("offset", type_=Integer)}
    forward, turned = (
        in_order(base, wanted.sort, today, turned=way).limit(limits["size"]).offset(limits["offset"])
        for way in (False, True)
    )
    return _Statements(counting(base, bound), forward, turned)


def counting(base: Select[Any], bound: int) -> Select[Any]:
    """How many, exactly up to the bound; counting stops just past it."""
    inner = base.with_only_columns(Ticket.id).order_by(None).limit(bound + 1).subquery()
    return select(func.count()).select_from(inner)


def every_id(
    session: Session, wanted: Wanted, actor: Actor, now: datetime, *, limit: int | None = None
) -> Sequence[int]:
    """The ids of all rows in their order, up to the limit, for a file: eight bytes each, however many there are."""
    base = visible_tickets(actor).where(*conditions(wanted, actor, now)).with_only_columns(Ticket.id)
    ids = in_order(base, wanted.sort, day_of(now), turned=False).limit(limit).execution_options(yield_per=_CHUNK)
    return array("q", session.scalars(ids))


def rows_of(session: Session, ids: Sequence[int]) -> Iterator[Row]:
    """Their rows in this order, read as they are asked for."""
    for begin in range(0, len(ids), _CHUNK):
        yield from named(session, ids[begin : begin + _CHUNK])


def named(session: Session, found: Sequence[int]) -> list[Row]:
    """What the list shows of these tickets, in this order."""
    by_id = {row[0]: Row(*tuple(row)[1:]) for row in session.connection().execute(_NAMED, {"ids": found})}
    return [by_id[one] for one in found if one in by_id]


_NAMED = (
    select(
        Ticket.id,
        Ticket.number,
        Ticket.type,
        Ticket.tax_id,
        Customer.name,
        Customer.city,
        Ticket.acquired_by_dealer,
        Ticket.state,
        Ticket.outcome,
        Ticket.dealer_id,
        Dealer.name,
        Ticket.opened_on,
        Ticket.closed_on,
        Ticket.stage,
        Ticket.due_at,
        Ticket.warn_at,
    )
    .join(Customer, Customer.id == Ticket.customer_id)
    .outerjoin(Dealer, Dealer.id == Ticket.dealer_id)
    .where(Ticket.id.in_(bindparam("ids", expanding=True)))
)


def noon(today: date) -> datetime:
    """A moment of the day, where the day is all that matters."""
    return datetime.combine(today, time(12), RULES.tz)
