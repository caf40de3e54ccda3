"""What is filed as a quote is our form of the version that counts; everything else is refused with the reason."""

import io
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal

import docx
import openpyxl
import pytest
from sqlalchemy import select

from mikroserwis.models import File, Quote
from mikroserwis.plaintext import tidy
from tests.support.app import sqlite_only
from tests.support.cast import ARKLITY, POOLED, SAM
from tests.support.way import plain_page


@pytest.fixture
def alfa(web, way):
    way.quoted(SAM)
    return web("alfa")


def paper(who, ending: str, number: int = 1, ticket: int = SAM) -> bytes:
    content: bytes = who.get(f"/tickets/{ticket}/quotes/{number}.{ending}").data
    return content


def send(who, content: bytes, name: str, kind: str = "quote"):
    return who.post(f"/tickets/{SAM}/files", {"kind": kind, "file": (io.BytesIO(content), name)})


def said(answer) -> str:
    return tidy(answer.text)


def new_version(who) -> None:
    line = {"row": "0", "lines.0.item": "PC-POS@1200.00", "lines.0.quantity": "3"}
    assert who.post(f"/tickets/{SAM}/quotes/new", {**line, "based_on": "1"}).status_code == 303


def edited_docx(content: bytes, change: Callable[[str], str]) -> bytes:
    document = docx.Document(io.BytesIO(content))
    for node in document.element.body.iter("{*}t"):
        node.text = change(node.text or "")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def edited_xlsx(content: bytes, old: float, new: float | str) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(content))
    cells = [cell for row in book.worksheets[0].iter_rows() for cell in row if cell.value == old]
    assert cells
    for cell in cells:
        cell.value = new
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["quote", "by_code"])
@pytest.mark.parametrize("ending", ["pdf", "docx", "xlsx"])
@sqlite_only
def test_our_own_form_is_filed_and_the_version_knows_it(alfa, parts, ending, kind):
    answer = send(alfa, paper(alfa, ending), f"wycena.{ending}", kind)
    assert answer.status_code == 303, said(answer)
    with parts.database.reading() as session:
        file = session.scalars(select(File)).one()
        assert (file.kind, session.scalars(select(Quote.file_id)).one()) == ("quote", file.id)


@sqlite_only
def test_a_file_without_our_code_is_no_quote(alfa):
    answer = send(alfa, plain_page(), "moja.pdf")
    assert answer.status_code == 422
    assert "„moja.pdf” to nie jest formularz wyceny z Mikroserwisu" in said(answer)
    book = io.BytesIO()
    made = openpyxl.Workbook()
    made.worksheets[0]["A1"] = "Wycena"
    made.save(book)
    assert "to nie jest formularz wyceny" in said(send(alfa, book.getvalue(), "moja.xlsx"))


@pytest.mark.parametrize("ending", ["pdf", "docx", "xlsx"])
@sqlite_only
def test_another_tickets_quote_is_refused_by_its_number(alfa, way, web, ending):
    way.quoted(POOLED)
    other = paper(web("operator"), ending, ticket=POOLED)
    answer = send(alfa, other, f"cudza.{ending}")
    assert answer.status_code == 422
    assert f"należy do zgłoszenia {POOLED}" in said(answer)


@pytest.mark.parametrize("ending", ["pdf", "docx", "xlsx"])
@sqlite_only
def test_a_superseded_version_is_refused_and_the_current_one_is_named(alfa, ending):
    old = paper(alfa, ending)
    new_version(alfa)
    answer = send(alfa, old, f"stara.{ending}")
    assert answer.status_code == 422
    assert "to wycena W/115/1, która została zastąpiona. Obowiązuje W/115/2" in said(answer)


@sqlite_only
def test_the_number_of_a_quote_that_was_never_issued_is_refused(alfa, parts):
    made = paper(alfa, "docx")
    with parts.database.transaction() as session:
        session.scalars(select(Quote)).one().number = 7
    answer = send(alfa, made, "wycena.docx")
    assert answer.status_code == 422
    assert "ma numer W/115/1, ale w tym zgłoszeniu nie ma takiej wyceny" in said(answer)


