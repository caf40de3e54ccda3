"""Prices of a day, and amounts as people write them: what the price list and whoever sells from it share."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from mikroserwis.i18n import lazy, say_number
from mikroserwis.models import PriceItem, SpecialOffer
from mikroserwis.rulebook import RULES

# In percent; the goods and services tax act of 11 March 2004 knows these, and the exemption.
VAT_RATES = {"23": Decimal(23), "8": Decimal(8), "5": Decimal(5), "0": Decimal(0), "zw": Decimal(0)}
_VAT_LABELS: dict[str, Any] = {"23": "23%", "8": "8%", "5": "5%", "0": "0%", "zw": lazy("exempt")}
# Whose number a quote takes over as the line's quantity.
PER: dict[str, Any] = {
    "": lazy("entered by hand"),
    "buy": lazy("stations to buy"),
    "exchange": lazy("stations to exchange"),
    "all": lazy("all stations"),
}
GROSZ = Decimal("0.01")
MOST = Decimal("9999999.99")
_AMOUNT = re.compile(r"(\d{1,3}(?:\.\d{3})+(?=,)|\d{1,3}(?:,\d{3})+(?=\.)|\d+)(?:[.,](\d+))?", re.ASCII)


@dataclass(frozen=True)
class Priced:
    """An item as it is sold on one day. `net` is the offer's price where one runs, else the list's; PLN for a `unit`.

    `per` is '', 'buy', 'exchange' or 'all': the stations that its quantity is taken from.
    """

    item_id: int
    code: str
    name: str
    description: str
    unit: str
    per: str
    vat_rate: str
    list_net: Decimal
    net: Decimal
    offer_id: int | None
    offer: str


def offered(session: Session, ticket_type: str, day: date) -> list[Priced]:
    """The active items for this type of ticket, by name, at the prices of that day."""
    rows = session.execute(
        select(PriceItem, SpecialOffer)
        .outerjoin(SpecialOffer, (SpecialOffer.item_id == PriceItem.id) & running_on(day))
        .where(PriceItem.active)
        .order_by(PriceItem.name_key, PriceItem.id)
    )
    return [_priced(item, offer) for item, offer in rows if ticket_type in types_of(item)]


def today(now: datetime) -> date:
    """The day that prices are asked for: in Warsaw, whoever asks from wherever."""
    return now.astimezone(RULES.tz).date()


def running_on(day: date) -> ColumnElement[bool]:
    """Offers that hold on this day; of one item there is never more than one."""
    return (
        SpecialOffer.withdrawn_at.is_(None)
        & (SpecialOffer.valid_from <= day)
        & or_(SpecialOffer.valid_until.is_(None), SpecialOffer.valid_until >= day)
    )


def types_of(item: PriceItem) -> tuple[str, ...]:
    """The ticket types it is sold with; none named means every type that has a quote."""
    return tuple(item.types.split()) or quote_types()


def quote_types() -> tuple[str, ...]:
    return tuple(name for name, rule in RULES.ticket_types.items() if rule.quote)


def vat_label(rate: str) -> str:
    """As it stands on screen: 23%, or the word for exempt."""
    return str(_VAT_LABELS.get(rate, rate))


def vat_of(net: Decimal, rate: str) -> Decimal:
    """The tax on this amount, to the grosz, halves up (article 106e of the act)."""
    return (net * VAT_RATES[rate] / 100).quantize(GROSZ, ROUND_HALF_UP)


def gross(net: Decimal, rate: str) -> Decimal:
    return net + vat_of(net, rate)


def read_amount(text: str) -> Decimal | None:
    """`1 234,50`, `1234.50`, `1.234,50` or `1 234,50 zł`, spaces of any kind; None if it is no amount from 0 on.

    What it says is kept: more decimals than two are for the caller to refuse.
    """
    figures = re.sub(r"(zł|PLN)$", "", "".join(text.split()), flags=re.IGNORECASE)
    found = _AMOUNT.fullmatch(figures)
    return Decimal(f"{re.sub(r'[.,]', '', found[1])}.{found[2] or 0}") if found else None


def say_amount(value: Decimal) -> str:
    """With two decimals, as the language writes it: 1 234,50."""
    return say_number(value, "#,##0.00")


def _priced(item: PriceItem, offer: SpecialOffer | None) -> Priced:
    return Priced(
        item_id=item.id,
        code=item.code,
        name=item.name,
        description=item.description,
        unit=item.unit,
        per=item.per,
        vat_rate=item.vat_rate,
        list_net=item.net,
        net=offer.net if offer else item.net,
        offer_id=offer.id if offer else None,
        offer=offer.name if offer else "",
    )
