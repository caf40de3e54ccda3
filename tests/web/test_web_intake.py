"""Tickets by hand: rows added without scripts, what is wrong at its place."""

import re

from sqlalchemy import func, select

from mikroserwis.companies import COMPANY_LENGTHS
from mikroserwis.models import Ticket
from tests.support.cast import SAM


def count(parts) -> int:
    with parts.database.reading() as session:
        return session.scalar(select(func.count()).select_from(Ticket)) or 0


def typed(**changed):
    return {
        "type": "insoft",
        "opened_on": "2026-01-05",
        "company.tax_id": "5260250995",
        "company.name": "Delikatesy Łoś",
        "company.postal_code": "26-600",
        "company.city": "Radom",
        "row": ["0"],
        "subtickets.0.stations_buy": "2",
        **changed,
    }


def test_all_that_a_file_may_say_of_a_company_can_be_typed_too(web):
    form = web("operator").get("/tickets/new").text
    assert [name for name in COMPANY_LENGTHS if f'name="company.{name}"' not in form] == []
    given = {"company.regon": "140517018", "company.iban": "61109010140000071219812874"}
    wrong = web("operator").post("/tickets/new", typed(**given))
    assert wrong.status_code == 422
    assert 'id="error-company.regon"' in wrong.text
    assert 'value="61109010140000071219812874"' in wrong.text
    right = web("operator").post("/tickets/new", typed(**given | {"company.regon": "140517016"}))
    assert right.status_code == 303


def test_a_dealer_enters_a_ticket_of_its_own_and_is_its_caretaker_at_once(web, parts):
    answer = web("alfa").post("/tickets/new", typed())
    assert answer.status_code == 303, re.findall(r"<li>.*?</li>", answer.text)
    page = web("alfa").get(answer.headers["Location"]).text
    assert "Delikatesy Łoś" in page
    assert "Podjęte" in page
    assert "pozyskane przez Dealera: tak" in page


def test_a_dealer_cannot_name_another_dealer_or_a_number(web):
    sent = typed(crm_id="77", dealer_crm_id="1002", acquired_by_dealer="")
    address = web("alfa").post("/tickets/new", sent).headers["Location"]
    assert address != "/tickets/77"
    assert "Dealer Alfa" in web("operator").get(address).text


def test_staff_enter_a_ticket_for_a_dealer_by_its_crm_number(web):
    answer = web("operator").post("/tickets/new", typed(crm_id="77", dealer_crm_id="1002"))
    assert answer.headers["Location"] == "/tickets/77"
    assert "opiekun: <bdi>Dealer Beta</bdi>" in web("operator").get("/tickets/77").text


def test_a_row_is_added_and_dropped_without_scripts_and_nothing_typed_is_lost(web, parts):
    before = count(parts)
    more = web("alfa").post("/tickets/new", typed(add="1"))
    assert more.status_code == 200
    assert 'name="subtickets.1.stations_buy"' in more.text
    assert "Delikatesy Łoś" in more.text
    fewer = web("alfa").post("/tickets/new", typed(row=["0", "1"], drop="0", **{"subtickets.1.point.name": "Drugi"}))
    assert 'name="subtickets.0.stations_buy"' not in fewer.text
    assert 'value="Drugi"' in fewer.text
    assert count(parts) == before


def test_wrong_values_are_named_at_their_fields_even_where_a_row_is_missing(web, parts):
    before = count(parts)
    sent = typed(row=["0", "2"], **{"company.tax_id": "5260250996", "subtickets.2.stations_exchange": "x"})
    answer = web("operator").post("/tickets/new", sent)
    assert answer.status_code == 422
    assert 'id="error-company.tax_id"' in answer.text
    assert 'id="error-subtickets.2.stations_exchange"' in answer.text
    assert 'value="Delikatesy Łoś"' in answer.text
    assert count(parts) == before


def test_a_number_that_is_taken_is_said_and_the_form_stays(web):
    answer = web("operator").post("/tickets/new", typed(crm_id=str(SAM)))
    assert answer.status_code == 409
    assert "Ten numer jest zajęty" in answer.text
    assert 'value="Delikatesy Łoś"' in answer.text
