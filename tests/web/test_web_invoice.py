"""The final invoice on screen: the way to it, what is wrong with it, and the ticket that closes."""

import io
import re
from collections.abc import Callable
from typing import Any

from mikroserwis.edge import Parts
from mikroserwis.pricing import today
from mikroserwis.tickets.settlement import settlement
from tests.support.app import sqlite_only
from tests.support.cast import ARKLITY, SAM
from tests.support.people import Web
from tests.support.way import Way, plain_page

People = Callable[[str], Web]
PATH = f"/tickets/{SAM}/final-invoice"


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def gross(way: Way) -> str:
    with way._ticket(SAM) as (session, ticket):
        accepted = settlement(session, ticket).accepted
        assert accepted is not None
        return str(accepted.gross).replace(".", ",")


def form(way: Way, **changed: Any) -> dict[str, Any]:
    day = today(way.clock()).isoformat()
    usual = {"number": "FV/7/2026", "issued_on": day, "gross": gross(way)}
    return {**usual, "file": (io.BytesIO(plain_page()), "faktura ąę.pdf"), **changed}


def test_the_page_says_what_is_missing_and_the_invoice_closes_the_ticket(web: People, way: Way):
    way.shops_closed(SAM)
    alfa = web("alfa")
    page = alfa.get(f"/tickets/{SAM}")
    assert "Dodaj fakturę końcową" in page.text
    assert "Musi opiewać na" in words(page.text)
    assert "W/115/1" in page.text
    assert f'href="{PATH}"' in page.text
    assert alfa.get(PATH).status_code == 200
    answer = alfa.post(PATH, form(way))
    assert (answer.status_code, answer.location) == (303, f"/tickets/{SAM}#invoice")
    closed = alfa.get(f"/tickets/{SAM}")
    assert "Faktura jest zgodna z wyceną: zgłoszenie zostało zamknięte." in closed.text
    assert "FV/7/2026" in closed.text
    assert way.state(SAM) == "closed"


def test_a_wrong_sum_is_told_with_both_sums_and_nothing_typed_is_lost(web: People, way: Way):
    way.contract(SAM)
    answer = web("alfa").post(PATH, form(way, gross="1 000,00", number="FV/Żółw/7"))
    assert answer.status_code == 422
    said = words(answer.text)
    assert "Faktura opiewa na 1000,00 zł" in said.replace("\u00a0", " ").replace("1 000,00", "1000,00")
    assert gross(way) in said.replace("\u00a0", "").replace(" ", "")
    assert "Wystaw korektę faktury albo przygotuj nową wersję wyceny i uzyskaj jej akceptację." in said
    assert 'value="FV/Żółw/7"' in answer.text
    assert 'value="1 000,00"' in answer.text


@sqlite_only
def test_what_is_no_pdf_or_bears_our_code_is_refused(web: People, way: Way):
    way.contract(SAM)
    alfa = web("alfa")
    picture = bytes.fromhex("89504e470d0a1a0a") + b"\0" * 100
    for content, name in ((b"GIF89a", "f.pdf"), (picture, "faktura.png"), (b"", "f.pdf"), (b"<html>", "f.html")):
        assert alfa.post(PATH, form(way, file=(io.BytesIO(content), name))).status_code == 422
    ours = alfa.post(PATH, form(way, file=(io.BytesIO(way.scan(SAM, "contract")), "umowa.pdf")))
    assert "ma nasz kod" in ours.text
    without = form(way)
    del without["file"]
    assert alfa.post(PATH, without).status_code == 422
    assert "FV/7/2026" not in alfa.get(f"/tickets/{SAM}").text


@sqlite_only
def test_the_form_sent_twice_gives_one_invoice(web: People, way: Way):
    way.contract(SAM)
    alfa = web("alfa")
    for _ in range(2):
        assert alfa.post(PATH, form(way, once="b" * 32)).status_code == 303
    assert "starsza faktura" not in alfa.get(f"/tickets/{SAM}").text


@sqlite_only
def test_a_newer_invoice_shows_the_former_under_it(web: People, way: Way):
    way.contract(SAM)
    alfa = web("alfa")
    alfa.post(PATH, form(way))
    alfa.post(PATH, form(way, number="FV/7/2026/K"))
    page = words(alfa.get(f"/tickets/{SAM}").text)
    assert "1 starsza faktura" in page
    assert page.index("FV/7/2026/K") < page.index("1 starsza faktura")


@sqlite_only
def test_before_the_contract_and_for_a_type_without_a_quote_the_page_says_why_not(web: People, way: Way):
    way.confirmed(SAM)
    assert "Umowa" in words(web("alfa").get(PATH).text)
    assert 'id="invoice"' not in web("alfa").get(f"/tickets/{SAM}").text
    way.contract(ARKLITY)
    assert "nie wymagają faktury końcowej" in web("beta").get(f"/tickets/{ARKLITY}/final-invoice").text
    refused = web("beta").post(f"/tickets/{ARKLITY}/final-invoice", {"number": "x"})
    assert refused.status_code == 409


@sqlite_only
def test_another_dealer_finds_neither_the_form_nor_the_file(web: People, way: Way, parts: Parts):
    way.contract(SAM)
    web("alfa").post(PATH, form(way))
    [file] = set(
        re.findall(
            r"/files/(\d+)\?download=1\" class=\"btn quiet small square\" aria-label=\"Pobierz faktura",
            web("alfa").get(f"/tickets/{SAM}").text,
        )
    )
    for path in (PATH, f"/files/{file}", f"/files/{file}/pages/1"):
        assert web("beta").get(path).status_code == 404
        assert web("alfa").get(path).status_code == 200
    assert web("beta").post(PATH, form(way)).status_code == 404
    assert web("seller").post(PATH, form(way)).status_code == 403
