"""A file of tickets on screen: each row as it would be, then taken in or discarded; what was left out as a file."""

import io
import re

import pytest
from openpyxl import load_workbook
from sqlalchemy import func, select

from exports.sheets import intake_template
from exports.tables import read_rows
from mikroserwis.models import Subticket, Ticket
from mikroserwis.sweeps.imports import take_in_one
from tests.support.app import clock
from tests.support.cast import COMPANIES, SAM
from tests.support.drafts import BAD, GOOD, NAMES


def count(parts, model=Ticket) -> int:
    with parts.database.reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def send(person, content: bytes, name: str = "zgłoszenia.csv"):
    return person.post("/tickets/import", {"file": (io.BytesIO(content), name)})


def draft_of(person, content: str) -> str:
    answer = send(person, content.encode())
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"])


def test_a_file_is_shown_before_anything_is_written_and_taken_in_when_confirmed(web, parts):
    before, operator = count(parts), web("operator")
    address = draft_of(operator, GOOD)
    page = operator.get(address).text
    assert "1 zgłoszenie można wczytać" in page
    assert "Delikatesy Łoś" in page
    assert count(parts) == before
    confirmed = operator.post(f"{address}/confirmation")
    assert (confirmed.status_code, confirmed.headers["Location"]) == (303, address)
    assert "Wczytywanie: 0 z 1" in operator.get(address).text
    assert take_in_one(parts, clock)
    assert not take_in_one(parts, clock)
    assert "Wprowadzono: 1, zmieniono: 0, pominięto: 0" in operator.get(address).text
    assert count(parts) == before + 1
    assert operator.get("/tickets/701").status_code == 200


def test_bad_rows_are_told_by_line_and_reason_and_the_good_ones_go_in_without_them(web, parts):
    before, operator = count(parts), web("operator")
    address = draft_of(operator, GOOD + BAD)
    page = operator.get(address).text
    assert re.search(r"wiersz 4.*?tax_id.*?[Cc]yfra kontrolna", page, re.DOTALL)
    assert re.search(r"wiersz 5.*?stations_buy.*?liczba całkowita", page, re.DOTALL)
    assert "1 zgłoszenie zostanie pominięte" in page
    operator.post(f"{address}/confirmation")
    take_in_one(parts, clock)
    assert "Wprowadzono: 1, zmieniono: 0, pominięto: 1" in operator.get(address).text
    assert count(parts) == before + 1


def test_the_rows_to_mend_come_as_a_file_that_is_taken_in_once_mended(web, parts):
    operator = web("operator")
    address = draft_of(operator, GOOD + BAD)
    sheet = operator.get(f"{address}/bad-rows.xlsx")
    assert sheet.status_code == 200
    rows = read_rows("x.xlsx", io.BytesIO(sheet.data))
    assert [(row["crm_id"], row["point_id"], row["stations_buy"]) for _line, row in rows] == [
        ("702", "7003", "1"),
        ("702", "7004", "x"),
    ]
    assert "tax_id" in str(rows[0][1]["remarks"])
    assert "stations_buy" in str(rows[1][1]["remarks"])
    book = load_workbook(io.BytesIO(sheet.data))
    names = [cell.value for cell in book.worksheets[0][1]]
    for row in (2, 3):
        book.worksheets[0].cell(row, names.index("tax_id") + 1).value = "7251801126"
    book.worksheets[0].cell(3, names.index("stations_buy") + 1).value = 2
    mended = io.BytesIO()
    book.save(mended)
    answer = send(operator, mended.getvalue(), "poprawione.xlsx")
    assert "1 zgłoszenie można wczytać" in operator.get(answer.headers["Location"]).text


def test_a_known_ticket_is_shown_with_what_the_file_changes_of_it(web, parts):
    operator = web("operator")
    company = COMPANIES[SAM]
    with parts.database.reading() as session:
        opened_on = session.scalars(select(Ticket.opened_on).where(Ticket.number == SAM)).one()
    row = f"115;insoft;{opened_on};{company['tax_id']};SAM po zmianie;;;735;;5;0"
    address = draft_of(operator, f"{NAMES}\n{row}\n".replace("postal_code;city", "postal_code;city"))
    page = operator.get(address).text
    assert "Do zmiany" in page
    assert f"<del><bdi>{company['name']}</bdi></del>" in page
    operator.post(f"{address}/confirmation")
    take_in_one(parts, clock)
    assert "SAM po zmianie" in operator.get(f"/tickets/{SAM}").text
    with parts.database.reading() as session:
        assert session.scalars(select(Subticket.stations_buy).join(Ticket).where(Ticket.number == SAM)).one() == 5


def test_a_discarded_file_is_not_taken_in(web, parts):
    before, operator = count(parts), web("operator")
    address = draft_of(operator, GOOD)
    assert operator.post(f"{address}/discarding").status_code == 303
    refused = operator.post(f"{address}/confirmation")
    assert refused.status_code == 409
    assert "O tym pliku już zdecydowano" in refused.text
    assert not take_in_one(parts, clock)
    assert count(parts) == before


def test_a_file_with_nothing_good_in_it_cannot_be_confirmed(web):
    operator = web("operator")
    address = draft_of(operator, f"{NAMES}\n{BAD}")
    assert "/confirmation" not in operator.get(address).text
    refused = operator.post(f"{address}/confirmation")
    assert refused.status_code == 409
    assert "nie ma nic do wczytania" in refused.text


def test_files_are_their_own_persons(web):
    address = draft_of(web("operator"), GOOD)
    for name in ("admin", "master", "alfa", "seller"):
        assert web(name).get(address).status_code == 404
        assert web(name).post(f"{address}/confirmation").status_code == 404
        assert web(name).get(f"{address}/bad-rows.xlsx").status_code == 404


def test_a_large_file_has_pages_and_views(web):
    operator = web("operator")
    lines = [f"{1000 + n};insoft;2026-01-05;5260250995;Łoś {n};26-600;Radom;{9000 + n};P;1;0" for n in range(120)]
    address = draft_of(operator, "\n".join([NAMES, *lines, BAD]))
    first, third = operator.get(address).text, operator.get(f"{address}?page=3").text
    assert (first.count("<tr class="), third.count("<tr class=")) == (50, 21)
    bad = operator.get(f"{address}?show=bad").text
    assert bad.count("<tr class=") == 1
    for odd in ("?page=0", "?page=x", "?page=999999999", "?show=nic"):
        assert operator.get(address + odd).status_code == 200


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
    answer = send(web("operator"), content, name)
    assert answer.status_code == 422
    assert said in answer.text


def test_no_file_chosen_is_said_at_the_field(web):
    answer = web("operator").post("/tickets/import")
    assert answer.status_code == 422
    assert 'id="error-file"' in answer.text


def test_the_template_is_the_one_that_an_import_reads(web):
    template = web("operator").get("/tickets/import/template.xlsx")
    assert template.status_code == 200
    assert len(template.data) == pytest.approx(len(intake_template()), rel=0.05)
    empty = send(web("operator"), template.data, "szablon.xlsx")
    assert empty.status_code == 422
    assert "nie ma wierszy" in empty.text


@pytest.mark.parametrize("name", ["alfa", "seller", "technician"])
def test_only_staff_import(web, name):
    assert send(web(name), GOOD.encode()).status_code == 403
