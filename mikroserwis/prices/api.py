"""The price list for programs. Amounts are texts such as 1290.00, in PLN; days are dates in Warsaw."""

from datetime import date
from typing import Annotated, Literal

from apiflask import APIBlueprint
from flask import request
from pydantic import BaseModel, Field

from mikroserwis import edge
from mikroserwis.bodies import Body, Moment, Text, given, read_body
from mikroserwis.models import PriceItem, SpecialOffer
from mikroserwis.prices import forms, operations, queries
from mikroserwis.pricing import gross, today

blueprint = APIBlueprint("prices_api", __name__, url_prefix="/api/v1", tag="Prices")
blueprint.before_request(read_body)

ITEM = f"/prices/<int(max={2**31 - 1}):item_id>"


class PriceChange(Body):
    """Fields that are left out stay as they are; a new item needs code, name, unit, net and vat_rate."""

    code: Text | None = Field(None, examples=["PCPOS-LIC"], description="Kept in capitals; no two items have the same.")
    name: Text | None = Field(None, examples=["Insoft PC-POS, licencja na stanowisko"])
    description: Text | None = None
    unit: Text | None = Field(None, examples=["szt."])
    net: Text | None = Field(None, examples=["1290.00"], description="PLN for one unit, at most two decimals.")
    vat_rate: Literal["23", "8", "5", "0", "zw"] | None = Field(None, examples=["23"])
    per: Literal["", "buy", "exchange", "all"] | None = Field(
        None, description="The stations that a quote takes the quantity from; empty: none.", examples=["buy"]
    )
    types: list[Text] | None = Field(
        None, max_length=50, description="Types of tickets it is sold with; empty: every type that has a quote."
    )
    version: Annotated[int, Field(strict=True, ge=0, le=2**53 - 1)] | None = Field(
        None, description="As it was read: 409 if somebody changed it since. Optional."
    )

    def values(self) -> dict[str, str]:
        types = {"types": " ".join(self.types or ())} if "types" in self.model_fields_set else {}
        return {**given(self, *(name for name in forms.LENGTHS if name != "types")), **types}


class NewOffer(Body):
    """A lower price from one day to another, both included."""

    name: Text = Field(examples=["Oferta specjalna Insoft"])
    net: Text = Field(examples=["990.00"], description="PLN for one unit, lower than the list price.")
    valid_from: Text = Field(examples=["2026-11-01"])
    valid_until: Text | None = Field(None, examples=["2026-12-31"], description="Left out: until it is withdrawn.")


class OfferOut(BaseModel):
    """`state`: running, coming, ended or withdrawn."""

    id: int
    name: str
    net: str
    valid_from: date
    valid_until: date | None
    state: str
    created_by: str


class PriceLine(BaseModel):
    """`net` and `gross` are the list's; `offer` is the special offer that runs, or the next one."""

    id: int
    code: str
    name: str
    description: str
    unit: str
    net: str
    vat_rate: str
    gross: str
    per: str
    types: list[str]
    active: bool
    offer: OfferOut | None


class PriceOut(PriceLine):
    """With all of its offers, by their first day, and the version to send back."""

    offers: list[OfferOut]
    changed_at: Moment
    version: int


class Prices(BaseModel):
    items: list[PriceLine]
    total: int
    page: int
    pages: int
    size: int


class PricesQuery(BaseModel):
    """The list's address, as on screen; what can't be read is as if it weren't there."""

    q: str = Field("", description="Words of code, name or description.")
    view: str = Field("", description="offers (one runs or comes), inactive, all; left out: those for sale.")
    sort: str = Field("", description="A column's name; with - in front the other way round. Default name.")
    size: str = Field("", description="10, 25 or 50.")
    page: str = Field("", description="From 1.")


@blueprint.get("/prices")
@blueprint.input(PricesQuery, location="query")
@blueprint.output(Prices)
@blueprint.doc(summary="The price list: filtered, searched, sorted, by pages")
def prices(query_data: PricesQuery) -> Prices:  # noqa: ARG001 - documents what `read` reads
    """Those for sale, unless the address asks for others."""
    edge.require("prices.see")
    page = queries.fetch(edge.session(), queries.read(request.args), today(edge.now()))
    items = [_line(row.item, row.offer) for row in page.rows]
    return Prices(items=items, total=page.total, page=page.page, pages=page.pages, size=page.size)


