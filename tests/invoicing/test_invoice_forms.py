"""What people write beside the invoice's file."""

from datetime import date
from decimal import Decimal

import pytest

from mikroserwis.errors import Invalid
from mikroserwis.tickets.invoicing.forms import key_of, read

TODAY = date(2026, 5, 27)
GIVEN = {"number": "FV/7/2026", "issued_on": "2026-05-27", "gross": "4206,60"}


def wrong(**changed: object) -> dict[str, str]:
    with pytest.raises(Invalid) as invalid:
        read({**GIVEN, **changed}, TODAY)
    return {one.field: one.code for one in invalid.value.errors}


@pytest.mark.parametrize(
    "gross",
    ["4206,60", "4206.60", "4 206,60", "4\u00a0206,6", "4.206,60", "4,206.60", "4206,60 zł", "4206.6PLN", " 4206,60 "],
)
def test_a_sum_is_read_as_it_is_written_in_poland_or_by_a_program(gross: str):
    assert read({**GIVEN, "gross": gross}, TODAY).gross == Decimal("4206.60")


@pytest.mark.parametrize(
    ("gross", "code"),
    [
        *(
            (text, "bad_amount")
            for text in ("1e3", "NaN", "Infinity", "-1", "0x10", "1_000", "4206,60,1", "٤٢٠٦", "=1+1")
        ),
        *((text, "bad_amount") for text in ("1" * 10_000, "cztery tysiące", "+4206,60", "4206,", "1/3")),
        ("4206,601", "part_of_a_grosz"),
        (str(10**20), "amount_too_large"),
        ("", "required"),
        (None, "required"),
    ],
)
def test_what_is_no_sum_is_named(gross: str | None, code: str):
    assert wrong(gross=gross) == {"gross": code}


@pytest.mark.parametrize("day", ["2026-05-26", "26.05.2026", "26-05-2026", "26/5/2026", "26.05.2026 r."])
def test_a_day_is_read_as_it_is_written_in_poland_or_by_a_program(day: str):
    assert read({**GIVEN, "issued_on": day}, TODAY).issued_on == date(2026, 5, 26)


@pytest.mark.parametrize(
    ("day", "code"),
    [("2026-05-28", "date_in_future"), ("31.02.2026", "bad_date"), ("wczoraj", "bad_date"), ("", "required")],
)
def test_what_is_no_day_or_lies_ahead_is_named(day: str, code: str):
    assert wrong(issued_on=day) == {"issued_on": code}


def test_everything_that_is_wrong_with_an_invoice_is_named_at_once():
    assert wrong(number="\u200b ", issued_on="x", gross="x") == {
        "number": "required",
        "issued_on": "bad_date",
        "gross": "bad_amount",
    }
    assert wrong(number="F" * 61) == {"number": "too_long"}


def test_numbers_are_the_same_whatever_their_spaces_and_letters():
    assert key_of("fv 7 / 2026") == key_of("FV7/2026")
    assert key_of("FV 7/2026") != key_of("FV 71/2026")
