"""A quote's sums against a slow reckoning in whole grosze and by long division."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mikroserwis.tickets.quoting.sums import line_net, sums

RATES = {"23": 23, "8": 8, "5": 5, "0": 0, "zw": 0}
grosze = st.integers(0, 999_999_999)
hundredths = st.integers(1, 9_999_999)


def rounded(value: Fraction) -> int:
    """Half up, digit by digit: what is left of the whole decides."""
    whole, rest = divmod(value.numerator, value.denominator)
    return whole + (1 if 2 * rest >= value.denominator else 0)


def amount(in_grosze: int) -> Decimal:
    return Decimal(in_grosze).scaleb(-2)


@given(hundredths, grosze)
def test_a_lines_value_is_rounded_half_up_to_the_grosz(quantity: int, price: int) -> None:
    assert line_net(amount(quantity), amount(price)) == amount(rounded(Fraction(quantity * price, 100)))


@given(st.lists(st.tuples(st.sampled_from(sorted(RATES)), grosze), max_size=100))
def test_vat_is_reckoned_from_each_rates_sum_and_everything_adds_up(lines: list[tuple[str, int]]) -> None:
    found = sums((rate, amount(net)) for rate, net in lines)
    net = {rate: sum(each for name, each in lines if name == rate) for rate in {name for name, _net in lines}}
    vat = {rate: rounded(Fraction(total * RATES[rate], 100)) for rate, total in net.items()}
    assert {one.rate: (one.net, one.vat, one.gross) for one in found.vat_totals} == {
        rate: (amount(net[rate]), amount(vat[rate]), amount(net[rate] + vat[rate])) for rate in net
    }
    assert (found.net, found.vat) == (amount(sum(net.values())), amount(sum(vat.values())))
    assert found.gross == found.net + found.vat


@pytest.mark.parametrize(
    ("quantity", "price", "value"),
    [("1.50", "133.33", "200.00"), ("0.01", "0.50", "0.01"), ("0.01", "0.49", "0.00"), ("3", "0.335", "1.01")],
)
def test_half_a_grosz_goes_up(quantity: str, price: str, value: str) -> None:
    assert line_net(Decimal(quantity), Decimal(price)) == Decimal(value)


def test_many_lines_of_a_grosz_have_the_vat_of_their_sum() -> None:
    """Rounded line by line it would be nothing."""
    assert sums([("23", Decimal("0.02"))] * 100).vat == Decimal("0.46")


def test_no_line_comes_to_nothing() -> None:
    assert (sums([]).vat_totals, sums([]).gross) == ((), Decimal(0))
