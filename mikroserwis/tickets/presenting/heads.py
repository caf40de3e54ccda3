"""The heads of the list: eleven columns, each with its order and its filter. The same for everybody who asks alike."""

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from flask import request, url_for
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session

from mikroserwis.access import Actor
from mikroserwis.fragments import drawn
from mikroserwis.i18n import Reading, lazy, reading
from mikroserwis.i18n import gettext as _
from mikroserwis.models import Dealer
from mikroserwis.rulebook import RULES, type_label
from mikroserwis.tickets.wanted import STATES, Wanted
from mikroserwis.tickets.wording import state_label

# The manual's columns in its order: key, what it is sorted by, label.
COLUMNS = (
    ("type", "type", lazy("Ticket type")),
    ("crm", "number", lazy("Company's CRM id")),
    ("tax_id", "tax_id", lazy("Company's NIP")),
    ("company", "company", lazy("Company name")),
    ("city", "city", lazy("City of the company")),
    ("acquired", "acquired", lazy("Ticket acquired by the dealer")),
    ("state", "state", lazy("Ticket status")),
    ("caretaker", "caretaker", lazy("Caretaker")),
    ("opened", "opened", lazy("Opened")),
    ("closed", "closed", lazy("Closed on")),
    ("days", "days", lazy("Days since opened")),
)
Options = tuple[tuple[str, str], ...]
_DEALERS = select(Dealer.id, Dealer.name).order_by(Dealer.name)


def heads(session: Session, wanted: Wanted, actor: Actor) -> Markup:
    """The table's rows of heads and filters."""
    rows = () if actor.is_dealer else session.connection().execute(_DEALERS)
    dealers = None if actor.is_dealer else tuple((str(row[0]), row[1]) for row in rows)
    return _heads(replace(wanted, page=1), dealers, reading(), request.script_root)


@lru_cache(maxsize=256)
def _heads(wanted: Wanted, dealers: Options | None, _reading: Reading, _root: str) -> Markup:
    columns = [_column(key, sort, str(label), wanted) for key, sort, label in COLUMNS]
    return drawn("tickets/_filters.html", "heads", columns, _filters(wanted, dealers))


def _column(key: str, sort: str, label: str, wanted: Wanted) -> dict[str, Any]:
    turned = wanted.sort.removeprefix("-") == sort
    down = turned and wanted.sort.startswith("-")
    following = sort if not turned or down else f"-{sort}"
    return {
        "key": key,
        "label": label,
        "sort_url": url_for("tickets.index", **wanted.arguments(sort=following, page=1)),
        "direction": ("descending" if down else "ascending") if turned else None,
    }


def _filters(wanted: Wanted, dealers: Options | None) -> dict[str, dict[str, Any]]:
    """A field for each column, by its key; a dealer asks of the caretaker only whether it is one itself."""
    anything = ("", _("any"))
    either = (anything, ("yes", _("Yes")), ("no", _("No")))
    types = (anything, *((name, type_label(name)) for name in RULES.type_names))
    states = (anything, ("open", _("every open one")), *((state, state_label(state)) for state in STATES))
    caretakers = either if dealers is None else (anything, ("none", _("nobody")), *dealers)
    return {
        "type": _choice("type", wanted.type, types),
        "crm": _text("number", wanted.number, "numeric"),
        "tax_id": _text("tax_id", wanted.tax_id, "numeric"),
        "company": _text("company", wanted.company),
        "city": _text("city", wanted.city),
        "acquired": _choice("acquired", wanted.acquired, either),
        "state": _choice("state", wanted.state, states),
        "caretaker": _choice("caretaker", wanted.caretaker, caretakers),
        "opened": _range("date", {"opened_from": wanted.opened_from, "opened_to": wanted.opened_to}),
        "closed": _range("date", {"closed_from": wanted.closed_from, "closed_to": wanted.closed_to}),
        "days": _range("number", {"days_min": wanted.days_min, "days_max": wanted.days_max}),
    }


def _labelled(key: str) -> str:
    return next(str(label) for name, _sort, label in COLUMNS if name == key)


def _choice(name: str, value: str, options: Options) -> dict[str, Any]:
    return {"kind": "select", "name": name, "label": _labelled(name), "value": value, "options": options}


def _text(name: str, value: str, mode: str = "") -> dict[str, Any]:
    label = _labelled("crm" if name == "number" else name)
    return {"kind": "text", "name": name, "label": label, "value": value, "mode": mode}


def _range(kind: str, ends: Mapping[str, Any]) -> dict[str, Any]:
    (start, first), (end, last) = ends.items()
    return {
        "kind": "range",
        "name": start.partition("_")[0],
        "type": kind,
        "label": _labelled(start.partition("_")[0]),
        "from_": {"name": start, "value": "" if first is None else str(first)},
        "to": {"name": end, "value": "" if last is None else str(last)},
    }
