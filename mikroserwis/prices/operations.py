"""What staff do to the price list. Nothing in it is ever deleted: what was sold keeps its item and its offer."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from mikroserwis import history
from mikroserwis.access import Actor
from mikroserwis.errors import Blocker, Conflict, FieldError, Invalid, Refused
from mikroserwis.models import PriceItem, SpecialOffer
from mikroserwis.prices import forms
from mikroserwis.pricing import today
from mikroserwis.textkeys import sort_key


def add_item(session: Session, values: Mapping[str, Any], *, actor: Actor, now: datetime) -> PriceItem:
    """A new item, for sale at once. Raises Invalid."""
    clean = forms.item(values, new=True)
    _code_is_free(session, clean["code"])
    item = PriceItem(created_at=now, changed_at=now, active=True, description="", per="", types="")
    item.offers = []
    _set(item, clean)
    session.add(item)
    session.flush()
    history.record(session, "price_add", actor=actor, now=now, price_item=item, code=item.code, name=item.name)
    return item


def change_item(
    session: Session, item: PriceItem, values: Mapping[str, Any], *, version: int | None, actor: Actor, now: datetime
) -> dict[str, tuple[str, str]]:
    """Changed fields as {name: (old, new)}. Raises Invalid; Conflict if it was changed since `version` was read."""
    clean, kept = forms.item(values, new=False), texts(item)
    differing = {name: (kept[name], value) for name, value in clean.items() if kept[name] != value}
    if differing and version not in {None, item.version}:
        raise Conflict("changed_meanwhile", fields=differing, version=item.version)
    if "code" in differing:
        _code_is_free(session, clean["code"])
    if "net" in differing:
        _offers_stay_lower(item, Decimal(clean["net"]), today(now))
    if differing:
        _set(item, clean)
        item.changed_at = now
        history.record(session, "price_change", actor=actor, now=now, price_item=item, changes=differing)
        session.flush()
    return differing


def switch_item(session: Session, item: PriceItem, *, active: bool, actor: Actor, now: datetime) -> None:
    """Out of use it is offered in no further quote; those that have it keep it. Done already: nothing happens."""
    if item.active == active:
        return
    item.active, item.changed_at = active, now
    verb = "price_activate" if active else "price_deactivate"
    history.record(session, verb, actor=actor, now=now, price_item=item)
    session.flush()


def add_offer(
    session: Session, item: PriceItem, values: Mapping[str, Any], *, actor: Actor, now: datetime
) -> SpecialOffer:
    """A lower price for some days, both included; never two for the same day. Raises Invalid.

    The item is held, so that of two people who add one at once the second sees the first one's.
    """
    given = forms.offer(values)
    if given.net >= item.net:
        raise Invalid([FieldError("net", "offer_not_lower", {"net": given.net, "list_net": item.net})])
    if given.valid_until and given.valid_until < today(now):
        raise Invalid([FieldError("valid_until", "offer_is_over")])
    for other in item.offers:
        if other.withdrawn_at is None and _share_a_day(given, other):
            raise Invalid([FieldError("valid_from", "offers_overlap", _told(other))])
    offer = SpecialOffer(
        name=given.name,
        net=given.net,
        valid_from=given.valid_from,
        valid_until=given.valid_until,
        created_at=now,
        created_by=actor.label,
    )
    item.offers.append(offer)
    session.flush()
    history.record(session, "offer_add", actor=actor, now=now, price_item=item, **_plain(offer))
    return offer


def withdraw_offer(session: Session, item: PriceItem, offer: SpecialOffer, *, actor: Actor, now: datetime) -> None:
    """It holds no longer, from this moment on; quotes made with it keep its price. Raises Refused once it has ended."""
    if offer.withdrawn_at is not None:
        return
    if offer.valid_until and offer.valid_until < today(now):
        raise Refused("withdraw_offer", [Blocker("offer_has_ended", _told(offer))])
    offer.withdrawn_at = now
    history.record(session, "offer_withdraw", actor=actor, now=now, price_item=item, **_plain(offer))
    session.flush()


def texts(item: PriceItem) -> dict[str, str]:
    """The fields as forms, history and the API write them."""
    return {name: str(getattr(item, name)) for name in forms.LENGTHS}


def _set(item: PriceItem, clean: Mapping[str, str]) -> None:
    for name, value in clean.items():
        setattr(item, name, Decimal(value) if name == "net" else value)
    item.name_key = sort_key(item.name)


def _code_is_free(session: Session, code: str) -> None:
    with session.no_autoflush:
        other = session.scalars(select(PriceItem).where(PriceItem.code == code)).first()
    if other is not None:
        raise Invalid([FieldError("code", "code_taken", {"code": code, "name": other.name})])


def _offers_stay_lower(item: PriceItem, net: Decimal, day: date) -> None:
    for offer in item.offers:
        ended = offer.withdrawn_at or (offer.valid_until and offer.valid_until < day)
        if not ended and offer.net >= net:
            raise Invalid([FieldError("net", "not_above_the_offer", {"list_net": net, **_told(offer)})])


def _share_a_day(given: forms.OfferIn, other: SpecialOffer) -> bool:
    return given.valid_from <= (other.valid_until or date.max) and other.valid_from <= (given.valid_until or date.max)


def _told(offer: SpecialOffer) -> dict[str, Any]:
    return {"name": offer.name, "net": offer.net, "start": offer.valid_from, "end": offer.valid_until}


def _plain(offer: SpecialOffer) -> dict[str, Any]:
    """As plain JSON."""
    end = offer.valid_until.isoformat() if offer.valid_until else None
    return {
        "offer": offer.id,
        "name": offer.name,
        "net": str(offer.net),
        "valid_from": offer.valid_from.isoformat(),
        "valid_until": end,
    }
