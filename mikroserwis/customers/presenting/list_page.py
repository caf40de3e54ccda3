"""What the list of customers shows."""

from functools import partial
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from mikroserwis import lists
from mikroserwis.access import Actor
from mikroserwis.customers import listing, queries
from mikroserwis.customers.listing import COLUMNS, NO_OWNER, SIZES, Page, Row, Wanted
from mikroserwis.i18n import country_label, lazy
from mikroserwis.i18n import gettext as _
from mikroserwis.tax_ids import COUNTRIES, HOME

HEADS: dict[str, Any] = {
    "name": lazy("Name"),
    "tax_id": lazy("Tax id"),
    "city": lazy("City"),
    "country": lazy("Country"),
    "owner": lazy("Seller"),
    "open": lazy("Open tickets"),
}


def list_page(session: Session, actor: Actor, wanted: Wanted) -> dict[str, Any]:
    page = listing.fetch(session, actor, wanted)
    # A seller's list is all its own.
    columns = [key for key in COLUMNS if actor.is_staff or key != "owner"]
    return {
        "wanted": wanted,
        "countries": [("", _("all")), *countries()],
        "sellers": _sellers(session) if actor.is_staff else None,
        "accounts": [("", _("all")), ("yes", _("with an account")), ("no", _("without an account"))],
        "columns": [_column(key, wanted) for key in columns],
        "rows": [_row(row) for row in page.rows],
        "page": _pager(page, wanted),
        "list_url": url_for("customers.index"),
        "sheet_url": url_for("customers.sheet", **wanted.arguments(page=1)),
        "new_url": url_for("customers.new"),
    }


def countries() -> list[tuple[str, str]]:
    """Our own first, the others by name."""
    others = sorted(((code, country_label(code)) for code in COUNTRIES if code != HOME), key=lambda one: one[1])
    return [(HOME, country_label(HOME)), *others]


def _sellers(session: Session) -> list[tuple[str, str]]:
    known = [(str(one.id), one.name) for one in queries.sellers(session)]
    return [("", _("all")), *known, (NO_OWNER, _("nobody"))]


def _address(wanted: Wanted, **changed: Any) -> str:
    return url_for("customers.index", **wanted.arguments(**changed))


def _column(key: str, wanted: Wanted) -> dict[str, Any]:
    return lists.head(key, HEADS[key], wanted.sort, partial(_address, wanted))


def _row(row: Row) -> dict[str, Any]:
    one = row.customer
    return {
        "url": url_for("customers.show", customer_id=one.id),
        "name": one.name,
        "tax_id": one.tax_id,
        "city": one.city,
        "country": country_label(one.country),
        "owner": row.owner or "",
        "open": row.open,
        "tickets_url": url_for("tickets.index", tax_id=one.tax_id, state="open"),
        "has_account": row.has_account,
    }


def _pager(page: Page, wanted: Wanted) -> dict[str, Any]:
    address = partial(_address, wanted)
    rows, size = len(page.rows), page.size
    here = lists.bounded(
        page.page, page.pages, rows=rows, total=page.total, is_bounded=False, size=size, address=address
    )
    return {**here, "sizes": lists.sizes(SIZES, size, address)}
