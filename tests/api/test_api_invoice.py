"""The final invoice over the API: as a program gives it, and as an attacker would."""

import io
from collections.abc import Callable
from typing import Any

import pytest

from mikroserwis.pricing import today
from tests.support.app import sqlite_only
from tests.support.cast import ARKLITY, SAM
from tests.support.people import Api
from tests.support.way import Way, plain_page

People = Callable[[str], Api]
PATH = f"/tickets/{SAM}/final-invoice"


def give(who: Api, of: int = SAM, /, **fields: Any) -> Any:
    return who.upload(f"/tickets/{of}/final-invoice", io.BytesIO(plain_page()), "faktura.pdf", **fields)


def said(who: Api, way: Way, **changed: Any) -> dict[str, Any]:
    """What the accepted quote asks for."""
    expected = who.get(PATH).json["expected_gross"]
    return {"number": "FV/7/2026", "issued_on": today(way.clock()).isoformat(), "gross": expected, **changed}


def test_a_program_reads_what_is_expected_gives_it_and_the_ticket_closes(api: People, way: Way):
    way.shops_closed(SAM)
    alfa = api("alfa")
    before = alfa.get(PATH).json
    assert (before["needed"], before["settled"], before["why_not"]) == (True, False, "missing")
    assert before["quote"] == "W/115/1"
    answer = give(alfa, **said(alfa, way))
    assert (answer.status_code, answer.json["settled"], answer.json["why_not"]) == (201, True, None)
    [item] = answer.json["items"]
    assert (item["number"], item["gross"], item["file"]["kind"]) == (
        "FV/7/2026",
        before["expected_gross"],
        "final_invoice",
    )
    assert alfa.get(f"/files/{item['file']['id']}/content").data == plain_page()
    assert alfa.get(f"/tickets/{SAM}").json["state"] == "closed"
    assert [one["verb"] for one in alfa.get(f"/tickets/{SAM}/history").json["items"]][:2] == ["close", "invoice"]


@sqlite_only
def test_the_same_again_is_answered_as_known(api: People, way: Way):
    way.contract(SAM)
    alfa = api("alfa")
    values = said(alfa, way)
    assert [give(alfa, **values).status_code for _ in range(2)] == [201, 200]
    assert len(alfa.get(PATH).json["items"]) == 1


@sqlite_only
@pytest.mark.parametrize(
    ("gross", "code"),
    [
        ("1e3", "bad_amount"),
        ("NaN", "bad_amount"),
        ("-1", "bad_amount"),
        ("9" * 999, "bad_amount"),
        (str(10**20), "amount_too_large"),
        ("1,005", "part_of_a_grosz"),
        ("0", "differs_from_quote"),
        ("1.000,00", "differs_from_quote"),
    ],
)
def test_a_sum_that_is_none_or_another_is_refused_by_name(api: People, way: Way, gross: str, code: str):
    way.contract(SAM)
    alfa = api("alfa")
    answer = give(alfa, **said(alfa, way, gross=gross))
    assert answer.status_code == 422
    assert [(one["field"], one["code"]) for one in answer.json["errors"]] == [("gross", code)]
    assert alfa.get(PATH).json["items"] == []


@sqlite_only
def test_staff_give_it_too_and_others_neither_see_nor_give_it(api: People, way: Way):
    way.contract(SAM)
    values = said(api("alfa"), way)
    for name, status in (("beta", 404), ("sam", 404), ("technician", 404), ("seller", 403)):
        assert give(api(name), **values).status_code == status, name
    assert [api(name).get(PATH).status_code for name in ("beta", "sam", "seller")] == [404, 404, 200]
    assert give(api("operator"), **values).status_code == 201
    [item] = api("alfa").get(PATH).json["items"]
    assert api("beta").get(f"/files/{item['file']['id']}/content").status_code == 404


@sqlite_only
def test_what_stands_in_the_way_is_told_before_the_file_is_looked_at(api: People, way: Way):
    way.confirmed(SAM)
    fields = {"number": "FV/1", "issued_on": "2026-05-27", "gross": "1"}
    early = give(api("alfa"), **fields)
    assert (early.status_code, [one["code"] for one in early.json["blockers"]]) == (409, ["ticket_is_in_contract"])
    way.contract(ARKLITY)
    none = give(api("beta"), ARKLITY, **fields)
    assert (none.status_code, [one["code"] for one in none.json["blockers"]]) == (409, ["type_has_an_invoice"])


@sqlite_only
def test_the_number_of_another_ticket_is_refused_naming_it(api: People, way: Way):
    body = {"crm_id": 501, "type": "insoft", "dealer_crm_id": 1001}
    company = api("operator").get(f"/tickets/{SAM}/company").json
    fields = ("tax_id", "name", "street", "postal_code", "city", "phone", "email", "representative")
    body |= {
        "company": {name: company[name] for name in fields},
        "subtickets": [{"point": {"name": "Sklep"}, "stations_buy": 1}],
    }
    assert api("operator").post("/tickets", body).status_code == 201
    for number in (SAM, 501):
        way.contract(number)
    way.invoiced(SAM, of="FV/1")
    expected = api("alfa").get("/tickets/501/final-invoice").json["expected_gross"]
    answer = give(api("alfa"), 501, number="fv / 1", issued_on=today(way.clock()).isoformat(), gross=expected)
    [error] = answer.json["errors"]
    assert (error["code"], str(SAM) in error["message"]) == ("invoice_number_taken", True)
