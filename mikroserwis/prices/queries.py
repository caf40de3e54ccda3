"""The list as its address asks for it, and one item with its offers and what was done to it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, selectinload

from mikroserwis import access
from mikroserwis.access import Actor
from mikroserwis.db import WRITE
from mikroserwis.errors import NotFound
from mikroserwis.lists import Asked, whole
from mikroserwis.models import Event, PriceItem, SpecialOffer
from mikroserwis.plaintext import tidy
from mikroserwis.pricing import VAT_RATES, gross
from mikroserwis.textkeys import fold

SIZES = (10, 25, 50)
# Items for sale, those with an offer that runs or comes, those out of use, and all of them.
VIEWS = ("", "offers", "inactive", "all")
COLUMNS = ("code", "name", "unit", "net", "vat", "gross", "offer", "per")
LAST_CHANGES = 20


@dataclass(frozen=True, kw_only=True)
class Wanted(Asked):
    """What the list's address asks for; every value stands in the URL. Unknown values are ignored, not errors."""

    q: str = ""
    view: str = ""
    sort: str = "name"
    size: int = 50
    page: int = 1


def read(arguments: Mapping[str, str]) -> Wanted:
    """Whatever can't be read is as if it weren't there."""
    sort, view = arguments.get("sort", ""), arguments.get("view", "")
    size, page = (whole(arguments.get(name, "")) for name in ("size", "page"))
    return Wanted(
        q=tidy(arguments.get("q", ""))[:100],
        view=view if view in VIEWS else "",
        sort=sort if sort.removeprefix("-") in COLUMNS else "name",
        size=size if size in SIZES else 50,
        page=page or 1,
    )


class Row(NamedTuple):
    """An item with the offer that runs today, or else the next one that comes."""

    item: PriceItem
    offer: SpecialOffer | None
    gross: Decimal


@dataclass(frozen=True)
class Page:
    """`total` of all pages."""

    rows: list[Row]
    total: int
    page: int
    size: int

    @property
    def pages(self) -> int:
        return max(-(-self.total // self.size), 1)


def fetch(session: Session, wanted: Wanted, day: date) -> Page:
    """One page. A price list has hundreds of items, not thousands: it is read whole and sorted here."""
    query = select(PriceItem).order_by(PriceItem.name_key, PriceItem.id)
    if wanted.view != "all":
        query = query.where(PriceItem.active.is_(wanted.view != "inactive"))
    offers = _present_offers(session, day)
    words = fold(wanted.q).split()
    rows = [
        Row(item, offers.get(item.id), gross(item.net, item.vat_rate))
        for item in session.scalars(query)
        if (wanted.view != "offers" or item.id in offers) and all(word in _searched(item) for word in words)
    ]
    name, down = wanted.sort.removeprefix("-"), wanted.sort.startswith("-")
    rows.sort(key=_SORTS[name], reverse=down)
    last = max(-(-len(rows) // wanted.size), 1)
    page = min(wanted.page, last)
    start = (page - 1) * wanted.size
    return Page(rows[start : start + wanted.size], len(rows), page, wanted.size)


def load(session: Session, actor: Actor, item_id: int, permission: str) -> PriceItem:
    """The item with its offers, held in a writing transaction. Raises Forbidden, NotFound."""
    access.require(permission, access.role_relations(actor))
    query = select(PriceItem).where(PriceItem.id == item_id).options(selectinload(PriceItem.offers))
    if session.info.get(WRITE):
        query = query.with_for_update()
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound(record="price_item", id=item_id)
    return found


def offer_of(item: PriceItem, offer_id: int) -> SpecialOffer:
    """One of the item's. Raises NotFound."""
    found = next((one for one in item.offers if one.id == offer_id), None)
    if found is None:
        raise NotFound(record="special_offer", id=offer_id)
    return found


def offer_state(offer: SpecialOffer, day: date) -> str:
    """running, coming, ended or withdrawn."""
    if offer.withdrawn_at is not None:
        return "withdrawn"
    if offer.valid_from > day:
        return "coming"
    return "ended" if offer.valid_until and offer.valid_until < day else "running"


def last_changes(session: Session, item: PriceItem, limit: int = LAST_CHANGES) -> list[Event]:
    """Newest first."""
    query = select(Event).where(Event.price_item_id == item.id).order_by(Event.id.desc()).limit(limit)
    return list(session.scalars(query))


def said(event: Event) -> dict[str, Any]:
    """What an event tells beside who and when."""
    return {"changes": json.loads(event.changes), **json.loads(event.data)}


def _present_offers(session: Session, day: date) -> dict[int, SpecialOffer]:
    """By item, the one that runs, else the next one."""
    query = select(SpecialOffer).where(
        SpecialOffer.withdrawn_at.is_(None),
        or_(SpecialOffer.valid_until.is_(None), SpecialOffer.valid_until >= day),
    )
    found = session.scalars(query.order_by(SpecialOffer.valid_from.desc()))
    return {one.item_id: one for one in found}


def _searched(item: PriceItem) -> str:
    return fold(f"{item.code} {item.name} {item.description}")


_SORTS: dict[str, Any] = {
    "code": lambda row: row.item.code,
    "name": lambda row: row.item.name_key,
    "unit": lambda row: row.item.unit,
    "net": lambda row: row.item.net,
    "vat": lambda row: (VAT_RATES[row.item.vat_rate], row.item.vat_rate),
    "gross": lambda row: row.gross,
    "offer": lambda row: (row.offer is None, (row.offer and row.offer.valid_until) or date.max),
    "per": lambda row: row.item.per,
}
