"""What the list of dealers and the page of areas show."""

from datetime import date, datetime
from functools import partial
from typing import Any

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from mikroserwis import lists
from mikroserwis.dealers import areas, listing, queries
from mikroserwis.dealers.listing import COLUMNS, SIZES, VIEWS, Page, Row, Wanted
from mikroserwis.dealers.wording import span
from mikroserwis.i18n import gettext as _
from mikroserwis.i18n import lazy
from mikroserwis.models import Dealer
from mikroserwis.pricing import today
from mikroserwis.rulebook import RULES, type_label

_VIEWS: dict[str, Any] = {
    "": lazy("Active"),
    "absent": lazy("Absent now"),
    "full": lazy("At capacity"),
    "inactive": lazy("Not in use"),
    "all": lazy("All"),
}
HEADS: dict[str, Any] = {
    "crm_id": lazy("CRM id"),
    "name": lazy("Name"),
    "city": lazy("City"),
    "areas": lazy("Areas"),
    "types": lazy("Types"),
    "load": lazy("Open of capacity"),
    "absence": lazy("Absence"),
}
# In the list an area's row is a line or two; the dealer's page has all of them.
_SHOWN = 6


def sections(current: str) -> list[tuple[str, str, bool]]:
    """The three pages that belong together."""
    pages = (("dealers.index", _("Dealers")), ("dealers.areas", _("Areas")), ("dealers.contacts", _("Vendor contacts")))
    return [(label, url_for(endpoint), endpoint == current) for endpoint, label in pages]


def list_page(session: Session, wanted: Wanted, now: datetime, *, may_edit: bool) -> dict[str, Any]:
    day = today(now)
    page = listing.fetch(session, wanted, day)
    return {
        "sections": sections("dealers.index"),
        "wanted": wanted,
        "views": [(_VIEWS[one], _address(wanted, view=one, page=1), one == wanted.view) for one in VIEWS],
        "types": [("", _("all")), *((name, type_label(name)) for name in RULES.type_names)],
        "columns": [_column(key, wanted) for key in COLUMNS],
        "rows": [_row(row, day) for row in page.rows],
        "page": _pager(page, wanted),
        "list_url": url_for("dealers.index"),
        "sheet_url": url_for("dealers.sheet", **wanted.arguments(page=1)),
        "new_url": url_for("dealers.new") if may_edit else None,
    }


def areas_page(session: Session) -> dict[str, Any]:
    """For each type, who covers each two digits, and the holes in words."""
    known = list(session.scalars(select(Dealer).where(Dealer.active)))
    tables = []
    for name in RULES.type_names:
        of_type = [[one.prefix for one in dealer.areas] for dealer in known if name in queries.types_of(dealer)]
        counts = areas.coverage(of_type)
        tables.append(
            {
                "type": name,
                "label": type_label(name),
                "holes": areas.holes(counts),
                "rows": [[_cell(f"{ten}{one}", counts, name) for one in range(10)] for ten in range(10)],
            }
        )
    return {"sections": sections("dealers.areas"), "tables": tables}


def load_kind(count: int, capacity: int) -> str:
    """The word by which the meter is drawn: ok, soon (four fifths are used) or late (no more fit)."""
    if count >= capacity:
        return "late"
    return "soon" if count * 5 >= capacity * 4 else "ok"


def absence_words(row: Row, day: date) -> str:
    """Absent now until …, or from … to …; empty if there is none to come."""
    if row.absence is None:
        return ""
    if row.is_absent(day):
        return _("now, until %(day)s", day=span(row.absence.last_day, row.absence.last_day))
    return span(row.absence.first_day, row.absence.last_day)


def _cell(two: str, counts: dict[str, tuple[int, int]], type_: str) -> dict[str, Any]:
    whole, part = counts[two]
    return {
        "two": two,
        "whole": whole,
        "part": part,
        "kind": "whole" if whole else "part" if part else "none",
        "url": url_for("dealers.index", area=two, type=type_),
    }


def _address(wanted: Wanted, **changed: Any) -> str:
    return url_for("dealers.index", **wanted.arguments(**changed))


def _column(key: str, wanted: Wanted) -> dict[str, Any]:
    return lists.head(key, HEADS[key], wanted.sort, partial(_address, wanted))


def _row(row: Row, day: date) -> dict[str, Any]:
    dealer = row.dealer
    prefixes = areas.as_text(one.prefix for one in dealer.areas).split(", ") if dealer.areas else []
    return {
        "url": url_for("dealers.show", dealer_id=dealer.id),
        "crm_id": dealer.crm_id,
        "name": dealer.name,
        "city": dealer.city,
        "areas": ", ".join(prefixes[:_SHOWN]),
        "more_areas": max(len(prefixes) - _SHOWN, 0),
        "types": [type_label(one) for one in queries.types_of(dealer)],
        "open": row.open,
        "capacity": dealer.capacity,
        "used": 100 * row.open // dealer.capacity if dealer.capacity else 100,
        "load": load_kind(row.open, dealer.capacity),
        "tickets_url": url_for("tickets.index", caretaker=dealer.id, state="open"),
        "absence": absence_words(row, day),
        "absent": row.is_absent(day),
        "active": dealer.active,
    }


def _pager(page: Page, wanted: Wanted) -> dict[str, Any]:
    address = partial(_address, wanted)
    here = lists.numbered(page.page, page.pages, rows=len(page.rows), total=page.total, size=page.size, address=address)
    return {**here, "sizes": lists.sizes(SIZES, page.size, address)}
