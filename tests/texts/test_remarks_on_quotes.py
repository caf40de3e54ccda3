"""The office's remark on quotes: a new quote begins with it, an issued one keeps what it was printed with."""

from typing import Any

import pypdfium2

from tests.support.app import sqlite_only
from tests.support.cast import LICENCE, SAM
from tests.support.way import Way
from tests.texts.conftest import Pen

REMARK = ("quote_remark", "pdf", "pl")
TEXT = "Dziękujemy, {{ company }}. Pytania do {{ dealer }}: {{ hotline }}."
SAID = "Dziękujemy, PPHU SAM Bożena Ślązak. Pytania do Dealer Alfa: 22 123 84 09."
LINES = [{"item": LICENCE, "quantity": "1"}]


def printed(alfa: Any, version: int) -> str:
    paper = alfa.get(f"/tickets/{SAM}/quotes/{version}.pdf")
    assert paper.status_code == 200
    with pypdfium2.PdfDocument(paper.data) as document:
        return " ".join(" ".join(page.get_textpage().get_text_range() for page in document).split())


@sqlite_only
def test_a_new_quote_begins_with_the_offices_remark_and_an_issued_one_keeps_it(api: Any, web: Any, way: Way, pen: Pen):
    way.confirmed(SAM)
    quotes, alfa = f"/tickets/{SAM}/quotes", api("alfa")
    assert alfa.post(quotes, {"lines": LINES}).get_json()["remark"] == "", "as shipped there is none"
    pen.save(REMARK, body=TEXT)
    assert alfa.post(quotes, {"lines": LINES}).get_json()["remark"] == SAID
    assert alfa.post(quotes, {"lines": LINES, "remark": "Własna."}).get_json()["remark"] == "Własna."
    pen.save(REMARK, body="Inna treść.")
    assert SAID in printed(alfa, 2)
    assert "Inna treść" not in printed(alfa, 2)
    assert "Uwagi" not in printed(alfa, 1)


@sqlite_only
def test_the_form_of_a_first_quote_holds_the_remark_so_that_it_can_be_changed(web: Any, way: Way, pen: Pen):
    pen.save(REMARK, body=TEXT)
    way.confirmed(SAM)
    assert SAID in web("alfa").get(f"/tickets/{SAM}/quotes/new").text


@sqlite_only
def test_a_remark_is_cut_to_what_a_quote_takes(api: Any, way: Way, pen: Pen):
    pen.save(REMARK, body="{{ company }} " * 100)
    way.confirmed(SAM)
    remark = api("alfa").post(f"/tickets/{SAM}/quotes", {"lines": LINES}).get_json()["remark"]
    assert len(remark) == 2000
