from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from exports.papers.data import QUANTITY_MOST, QUOTE_MOST
from tests.exports.quote_cast import INSOFT, LABOUR, many, quoted


def test_vat_is_reckoned_from_the_sum_of_each_rate() -> None:
    cents = replace(LABOUR, quantity=Decimal(1), unit_net=Decimal("0.02"))
    made = quoted([cents, cents, cents])
    assert (made.net, made.vat, made.gross) == (Decimal("0.06"), Decimal("0.01"), Decimal("0.07"))
    assert made.label == "W/115/2"


def test_every_rate_has_its_total() -> None:
    assert [each.rate for each in quoted(many(40)).vat_totals] == ["23", "8", "5", "0", "zw"]


@pytest.mark.parametrize("part", ["net", "vat", "gross"])
def test_a_wrong_sum_never_gets_onto_a_paper(part: str) -> None:
    wrong: Any = {part: Decimal("400.00")}
    with pytest.raises(ValueError, match=f"^{part} is"):
        replace(quoted(), **wrong)


@pytest.mark.parametrize("part", ["net", "vat", "gross"])
def test_a_wrong_total_of_a_rate_never_gets_onto_a_paper(part: str) -> None:
    made = quoted()
    wrong: Any = {part: Decimal("400.00")}
    with pytest.raises(ValueError, match=r"at 23 is 400\.00"):
        replace(made, vat_totals=(replace(made.vat_totals[0], **wrong), *made.vat_totals[1:]))


def test_a_line_that_is_not_quantity_times_price_never_gets_onto_a_paper() -> None:
    made = quoted()
    with pytest.raises(ValueError, match=r"net of line 1 is 1350\.01"):
        replace(made, lines=(replace(made.lines[0], net=Decimal("1350.01")), *made.lines[1:]))


def test_totals_are_those_of_the_rates_that_the_lines_have() -> None:
    made = quoted()
    for totals in (made.vat_totals[:1], made.vat_totals + made.vat_totals[:1]):
        with pytest.raises(ValueError, match="VAT totals"):
            replace(made, vat_totals=totals)


def test_an_unknown_rate_is_refused() -> None:
    made = quoted([LABOUR])
    with pytest.raises(ValueError, match="VAT totals"):
        replace(
            made,
            lines=(replace(made.lines[0], vat_rate="22"),),
            vat_totals=(replace(made.vat_totals[0], rate="22"),),
        )


def test_lines_are_numbered_from_one_and_there_is_one_at_least() -> None:
    made = quoted()
    for lines in ((), made.lines[1:], made.lines[::-1]):
        with pytest.raises(ValueError, match="not numbered"):
            replace(made, lines=lines)


@pytest.mark.parametrize(
    "change",
    [
        {"quantity": Decimal(-1)},
        {"quantity": Decimal("0.125")},
        {"quantity": QUANTITY_MOST + 1},
        {"unit_net": Decimal("-0.01")},
        {"unit_net": QUOTE_MOST + 1},
        {"list_net": Decimal("0.001")},
    ],
)
def test_a_figure_without_room_on_the_form_is_refused(change: Any) -> None:
    with pytest.raises(ValueError, match="of line 1 is"):
        quoted([replace(INSOFT, **change)])


def test_a_sum_without_room_on_the_form_is_refused() -> None:
    with pytest.raises(ValueError, match="gross is"):
        quoted([replace(LABOUR, quantity=Decimal(2), unit_net=QUOTE_MOST)])
