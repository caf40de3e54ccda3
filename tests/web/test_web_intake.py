"""Tickets by hand and by file: rows added without scripts, what is wrong at its place, a file whole or not at all."""

import io
import re

import pytest
from sqlalchemy import func, select

from exports.sheets import intake_template
from mikroserwis.models import Ticket
from mikroserwis.tickets.forms import COMPANY_LENGTHS
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


GOOD = (
    "crm_id;type;opened_on;tax_id;company_name;postal_code;city;point_id;point_name;stations_buy;stations_exchange\n"
    "701;insoft;2026-01-05;5260250995;Delikatesy Łoś;26-600;Radom;7001;Rynek;1;0\n"
    "701;insoft;2026-01-05;5260250995;Delikatesy Łoś;26-600;Radom;7002;Dworzec;0;2\n"
)


def send(person, content: bytes, then: str, name: str = "zgłoszenia.csv"):
    data = {"then": then, "file": (io.BytesIO(content), name)}
    return person.post("/tickets/import", data)


def test_a_file_is_checked_without_writing_and_then_taken_in(web, parts):
    before, operator = count(parts), web("operator")
    checked = send(operator, GOOD.encode(), "check")
    assert checked.status_code == 200
    assert "1 nowe zgłoszenie" in checked.text
    assert "2 podzgłoszenia" in checked.text
    assert count(parts) == before
    taken = send(operator, GOOD.encode(), "import")
    assert (taken.status_code, taken.headers["Location"]) == (303, "/tickets")
    assert "Wczytano 1 zgłoszenie." in operator.get("/tickets").text
    assert count(parts) == before + 1


@pytest.mark.parametrize("then", ["check", "import"])
def test_each_bad_row_is_told_by_line_column_and_reason_and_nothing_is_written(web, parts, then):
    before = count(parts)
    bad = GOOD.replace("5260250995", "5260250996", 1).replace("7002;Dworzec;0;2", "7002;Dworzec;x;2")
    answer = send(web("operator"), bad.encode(), then)
    assert answer.status_code == 422
    assert re.search(r">2</td>.*?tax_id.*?Cyfra kontrolna tego NIP", answer.text, re.DOTALL)
    assert re.search(r">3</td>.*?stations_buy.*?Potrzebna jest liczba całkowita", answer.text, re.DOTALL)
    assert count(parts) == before


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("x.xlsx", b"PK\x03\x04rubbish", "Tej tabeli nie da się odczytać"),
        ("x.csv", b"a;b\n1;2\n", "Tej tabeli nie da się odczytać"),
        ("x.csv", GOOD.replace("tax_id", "nip").encode(), "Nie ma takiej kolumny"),
        ("x.xls", bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), "stary format Excela"),
    ],
)
def test_a_file_that_is_no_table_says_so(web, name, content, said):
    answer = send(web("operator"), content, "check", name)
    assert answer.status_code == 422
    assert said in answer.text


def test_no_file_chosen_is_said_at_the_field(web):
    answer = web("operator").post("/tickets/import", {"then": "check"})
    assert answer.status_code == 422
    assert 'id="error-file"' in answer.text


def test_the_template_is_the_one_that_an_import_reads(web):
    template = web("operator").get("/tickets/import/template.xlsx")
    assert template.status_code == 200
    assert len(template.data) == pytest.approx(len(intake_template()), rel=0.05)
    empty = send(web("operator"), template.data, "check", "szablon.xlsx")
    assert empty.status_code == 422
    assert "nie ma wierszy" in empty.text


@pytest.mark.parametrize("name", ["alfa", "seller", "technician"])
def test_only_staff_import(web, name):
    assert send(web(name), GOOD.encode(), "import").status_code == 403
