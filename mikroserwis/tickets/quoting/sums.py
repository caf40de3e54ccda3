"""A quote's arithmetic, in `Decimal` and PLN: lines are rounded, VAT is reckoned from each rate's net sum."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from exports.papers import VatTotal
from mikroserwis.pricing import GROSZ, VAT_RATES, vat_of


@dataclass(frozen=True)
class Sums:
    """`vat_totals` has a row for each rate that occurs, the highest first."""

    vat_totals: tuple[VatTotal, ...]
    net: Decimal
    vat: Decimal
    gross: Decimal


def line_net(quantity: Decimal, unit_net: Decimal) -> Decimal:
    """Rounded to the grosz, halves up."""
    return (quantity * unit_net).quantize(GROSZ, ROUND_HALF_UP)


def sums(lines: Iterable[tuple[str, Decimal]]) -> Sums:
    """Of lines as (VAT rate, net)."""
    nets: dict[str, Decimal] = {}
    for rate, net in lines:
        nets[rate] = nets.get(rate, Decimal("0.00")) + net
    totals = [_total(rate, nets[rate]) for rate in VAT_RATES if rate in nets]
    zero = Decimal("0.00")
    return Sums(
        tuple(totals),
        sum((one.net for one in totals), zero),
        sum((one.vat for one in totals), zero),
        sum((one.gross for one in totals), zero),
    )


def _total(rate: str, net: Decimal) -> VatTotal:
    vat = vat_of(net, rate)
    return VatTotal(rate, net, vat, net + vat)
