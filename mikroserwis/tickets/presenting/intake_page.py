"""The form of a new ticket: names of its fields are the paths by which the intake names what is wrong."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from mikroserwis.access import Actor
from mikroserwis.companies import COMPANY_LENGTHS
from mikroserwis.i18n import gettext as _
from mikroserwis.models import Dealer
from mikroserwis.rulebook import RULES, type_label
from mikroserwis.tickets.wording import FIELDS

POINT = ("id", "name", "street", "postal_code", "city")
STATIONS = ("stations_buy", "stations_exchange")
MOST_ROWS = 30
Typed = MultiDict[str, str]


def rows_of(typed: Typed) -> list[int]:
    """Which rows of retail points the form had."""
    given = [int(text) for text in typed.getlist("row") if text.isascii() and text.isdigit() and len(text) < 4]
    return sorted(set(given))[:MOST_ROWS]


def with_rows_changed(typed: Typed) -> Typed:
    """One row more, or one less, as the pressed button says; what was typed stays."""
    changed, rows = typed.copy(), rows_of(typed)
    if "add" in typed:
        rows.append(max(rows, default=-1) + 1)
    dropped = typed.get("drop", "")
    kept = [row for row in rows if str(row) != dropped] or rows
    changed.setlist("row", [str(row) for row in kept])
    return changed


def values(typed: Typed, actor: Actor) -> dict[str, Any]:
    """As the intake reads them; a dealer enters its own tickets only."""
    staffs = {name: typed.get(name, "") for name in ("crm_id", "dealer_crm_id", "acquired_by_dealer")}
    return {
        "type": typed.get("type", ""),
        "opened_on": typed.get("opened_on", ""),
        **(staffs if actor.is_staff else {"acquired_by_dealer": True}),
        "company": {name: typed.get(f"company.{name}", "") for name in COMPANY_LENGTHS},
        "subtickets": [_point(typed, f"subtickets.{row}") for row in rows_of(typed)],
    }


def _point(typed: Typed, path: str) -> dict[str, Any]:
    return {
        "point": {name: typed.get(f"{path}.point.{name}", "") for name in POINT},
        **{name: typed.get(f"{path}.{name}", "") for name in STATIONS},
    }


def at_their_rows(errors: dict[str, list[str]], typed: Typed) -> dict[str, list[str]]:
    """The intake counts the rows that came; the form's own numbers may have gaps."""
    rows, moved = rows_of(typed), {}
    for path, texts in errors.items():
        parts = path.split(".")
        if parts[0] == "subtickets" and len(parts) > 1:
            parts[1] = str(rows[int(parts[1])])
        moved[".".join(parts)] = texts
    return moved


def context(
    typed: Typed, errors: dict[str, list[str]], actor: Actor, dealers: Sequence[tuple[Any, str]], today: date
) -> dict[str, Any]:
    """All that tickets/new.html wants."""
    return {
        "action": url_for("tickets.create"),
        "values": {"opened_on": today.isoformat(), **typed.to_dict()},
        "errors": errors,
        "labels": {path: _label(path) for path in errors},
        "types": [(name, type_label(name)) for name in RULES.type_names],
        "rows": rows_of(typed) or [0],
        "staff": actor.is_staff,
        "dealers": dealers,
        "today": today.isoformat(),
    }


def dealers_by_crm_id(session: Session) -> list[tuple[Any, str]]:
    """For staff who know whose ticket it is."""
    rows = session.execute(select(Dealer.crm_id, Dealer.name).where(Dealer.active).order_by(Dealer.name))
    return [("", _("the next dealer by the rules")), *((row.crm_id, f"{row.name} ({row.crm_id})") for row in rows)]


def _label(path: str) -> str:
    """What a wrong field is called in the summary above the form."""
    names = {
        **{name: str(label) for name, label in FIELDS.items()},
        "id": _("Point id"),
        "stations_buy": _("Stations to buy"),
        "stations_exchange": _("Stations to exchange"),
        "subtickets": _("Retail points"),
        "dealer_crm_id": _("Dealer"),
    }
    parts = path.split(".")
    label = names.get(parts[-1], parts[-1])
    return _("Point %(n)s, %(field)s", n=int(parts[1]) + 1, field=label) if len(parts) > 2 else label