@blueprint.post("/prices")
@blueprint.input(PriceChange)
@blueprint.output(PriceOut, 201)
@blueprint.doc(summary="Add an item")
def add_price(json_data: PriceChange) -> PriceOut:
    """It can be put into quotes at once."""
    edge.require("prices.edit")
    return _price(operations.add_item(edge.session(), json_data.values(), actor=edge.actor(), now=edge.now()))


@blueprint.get(ITEM)
@blueprint.output(PriceOut)
@blueprint.doc(summary="An item with all of its special offers")
def price(item_id: int) -> PriceOut:
    """Those that have ended or were withdrawn too."""
    return _price(_load(item_id, "prices.see"))


@blueprint.put(ITEM)
@blueprint.input(PriceChange)
@blueprint.output(PriceOut)
@blueprint.doc(summary="Change an item; 409 names what somebody else changed meanwhile")
def change_price(item_id: int, json_data: PriceChange) -> PriceOut:
    """Fields that are left out stay as they are. Quotes that were made keep their prices."""
    item, version = _load(item_id, "prices.edit"), json_data.version
    values = json_data.values()
    operations.change_item(edge.session(), item, values, version=version, actor=edge.actor(), now=edge.now())
    return _price(item)


@blueprint.post(f"{ITEM}/activation")
@blueprint.output(PriceOut)
@blueprint.doc(summary="Put an item back into use")
def activate_price(item_id: int) -> PriceOut:
    """Done already: nothing happens."""
    item = _load(item_id, "prices.edit")
    operations.switch_item(edge.session(), item, active=True, actor=edge.actor(), now=edge.now())
    return _price(item)


@blueprint.post(f"{ITEM}/deactivation")
@blueprint.output(PriceOut)
@blueprint.doc(summary="Take an item out of use; there is no deletion")
def deactivate_price(item_id: int) -> PriceOut:
    """New quotes don't offer it, those that were made keep it."""
    item = _load(item_id, "prices.edit")
    operations.switch_item(edge.session(), item, active=False, actor=edge.actor(), now=edge.now())
    return _price(item)


@blueprint.post(f"{ITEM}/offers")
@blueprint.input(NewOffer)
@blueprint.output(PriceOut, 201)
@blueprint.doc(summary="Add a special offer: lower than the list price, on days that have none yet")
def add_offer(item_id: int, json_data: NewOffer) -> PriceOut:
    """From its first day to its last, both included, in Warsaw."""
    item, values = _load(item_id, "prices.edit"), given(json_data, *forms.OFFER_LENGTHS)
    operations.add_offer(edge.session(), item, values, actor=edge.actor(), now=edge.now())
    return _price(item)


@blueprint.delete(f"{ITEM}/offers/<int(max={2**31 - 1}):offer_id>")
@blueprint.output(PriceOut)
@blueprint.doc(summary="Withdraw a special offer")
def withdraw_offer(item_id: int, offer_id: int) -> PriceOut:
    """It holds no longer from now on, and stays in the history."""
    item = _load(item_id, "prices.edit")
    offer = queries.offer_of(item, offer_id)
    operations.withdraw_offer(edge.session(), item, offer, actor=edge.actor(), now=edge.now())
    return _price(item)


def _load(item_id: int, permission: str) -> PriceItem:
    return queries.load(edge.session(), edge.actor(), item_id, permission)


def _price(item: PriceItem) -> PriceOut:
    day = today(edge.now())
    present = [one for one in item.offers if queries.offer_state(one, day) in {"running", "coming"}]
    line = _line(item, min(present, key=lambda one: one.valid_from, default=None))
    offers = [_offer(one) for one in sorted(item.offers, key=lambda one: (one.valid_from, one.id))]
    return PriceOut(**line.model_dump(), offers=offers, changed_at=item.changed_at, version=item.version)


def _line(item: PriceItem, offer: SpecialOffer | None) -> PriceLine:
    return PriceLine.model_validate(
        {
            **operations.texts(item),
            "types": item.types.split(),
            "id": item.id,
            "gross": str(gross(item.net, item.vat_rate)),
            "active": item.active,
            "offer": _offer(offer) if offer else None,
        }
    )


def _offer(offer: SpecialOffer) -> OfferOut:
    return OfferOut(
        id=offer.id,
        name=offer.name,
        net=str(offer.net),
        valid_from=offer.valid_from,
        valid_until=offer.valid_until,
        state=queries.offer_state(offer, today(edge.now())),
        created_by=offer.created_by,
    )
