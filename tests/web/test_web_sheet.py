"""The list as a file: what is in it is what was on the screen."""

import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from openpyxl import load_workbook
from werkzeug.test import TestResponse

from mikroserwis.app import create_app
from mikroserwis.edge import Parts
from mikroserwis.models import Customer
from tests.support.app import sqlite_only
from tests.support.cast import ARKLITY, COMPANIES, PEOPLE, POOLED, SAM
from tests.support.people import Api, Web


def sheet_of(answer: TestResponse) -> Any:
    return load_workbook(io.BytesIO(answer.data)).worksheets[0]


def rows(answer: TestResponse) -> list[tuple[Any, ...]]:
    return list(sheet_of(answer).iter_rows(values_only=True))


@sqlite_only
def test_the_sheet_is_filtered_and_sorted_as_the_screen_is(web: Callable[[str], Web]):
    found = rows(web("operator").get("/tickets.xlsx?sort=-company&type=insoft"))
    assert found[0][:4] == ("Typ zgłoszenia", "ID CRM firmy", "NIP firmy", "Nazwa firmy")
    assert len(found[0]) == 11
    names = [row[3] for row in found[1:]]
    assert set(names) == {COMPANIES[SAM]["name"], COMPANIES[POOLED]["name"]}
    assert names == sorted(names, reverse=True)


@sqlite_only
def test_values_are_what_they_are(web: Callable[[str], Web]):
    row = next(one for one in rows(web("alfa").get("/tickets.xlsx"))[1:] if one[1] == SAM)
    assert row[2] == "7974569439"
    assert (row[5], row[7]) == ("Nie", "Tak")
    assert row[8].year >= 2026
    assert row[10] == 0


def test_a_dealers_sheet_holds_no_foreign_ticket(api: Callable[[str], Api]):
    numbers = {row[1] for row in rows(api("beta").get("/tickets.xlsx"))[1:]}
    assert ARKLITY in numbers
    assert SAM not in numbers


@sqlite_only
def test_a_name_that_would_be_a_formula_stays_text(web: Callable[[str], Web], parts: Parts):
    with parts.database.transaction() as session:
        customer = session.query(Customer).filter_by(tax_id="7974569439").one()
        customer.name = '=HYPERLINK("http://evil.example","x")'
    cell = sheet_of(web("operator").get(f"/tickets.xlsx?number={SAM}"))["D2"]
    assert cell.data_type == "s"
    assert cell.value.startswith("=HYPERLINK")


@sqlite_only
def test_a_list_that_is_too_long_to_come_at_once_says_what_to_do(parts: Parts):
    short = parts.settings.model_copy(update={"list_rows_at_once": 2})
    operator = Web.signed_in(create_app(short, replace(parts, settings=short)), PEOPLE["operator"])
    answer = operator.get("/tickets.xlsx")
    assert answer.status_code == 422
    assert "w tle" in answer.get_data(as_text=True)
    assert len(rows(operator.get("/tickets.xlsx?type=insoft"))) == 3
