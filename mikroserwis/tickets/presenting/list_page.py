"""The list's page: rows, quick views and pager; every address holds the whole view."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, NamedTuple

from flask import url_for
from sqlalchemy.orm import Session

from mikroserwis import edge
from mikroserwis.access import PERMISSIONS, Actor, may, role_relations
from mikroserwis.i18n import gettext as _
from mikroserwis.i18n import lazy, say_number
from mikroserwis.pricing import today as day_of
from mikroserwis.rulebook import type_label
from mikroserwis.tickets import overview
from mikroserwis.tickets.listing import Page, Row
from mikroserwis.tickets.overview import VIEW_BOUND
from mikroserwis.tickets.presenting import own_views
from mikroserwis.tickets.presenting.bulk_bar import bar
from mikroserwis.tickets.presenting.due import Due, due
from mikroserwis.tickets.presenting.heads import COLUMNS, heads
from mikroserwis.tickets.presenting.own_views import Own
from mikroserwis.tickets.wanted import DEFAULT_SORT, EVERYTHING, SIZES, Wanted, canonical
from sla import opened_days

VIEWS = {
    "": lazy("All"),
    "mine": lazy("Mine"),
    "to_take": lazy("To take"),
    "due_this_week": lazy("Due this week"),
    "overdue": lazy("Overdue"),
    "needs_note": lazy("Needs a note"),
    "suspended": lazy("Suspended"),
    "pool": lazy("Open pool"),
}
_BY_DEADLINE = {"due_this_week", "overdue", "needs_note"}
# Of a dealer's own tickets.
_OWN = {"mine", "needs_note"}


def context(session: Session, own: Own, actor: Actor, now: datetime) -> dict[str, Any]:
    """All that tickets/list.html wants."""
    wanted, today = own.wanted, day_of(now)
    everything: dict[str, Any] = {"view": EVERYTHING} if own.default else {}
    names = tuple(name for name in VIEWS if name not in _OWN or actor.is_dealer)
    counts, page = overview.fetch(session, wanted, actor, now, names)
    at_once = edge.parts().settings.list_rows_at_once
    active = {name: value for name, value in wanted.arguments().items() if name not in _FRAME}
    return {
        "title": _("Tickets"),
        "views": [_view(name, counts[name], own) for name in names],
        **own_views.context(own),
        "columns": [key for key, _sort, _label in COLUMNS],
        "heads": heads(session, wanted, actor),
        "by_name": not actor.is_dealer,
        "filter_url": url_for("tickets.index"),
        "keep": [(name, value) for name, value in wanted.arguments(page=1).items() if name in _KEPT],
        "active": len(active),
        "reset_url": url_for("tickets.index", **everything),
        "q": wanted.q,
        "rows": [_line(row, actor, now, today) for row in page.rows],
        "page": pager(page, wanted),
        "new_url": url_for("tickets.new") if _may("tickets.create", actor) else None,
        "sheet_url": url_for("tickets.sheet", **wanted.arguments(page=1)),
        "export_query": canonical(wanted) if page.bounded or page.total > at_once else None,
        "import_url": url_for("tickets.import_form") if _may("tickets.import", actor) else None,
        "bulk": bar(page, wanted) if _may("tickets.bulk", actor) else None,
    }


_FRAME = frozenset({"q", "view", "sort", "size", "page", "saved"})
_KEPT = frozenset({"view", "sort", "size", "saved"})


def _may(permission: str, actor: Actor) -> bool:
    return bool(PERMISSIONS[permission]) and may(permission, role_relations(actor))


def _view(name: str, count: int, own: Own) -> tuple[str, str, str, bool]:
    view = EVERYTHING if own.default and not name else name
    blank = Wanted(view=view, size=own.wanted.size, sort="due" if name in _BY_DEADLINE else DEFAULT_SORT)
    current = own.wanted.view in {name, view} and not own.is_shown
    said = f"{say_number(VIEW_BOUND)}+" if count > VIEW_BOUND else say_number(count)
    return str(VIEWS[name]), url_for("tickets.index", **blank.arguments()), said, current


class Line(NamedTuple):
    """A row as tickets/_row.html shows it; equal lines look the same to everybody."""

    number: int
    url: str
    type_label: str
    tax_id: str
    company: str
    city: str
    acquired: bool
    state: str
    caretaker: str
    opened: date
    closed: date | None
    days: int
    due: Due | None
    take_url: str | None


def _line(row: Row, actor: Actor, now: datetime, today: date) -> Line:
    free = actor.is_dealer and row.state == "new" and row.dealer_id in {None, actor.dealer_id}
    return Line(
        row.number,
        url_for("tickets.show", number=row.number),
        type_label(row.type),
        row.tax_id,
        row.company,
        row.city,
        row.acquired,
        "withdrawn" if row.outcome == "withdrawn" else row.state,
        caretaker_words(row, actor),
        row.opened_on,
        row.closed_on,
        opened_days(row.opened_on, row.closed_on or today),
        due(row.state, row.stage, row.due_at, row.warn_at, now),
        url_for("tickets.act", number=row.number, noun="taking") if free else None,
    )


def caretaker_words(row: Row, actor: Actor) -> str:
    """A dealer reads whether it has the ticket, staff who has it."""
    if actor.is_dealer:
        return _("Yes") if row.dealer_id == actor.dealer_id else _("No")
    return row.dealer or _("nobody")


def pager(page: Page, wanted: Wanted) -> dict[str, Any]:
    """Pages are numbered from the start; past the bound from the end, by negative numbers."""

    def address(number: int) -> str:
        return url_for("tickets.index", **wanted.arguments(page=number))

    number, last = page.page, page.pages
    before = number - 1 if number > 1 or (number < 0 and -number < last) else None
    after = number + 1 if 0 < number < last or number < -1 else None
    if page.bounded and number == last:
        after = None
    return {
        "number": number,
        "total": say_number(page.total),
        "total_is_bounded": page.bounded,
        "from_row": (number - 1) * page.size + 1 if page.rows and number > 0 else 0,
        "to_row": (number - 1) * page.size + len(page.rows) if number > 0 else 0,
        "from_end": -number if number < 0 else 0,
        "prev": address(before) if before is not None else None,
        "next": address(after) if after is not None else None,
        "pages": [_page_link(one, number, address) for one in _shown(page)],
        "sizes": [
            (size, url_for("tickets.index", **wanted.arguments(size=size, page=1)), size == page.size) for size in SIZES
        ],
    }


def _page_link(one: int | None, number: int, address: Any) -> tuple[str, str | None, bool]:
    """A gap has no address."""
    if one is None:
        return "…", None, False
    label = say_number(one) if one > 0 else _("last") if one == -1 else _("%(n)s from the end", n=-one)
    return label, address(one), one == number


def _shown(page: Page) -> Iterator[int | None]:
    """The first, the last, and the neighbours of the present page; None is a gap."""
    near = {page.page + step for step in (-1, 0, 1)} - {0}
    ends = {1, -1 if page.bounded else page.pages}
    wanted = {one for one in near | ends if -page.pages <= one <= page.pages}
    if not page.bounded or page.page > 0:
        wanted = {one for one in wanted if one > 0 or (one == -1 and page.bounded)}
    else:
        wanted = {one for one in wanted if one < 0 or one == 1}
    ordered = sorted(wanted, key=lambda one: (one < 0, one))
    previous: int | None = None
    for one in ordered:
        if previous is not None and one != previous + 1:
            yield None
        yield one
        previous = one
