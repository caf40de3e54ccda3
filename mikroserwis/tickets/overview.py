"""The list's page with its quick views: how many tickets each holds, and the rows of the one that is shown."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Integer, and_, bindparam, case, func, select, true, union_all
from sqlalchemy.orm import Session

from mikroserwis.access import Actor, visible_tickets, ways
from mikroserwis.db import Moment
from mikroserwis.models import Ticket
from mikroserwis.pricing import today as day_of
from mikroserwis.tickets import listing
from mikroserwis.tickets.listing import BY_NOW, STATEMENTS, WEEK, Page, counting, noon
from mikroserwis.tickets.ordering import joined, key, order
from mikroserwis.tickets.queries import STALE_NOTE
from mikroserwis.tickets.wanted import Wanted

# A quick view's count says no more than that there are very many.
VIEW_BOUND = 1000


class Overview(NamedTuple):
    """`counts` are up to VIEW_BOUND + 1, by quick view."""

    counts: dict[str, int]
    page: Page


def fetch(session: Session, wanted: Wanted, actor: Actor, now: datetime, names: tuple[str, ...]) -> Overview:
    """Of all tickets each view counts on its own; a dealer's are few, and are looked through once for everything."""
    moments = {"now": now, "in_a_week": now + WEEK, "stale": now - STALE_NOTE}
    if not actor.is_dealer:
        found = session.connection().execute(_counts_of_all(actor, names), moments).one()
        return Overview(_bounded(names, found), listing.fetch(session, wanted, actor, now))
    statement = _dealers(actor, names, wanted, now if wanted.view in BY_NOW else None, day_of(now))
    # No page lies further on, and no database counts as far as an address may.
    place = min(max(wanted.page, 1), listing.BOUND // wanted.size + 2) - 1
    window = {"size": wanted.size, "offset": place * wanted.size}
    rows = session.connection().execute(statement, moments | window).all()
    counts, total, ids = _bounded(names, rows[0]), rows[0][len(names)], [row.id for row in rows if row.id is not None]
    if wanted.page < 1 or (total and not ids) or total > listing.BOUND:
        return Overview(counts, listing.fetch(session, wanted, actor, now, total=total))
    return Overview(counts, Page(listing.named(session, ids), total, False, wanted.page if total else 1, wanted.size))


def _bounded(names: tuple[str, ...], found: Sequence[int]) -> dict[str, int]:
    return {name: min(one, VIEW_BOUND + 1) for name, one in zip(names, found, strict=False)}


def _views(actor: Actor, names: tuple[str, ...]) -> list[Any]:
    moments = [bindparam(name, type_=Moment) for name in ("now", "in_a_week", "stale")]
    return [listing.view(name, actor, *moments) for name in names]


@lru_cache(maxsize=STATEMENTS)
def _counts_of_all(actor: Actor, names: tuple[str, ...]) -> Any:
    every = visible_tickets(actor)
    return select(*(counting(every.where(*one), VIEW_BOUND).scalar_subquery() for one in _views(actor, names)))


@lru_cache(maxsize=STATEMENTS)
def _dealers(actor: Actor, names: tuple[str, ...], wanted: Wanted, moment: datetime | None, today: date) -> Any:
    """One row with the counts, or one for each ticket of the page with the counts before it.

    What a view asks for is told of each row, not looked for, whatever is indexed: a dealer's tickets stay the way in.
    """
    asked = [*_views(actor, names), listing.conditions(wanted, actor, moment or noon(today))]
    flags = [case((and_(true(), *one), 1), else_=0).label(f"in_{place}") for place, one in enumerate(asked)]
    seen = select(Ticket.id, *flags, key(wanted.sort, today).label("key"))
    told = union_all(*(joined(seen.where(way), wanted.sort) for way in ways(actor))).cte("told")
    counts = select(*(func.coalesce(func.sum(told.c[one.name]), 0).label(one.name) for one in flags)).subquery("counts")
    shown = select(told.c.id, told.c.key).where(told.c[flags[-1].name] == 1)
    window = {name: bindparam(name, type_=Integer) for name in ("size", "offset")}
    ordered = shown.order_by(*order(wanted.sort, told.c.key, told.c.id)).limit(window["size"]).offset(window["offset"])
    page = ordered.subquery("page")
    placed = order(wanted.sort, page.c.key, page.c.id)
    return select(*counts.c, page.c.id).select_from(counts).outerjoin(page, true()).order_by(*placed)
