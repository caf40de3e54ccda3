"""What the pages of the price list show."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from mikroserwis import access, lists, refused_forms
from mikroserwis.access import Actor
from mikroserwis.i18n import lazy
from mikroserwis.models import PriceItem, SpecialOffer
from mikroserwis.prices import queries
from mikroserwis.prices.operations import texts
from mikroserwis.prices.queries import COLUMNS, SIZES, VIEWS, Page, Row, Wanted
from mikroserwis.prices.wording import FIELDS, OFFER_STATES, act_words, span, value_words
from mikroserwis.pricing import PER, VAT_RATES, gross, quote_types, say_amount, today, types_of, vat_label
from mikroserwis.rulebook import type_label

# Offered while typing; any other may be written.
UNITS = ("szt.", "kpl.", "godz.", "km", "pkt")
_VIEWS = {
    "": lazy("For sale"),
    "offers": lazy("With a special offer"),
    "inactive": lazy("Out of use"),
    "all": lazy("All"),
}
_HEADS: dict[str, Any] = {
    "code": lazy("Code"),
    "name": lazy("Name"),
    "unit": lazy("Unit"),
    "net": lazy("Net"),
    "vat": lazy("VAT"),
    "gross": lazy("Gross"),
    "offer": lazy("Special offer (net)"),
    "per": lazy("Quantity in a quote"),
}


def list_page(session: Session, wanted: Wanted, actor: Actor, now: datetime) -> dict[str, Any]:
    page = queries.fetch(session, wanted, today(now))
    return {
        "wanted": wanted,
        "views": [(_VIEWS[one], _address(wanted, view=one, page=1), one == wanted.view) for one in VIEWS],
        "columns": [_column(key, wanted) for key in COLUMNS],
        "rows": [_row(row, now) for row in page.rows],
        "page": _pager(page, wanted),
        "list_url": url_for("prices.index"),
        "new_url": url_for("prices.new") if _may_edit(actor) else None,
    }


def item_page(session: Session, item: PriceItem, actor: Actor, now: datetime) -> dict[str, Any]:
    """The form as it is kept, the offers and the last changes."""
    noun = "deactivation" if item.active else "activation"
    return {
        **_form(url_for("prices.save_item", item_id=item.id)),
        "item": item,
        "values": {**texts(item), "net": say_amount(item.net)},
        "chosen": item.types.split(),
        "list_net": say_amount(item.net),
        "gross": say_amount(gross(item.net, item.vat_rate)),
        "version": item.version,
        "read_only": not _may_edit(actor),
        "type_labels": [type_label(name) for name in types_of(item)],
        "offers": [_offer(one, item, now) for one in sorted(item.offers, key=_newest_first)],
        "offer_values": {},
        "offer_url": url_for("prices.add_offer", item_id=item.id),
        "switch_url": url_for("prices.switch_item", item_id=item.id, noun=noun),
        "changes": [_change(event.at, event.actor, event.verb, said) for event, said in _said(session, item)],
    }


def new_page() -> dict[str, Any]:
    """An empty form; most things are sold with the full rate."""
    return {
        **_form(url_for("prices.create")),
        "item": None,
        "values": {"vat_rate": "23", "unit": UNITS[0]},
        "chosen": [],
        "version": None,
        "read_only": False,
    }


def conflict(session: Session, item: PriceItem, error: Exception) -> dict[str, Any] | None:
    """What tickets/_conflict.html wants, if somebody saved meanwhile."""
    return refused_forms.conflict(error, queries.last_changes(session, item, 1), FIELDS, value_words, _typed)


def _typed(name: str, value: str) -> str:
    """As the form takes it: amounts as people write them."""
    return value_words(name, value) if name == "net" else value


def _may_edit(actor: Actor) -> bool:
    return access.may("prices.edit", access.role_relations(actor))


def _form(action: str) -> dict[str, Any]:
    return {
        "action": action,
        "list_url": url_for("prices.index"),
        "labels": FIELDS,
        "units": UNITS,
        "rates": [(rate, vat_label(rate)) for rate in VAT_RATES],
        "rules": list(PER.items()),
        "types": [(name, type_label(name)) for name in quote_types()],
        "errors": {},
        "problems": [],
        "offer_errors": {},
        "conflict": None,
    }


def _address(wanted: Wanted, **changed: Any) -> str:
    return url_for("prices.index", **wanted.arguments(**changed))


def _column(key: str, wanted: Wanted) -> dict[str, Any]:
    return lists.head(key, _HEADS[key], wanted.sort, partial(_address, wanted))


def _row(row: Row, now: datetime) -> dict[str, Any]:
    item, offer = row.item, row.offer
    return {
        "url": url_for("prices.item", item_id=item.id),
        "code": item.code,
        "name": item.name,
        "unit": item.unit,
        "net": say_amount(item.net),
        "vat": vat_label(item.vat_rate),
        "gross": say_amount(row.gross),
        "offer": _offer(offer, item, now) if offer else None,
        "per": PER[item.per] if item.per else "",
        "active": item.active,
    }


def _offer(offer: SpecialOffer, item: PriceItem, now: datetime) -> dict[str, Any]:
    state = queries.offer_state(offer, today(now))
    return {
        "name": offer.name,
        "net": say_amount(offer.net),
        "gross": say_amount(gross(offer.net, item.vat_rate)),
        "start": offer.valid_from,
        "end": offer.valid_until,
        "span": span(offer.valid_from, offer.valid_until),
        "state": state,
        "state_words": OFFER_STATES[state],
        "by": offer.created_by,
        "withdraw_url": url_for("prices.withdraw_offer", item_id=item.id, offer_id=offer.id)
        if state in {"running", "coming"}
        else None,
    }


def _newest_first(offer: SpecialOffer) -> tuple[bool, int, int]:
    """Withdrawn ones last."""
    return offer.withdrawn_at is not None, -offer.valid_from.toordinal(), -offer.id


def _said(session: Session, item: PriceItem) -> list[tuple[Any, dict[str, Any]]]:
    return [(event, queries.said(event)) for event in queries.last_changes(session, item)]


def _change(at: datetime, who: str, verb: str, said: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "at": at,
        "who": who,
        "what": act_words(verb, said),
        "changes": [
            {"label": FIELDS[name], "old": value_words(name, old), "new": value_words(name, new)}
            for name, (old, new) in said["changes"].items()
        ],
    }


def _pager(page: Page, wanted: Wanted) -> dict[str, Any]:
    address = partial(_address, wanted)
    here = lists.numbered(page.page, page.pages, rows=len(page.rows), total=page.total, size=page.size, address=address)
    return {**here, "sizes": lists.sizes(SIZES, page.size, address)}