@sqlite_only
def test_changed_sums_in_a_docx_are_named_with_ours_and_theirs(alfa, parts):
    forged = edited_docx(paper(alfa, "docx"), lambda text: text.replace("1\u00a0200,00", "1\u00a0000,00"))
    answer = send(alfa, forged, "tania.docx")
    assert answer.status_code == 422
    assert (
        "różni się od wyceny W/115/1 (pozycja 1, cena netto): wystawiono „1 200,00 zł”, w pliku jest „1 000,00 zł”"
        in said(answer)
    )
    with parts.database.reading() as session:
        assert session.scalars(select(File)).all() == []


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (Decimal(450), 400, "(pozycja 2, cena netto): wystawiono „450,00 zł”, w pliku jest „400,00 zł”"),
        (Decimal(450), "=1+1", "w pliku jest „=1+1”"),
    ],
)
@sqlite_only
def test_changed_cells_of_a_sheet_are_named_with_ours_and_theirs(alfa, old, new, words):
    answer = send(alfa, edited_xlsx(paper(alfa, "xlsx"), float(old), new), "tania.xlsx")
    assert answer.status_code == 422
    assert words in said(answer)


@sqlite_only
def test_many_changes_are_not_all_told(alfa):
    forged = edited_docx(paper(alfa, "docx"), lambda text: text.replace("0", "9"))
    answer = send(alfa, forged, "wszystko.docx")
    assert answer.status_code == 422
    assert "Wgraj formularz w takiej postaci, w jakiej go wystawiono." in said(answer)


def test_with_the_contract_on_file_the_quote_is_accepted_by_itself(alfa, way, parts):
    for kind in ("quote", "contract", "power_of_attorney"):
        send(alfa, way.scan(SAM, kind), f"{kind}.pdf", "by_code")
    assert way.state(SAM) == "contract"
    with parts.database.reading() as session:
        quote = session.scalars(select(Quote)).one()
        assert (quote.state, quote.decided_by) == ("accepted", "Łukasz Gąska (Dealer Alfa)")


def test_a_new_version_takes_the_former_ones_file_out_of_what_counts(alfa, way):
    send(alfa, way.scan(SAM, "quote"), "wycena.pdf")
    new_version(alfa)
    for kind in ("contract", "power_of_attorney"):
        send(alfa, way.scan(SAM, kind), f"{kind}.pdf", "by_code")
    assert way.state(SAM) == "taken"
    send(alfa, way.scan(SAM, "quote"), "nowa.pdf")
    assert way.state(SAM) == "contract"


@sqlite_only
def test_a_quote_of_before_quotes_were_made_here_stays_valid(way, parts, web):
    way.confirmed(SAM)
    with parts.database.transaction() as session:
        dealer_id = way.actor("Dealer Alfa").dealer_id
        now = datetime.now(UTC)
        file = {"name": "dawna.pdf", "sha256": "a" * 64, "size": 9, "content_type": "application/pdf"}
        ticket_id = session.scalars(select(Quote.ticket_id)).first() or 1
        session.add(
            File(ticket_id=ticket_id, dealer_id=dealer_id, kind="quote", **file, uploaded_at=now, uploaded_by="Alfa")
        )
    for kind in ("contract", "power_of_attorney"):
        send(web("alfa"), way.scan(SAM, kind), f"{kind}.pdf", "by_code")
    assert way.state(SAM) == "contract"


@sqlite_only
def test_the_papers_zip_brings_the_quote_that_counts(alfa):
    listed = alfa.get(f"/tickets/{SAM}/documents/papers.zip").data
    assert b"115-wycena-1.pdf" in listed
    assert b"115-wycena-1.docx" in listed


@sqlite_only
def test_a_ticket_without_a_quote_takes_no_file_as_one(way, web):
    way.confirmed(ARKLITY)
    answer = web("beta").post(
        f"/tickets/{ARKLITY}/files", {"kind": "quote", "file": (io.BytesIO(plain_page()), "w.pdf")}
    )
    assert answer.status_code == 422
    assert "to nie jest formularz wyceny" in said(answer)
