"""What a form or a program sends of a quote: read as people write it, each wrong value named by its path."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from mikroserwis.errors import Invalid
from mikroserwis.tickets.quoting.forms import MOST_LINES, FreeLine, ListLine, read

TODAY = date(2026, 5, 27)
ITEM = {"item": "PC-POS", "quantity": "2"}
LABOUR = {"name": "Montaż wagi", "unit": "godz.", "quantity": "1,5", "net": "1 234,50", "vat_rate": "8"}


def wrong(values: dict[str, Any]) -> list[tuple[str, str]]:
    with pytest.raises(Invalid) as invalid:
        read(values, TODAY)
    return [(one.field, one.code) for one in invalid.value.errors]


def test_amounts_are_read_as_people_write_them() -> None:
    found = read({"lines": [ITEM, LABOUR], "remark": "Dwa\r\nwiersze "}, TODAY)
    assert found.lines == (
        ListLine("PC-POS", Decimal("2.00")),
        FreeLine("Montaż wagi", "godz.", Decimal("1.50"), Decimal("1234.50"), "8"),
    )
    assert (found.valid_until, found.remark, found.based_on) == (TODAY + timedelta(days=30), "Dwa\nwiersze", None)


@pytest.mark.parametrize(
    ("quantity", "code"),
    [
        ("", "required"),
        ("0", "quantity_is_zero"),
        ("0,00", "quantity_is_zero"),
        ("-1", "bad_amount"),
        ("−1", "bad_amount"),
        ("NaN", "bad_amount"),
        ("Infinity", "bad_amount"),
        ("1e9", "bad_amount"),
        ("1E999999999", "bad_amount"),
        ("dwa", "bad_amount"),
        ("=1+1", "bad_amount"),
        ("٣", "bad_amount"),
        ("1,005", "two_decimals_at_most"),
        ("100000", "amount_too_large"),
        ("9" * 5000, "amount_too_large"),
    ],
)
def test_a_quantity_that_is_none_is_refused(quantity: str, code: str) -> None:
    assert wrong({"lines": [ITEM, {**ITEM, "quantity": quantity}]}) == [("lines.1.quantity", code)]


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("name", " \u200b ", "required"),
        ("name", "x" * 201, "too_long"),
        ("unit", "x" * 21, "too_long"),
        ("net", "-0,01", "bad_amount"),
        ("net", "10 000 000,00", "amount_too_large"),
        ("net", "0,001", "two_decimals_at_most"),
        ("vat_rate", "22", "unknown_vat_rate"),
        ("vat_rate", "", "unknown_vat_rate"),
    ],
)
def test_labour_needs_words_a_price_and_a_rate_of_the_law(field: str, value: str, code: str) -> None:
    assert wrong({"lines": [{**LABOUR, field: value}]}) == [(f"lines.0.{field}", code)]


def test_free_labour_may_cost_nothing() -> None:
    [line] = read({"lines": [{**LABOUR, "net": "0"}]}, TODAY).lines
    assert isinstance(line, FreeLine)
    assert line.net == Decimal("0.00")


def test_a_price_sent_for_an_item_of_the_list_is_refused() -> None:
    cheap = {**ITEM, "net": "0.01", "vat_rate": "0"}
    assert wrong({"lines": [cheap]}) == [("lines.0.net", "is_the_lists"), ("lines.0.vat_rate", "is_the_lists")]


def test_an_item_has_to_be_chosen() -> None:
    assert wrong({"lines": [{**ITEM, "item": ""}]}) == [("lines.0.item", "choose_an_item")]


def test_a_price_that_was_seen_is_remembered_and_nonsense_is_not() -> None:
    seen = [read({"lines": [{**ITEM, "seen": text}]}, TODAY).lines[0] for text in ("450.00", "dużo", "9" * 20, "")]
    assert [one.seen for one in seen if isinstance(one, ListLine)] == [Decimal("450.00"), None, None, None]


@pytest.mark.parametrize("lines", [[], None])
def test_a_quote_without_a_line_is_none(lines: Any) -> None:
    assert wrong({"lines": lines}) == [("lines", "no_lines")]


def test_ten_thousand_lines_are_refused_before_one_is_read() -> None:
    assert wrong({"lines": [ITEM] * 10_000}) == [("lines", "too_many_lines")]
    assert len(read({"lines": [ITEM] * MOST_LINES}, TODAY).lines) == MOST_LINES


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2026-05-26", "date_in_past"),
        ("2027-05-29", "date_too_far"),
        ("jutro", "bad_date"),
        ("9999-12-31", "date_too_far"),
    ],
)
def test_a_quote_holds_from_today_for_a_year_at_most(text: str, code: str) -> None:
    assert wrong({"lines": [ITEM], "valid_until": text}) == [("valid_until", code)]
    assert read({"lines": [ITEM], "valid_until": "2026-05-27"}, TODAY).valid_until == TODAY


def test_everything_that_is_wrong_with_a_quote_is_named_at_once() -> None:
    values = {"lines": [{"item": "", "quantity": ""}, {**LABOUR, "net": ""}], "valid_until": "x", "remark": "x" * 2001}
    assert wrong(values) == [
        ("lines.0.quantity", "required"),
        ("lines.0.item", "choose_an_item"),
        ("lines.1.net", "required"),
        ("valid_until", "bad_date"),
        ("remark", "too_long"),
    ]


def test_names_like_formulas_and_html_are_kept_as_text() -> None:
    for name in ("=SUM(A1)", "<b>x</b>", "{{ 7*7 }}", "@cmd"):
        [line] = read({"lines": [{**LABOUR, "name": name}]}, TODAY).lines
        assert isinstance(line, FreeLine)
        assert line.name == name
