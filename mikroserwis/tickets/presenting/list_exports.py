"""The page *Exports*: what each file holds, how far it is, until when it is kept."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from mikroserwis.i18n import gettext as _
from mikroserwis.i18n import lazy, say_date, say_number
from mikroserwis.models import Dealer, ListExport
from mikroserwis.rulebook import type_label
from mikroserwis.tickets.operations.list_exports import KEPT, OPEN
from mikroserwis.tickets.presenting.files import size_words
from mikroserwis.tickets.presenting.heads import COLUMNS
from mikroserwis.tickets.presenting.list_page import VIEWS
from mikroserwis.tickets.wanted import Wanted, from_query
from mikroserwis.tickets.wording import STATES

STATE_LABELS = {
    "queued": lazy("Waiting"),
    "running": lazy("Being made"),
    "done": lazy("Ready"),
    "failed": lazy("Failed"),
    "cancelled": lazy("Cancelled"),
}
_FAILURES = {
    "disk_full": lazy("There was no room left on the service's disk. Try again later, or call the hotline."),
    "too_many_rows": lazy("The list has more rows than a sheet can hold (1 048 575). Filter it and export the parts."),
    "not_allowed": lazy("Your account did not see this list any more when its turn came. Ask for it anew."),
    "broken": lazy(
        "Something went wrong on our side, several times. Try again; if it happens again, call the hotline."
    ),
}
_ACQUIRED = {"yes": lazy("Yes"), "no": lazy("No")}


def context(session: Session, exports: Sequence[ListExport]) -> dict[str, Any]:
    """All that tickets/exports.html wants."""
    dealers = _dealers(session, exports)
    return {
        "exports": [_row(one, dealers) for one in exports],
        "waiting": any(one.state in OPEN for one in exports),
        "days": KEPT.days,
        "list_url": url_for("tickets.index"),
    }


def failure_words(export: ListExport) -> str:
    """Why it failed and what to do; empty if it didn't."""
    return str(_FAILURES[export.failure]) if export.failure else ""


def _row(export: ListExport, dealers: dict[str, str]) -> dict[str, Any]:
    wanted = from_query(export.query)
    return {
        "id": export.id,
        "state": export.state,
        "state_label": str(STATE_LABELS[export.state]),
        "is_open": export.state in OPEN,
        "what": filter_words(wanted, dealers),
        "order": _order(wanted),
        "list_url": url_for("tickets.index", **wanted.arguments()),
        "created_at": export.created_at,
        "expires_at": export.expires_at,
        "done": export.rows_done,
        "total": export.rows_total,
        "rows": _rows(export),
        "size": size_words(export.size) if export.state == "done" and export.size else "",
        "failure": failure_words(export),
        "download_url": url_for("exports.download", export_id=export.id) if export.state == "done" else None,
        "cancel_url": url_for("exports.cancel", export_id=export.id) if export.state in OPEN else None,
        "again_url": url_for("exports.again", export_id=export.id) if export.state in {"failed", "cancelled"} else None,
        "remove_url": url_for("exports.remove", export_id=export.id),
    }


def _rows(export: ListExport) -> str:
    if export.rows_total is None:
        return ""
    total = say_number(export.rows_total)
    if export.state == "done":
        return _("%(total)s rows", total=total)
    return _("%(done)s of %(total)s rows", done=say_number(export.rows_done), total=total)


def filter_words(wanted: Wanted, dealers: dict[str, str]) -> list[tuple[str, str]]:
    """Each filter of a list with its value, both as the list's page says them; empty for the whole list."""
    labels = {sort: str(label) for _key, sort, label in COLUMNS}
    state = _("every open one") if wanted.state == "open" else str(STATES.get(wanted.state, wanted.state))
    caretaker = dealers.get(wanted.caretaker) or (_("nobody") if wanted.caretaker == "none" else wanted.caretaker)
    found = [
        (_("View"), str(VIEWS.get(wanted.view, "")) if wanted.view else ""),
        (_("Searched for"), wanted.q),
        (labels["type"], type_label(wanted.type)),
        (labels["number"], wanted.number),
        (labels["tax_id"], wanted.tax_id),
        (labels["company"], wanted.company),
        (labels["city"], wanted.city),
        (labels["acquired"], str(_ACQUIRED.get(wanted.acquired, ""))),
        (labels["state"], state),
        (labels["caretaker"], str(_ACQUIRED.get(caretaker, caretaker))),
        (labels["opened"], _span(wanted.opened_from, wanted.opened_to)),
        (labels["closed"], _span(wanted.closed_from, wanted.closed_to)),
        (labels["days"], _span(wanted.days_min, wanted.days_max)),
    ]
    return [(label, value) for label, value in found if value]


def _span(first: date | int | None, last: date | int | None) -> str:
    if first is None and last is None:
        return ""
    low, high = (
        say_date(one, "short") if isinstance(one, date) else "" if one is None else str(one) for one in (first, last)
    )
    return f"{low}–{high}" if low and high else _("from %(first)s", first=low) if low else _("to %(last)s", last=high)


def _order(wanted: Wanted) -> str:
    by = wanted.sort.removeprefix("-")
    label = next((str(label) for _key, sort, label in COLUMNS if sort == by), _("Deadline"))
    return _("%(column)s, descending", column=label) if wanted.sort.startswith("-") else label


def _dealers(session: Session, exports: Sequence[ListExport]) -> dict[str, str]:
    """Names of the dealers that staff filtered by."""
    wanted = {from_query(one.query).caretaker for one in exports}
    ids = {int(one) for one in wanted if one.isdecimal() and len(one) < 10}
    rows = session.execute(select(Dealer.id, Dealer.name).where(Dealer.id.in_(ids))) if ids else ()
    return {str(dealer_id): name for dealer_id, name in rows}
