"""The quote's page: rows added, moved, dropped without scripts, sums by the server, nothing typed is lost."""

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from html import unescape

import pytest
from sqlalchemy import select, update

from mikroserwis.models import PriceItem, Quote, SpecialOffer
from mikroserwis.rulebook import RULES
from tests.support.app import sqlite_only
from tests.support.cast import ARKLITY, EXCHANGE, LICENCE, SAM, TRAINING

NEW = f"/tickets/{SAM}/quotes/new"
LABOUR = {"name": "Montaż wagi", "unit": "godz.", "quantity": "1,5", "net": "133,33", "vat_rate": "8"}


def today() -> date:
    return datetime.now(UTC).astimezone(RULES.tz).date()


def form(*rows: dict[str, str], **more: object) -> dict[str, object]:
    typed = {f"lines.{row}.{name}": value for row, fields in enumerate(rows) for name, value in fields.items()}
    return {
        "row": [str(row) for row in range(len(rows))],
        "valid_until": (today() + timedelta(days=14)).isoformat(),
        "based_on": "0",
        **typed,
        **more,
    }


def item(code: str, price: str, quantity: str = "1") -> dict[str, str]:
    return {"item": f"{code}@{price}", "quantity": quantity}


TWO = (item(LICENCE, "1200.00"), LABOUR)


def text(page: str) -> str:
    """What stands on the page, tags taken out."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def rows(page: str) -> list[str]:
    return re.findall(r'name="row" value="(\d+)"', page)


def quotes(parts) -> list[Quote]:
    with parts.database.reading() as session:
        return list(session.scalars(select(Quote).order_by(Quote.number)))


@sqlite_only
def test_the_missing_quote_leads_to_where_it_is_made_and_once_issued_to_where_it_is_filed(web, way):
    way.confirmed(SAM)
    quote = f'href="/tickets/{SAM}#%s">Wycena na formalnym wzorze'
    assert quote % "quotes" in web("alfa").get(f"/tickets/{SAM}").text
    web("alfa").post(NEW, form(item(LICENCE, "1200.00")))
    assert quote % "files" in web("alfa").get(f"/tickets/{SAM}").text


def test_a_quote_begins_at_the_stations_with_special_offers_shown_beside_the_list_price(web, way):
    way.confirmed(SAM)
    page = web("alfa").get(NEW).text
    assert rows(page) == ["0", "1"]
    assert f'value="{LICENCE}@1200.00" selected' in page
    assert f'value="{EXCHANGE}@450.00" selected' in page
    shown = text(page)
    assert "zamiast 900,00 450,00 Oferta specjalna Insoft" in shown
    assert "Do zapłaty brutto 2 029,50 zł" in shown
    assert f'value="{(today() + timedelta(days=30)).isoformat()}"' in page


def test_an_issued_quote_stands_on_the_ticket_with_its_papers(web, way):
    way.confirmed(SAM)
    alfa = web("alfa")
    answer = alfa.post(NEW, form(*TWO, remark="Bez dojazdu"))
    assert (answer.status_code, answer.location) == (303, f"/tickets/{SAM}#quotes")
    shown = text(alfa.get(f"/tickets/{SAM}").text)
    assert "W/115/1 Wystawiona" in shown
    assert "1 692,00 zł" in shown
    for ending, start in (("pdf", b"%PDF"), ("docx", b"PK"), ("xlsx", b"PK")):
        paper = alfa.get(f"/tickets/{SAM}/quotes/1.{ending}")
        assert paper.data.startswith(start)
        assert f"115-wycena-1.{ending}" in paper.headers["Content-Disposition"]
    assert alfa.get(f"/tickets/{SAM}/quotes/1.odt").status_code == 404


@sqlite_only
def test_rows_are_added_moved_and_dropped_without_losing_what_was_typed(web, way):
    way.confirmed(SAM)
    alfa, half = web("alfa"), (item(LICENCE, "1200.00", "2,5"), {**LABOUR, "net": "ile?"})
    added = alfa.post(NEW, form(*half, add="labour", remark="Uwaga")).text
    assert rows(added) == ["0", "1", "2"]
    for kept in ('value="2,5"', 'value="ile?"', 'value="Montaż wagi"', ">\nUwaga</textarea>"):
        assert kept in added
    assert 'id="lines.2.name" name="lines.2.name" value=""' in added
    after = alfa.post(NEW, form(*half, add="item.0")).text
    assert rows(after) == ["0", "2", "1"]
    assert rows(alfa.post(NEW, form(*half, down="0")).text) == ["1", "0"]
    assert rows(alfa.post(NEW, form(*half, up="0")).text) == ["0", "1"]
    assert rows(alfa.post(NEW, form(*half, drop="0")).text) == ["1"]
    emptied = alfa.post(NEW, form(TWO[0], drop="0")).text
    assert (rows(emptied), "Nie ma jeszcze żadnej pozycji." in emptied) == ([], True)


@sqlite_only
def test_sums_are_reckoned_of_what_is_right_so_far(web, way, parts):
    way.confirmed(SAM)
    page = text(web("alfa").post(NEW, form(*TWO, {**LABOUR, "net": ""}, reckon="1")).text)
    assert "Do zapłaty brutto 1 692,00 zł" in page
    assert "8% 200,00 16,00" in page
    assert "1 pozycja nie jest jeszcze policzona." in page
    assert quotes(parts) == []


@sqlite_only
def test_what_is_wrong_stands_at_its_row_and_the_rest_is_kept(web, way, parts):
    way.confirmed(SAM)
    wrong = {**LABOUR, "quantity": "-3", "name": "<script>alert(1)</script>"}
    answer = web("alfa").post(NEW, form(item(LICENCE, "1200.00", "0"), wrong, row=["1", "0"]))
    assert answer.status_code == 422
    assert 'id="error-lines.0.quantity"' in answer.text
    assert 'id="error-lines.1.quantity"' in answer.text
    assert "Pozycja 2, ilość" in text(answer.text)
    assert 'value="-3"' in answer.text
    assert "<script>alert" not in answer.text
    assert quotes(parts) == []


def test_a_price_that_changed_under_the_page_is_told_and_asked_again(web, way, parts):
    way.confirmed(SAM)
    alfa = web("alfa")
    with parts.database.transaction() as session:
        session.execute(update(PriceItem).where(PriceItem.code == LICENCE).values(net=Decimal("1350.00")))
        session.execute(update(SpecialOffer).values(withdrawn_at=datetime.now(UTC)))
    stale = form(item(LICENCE, "1200.00"), item(EXCHANGE, "450.00", "3"), remark="Zostaje")
    told = alfa.post(NEW, {**stale, "reckon": "1"})
    assert told.status_code == 200
    answer = alfa.post(NEW, stale)
    assert answer.status_code == 422
    for page in (text(told.text), text(answer.text)):
        assert "było 1 200,00 zł, teraz jest 1 350,00 zł" in page
        assert "było 450,00 zł, teraz jest 900,00 zł" in page
        assert "4 981,50 zł" in page
    assert ">\nZostaje</textarea>" in answer.text
    assert quotes(parts) == []
    again = form(item(LICENCE, "1350.00"), item(EXCHANGE, "900.00", "3"))
    assert alfa.post(NEW, again).status_code == 303
    assert [one.gross for one in quotes(parts)] == [Decimal("4981.50")]


@sqlite_only
def test_the_lists_price_holds_whatever_the_form_says(web, way, parts):
    way.confirmed(SAM)
    cheap = {**item(LICENCE, ""), "unit": "szt.", "net": "0,01", "vat_rate": "0"}
    assert web("alfa").post(NEW, form(cheap)).status_code == 303
    assert [(one.net, one.vat) for one in quotes(parts)] == [(Decimal("1200.00"), Decimal("276.00"))]


def test_the_same_form_sent_twice_issues_one_quote(web, way, parts):
    way.confirmed(SAM)
    alfa, sent = web("alfa"), form(*TWO, once="abc")
    assert [alfa.post(NEW, sent).status_code for _ in range(2)] == [303, 303]
    assert [one.number for one in quotes(parts)] == [1]


def test_a_form_that_was_overtaken_is_told_so_and_may_be_sent_again(web, way, parts):
    way.confirmed(SAM)
    web("operator").post(NEW, form(TWO[0]))
    answer = web("alfa").post(NEW, form(*TWO, remark="Moja"))
    assert answer.status_code == 409
    assert "Ktoś w międzyczasie wystawił wycenę" in answer.text
    assert ">\nMoja</textarea>" in answer.text
    assert 'name="based_on" value="1"' in answer.text
    assert web("alfa").post(NEW, form(*TWO, based_on="1")).status_code == 303
    assert [one.state for one in quotes(parts)] == ["superseded", "issued"]


@sqlite_only
def test_a_new_version_begins_at_the_former_one_or_anew_at_the_stations(web, way):
    way.confirmed(SAM)
    alfa = web("alfa")
    alfa.post(NEW, form(item(TRAINING, "149.99", "2,25"), LABOUR, remark="Dwa dni"))
    page = alfa.get(NEW).text
    for kept in (f'value="{TRAINING}@149.99" selected', 'value="2,25"', 'value="133,33"', ">\nDwa dni</textarea>"):
        assert kept in page
    assert "W/115/2" in page
    anew = alfa.get(f"{NEW}?start=stations").text
    assert f'value="{LICENCE}@1200.00" selected' in anew
    assert "Dwa dni" not in anew


@sqlite_only
def test_an_item_that_left_the_list_is_shown_by_its_name_and_refused(web, way, parts):
    way.confirmed(SAM)
    alfa = web("alfa")
    alfa.post(NEW, form(item(TRAINING, "149.99"), LABOUR))
    with parts.database.transaction() as session:
        session.execute(update(PriceItem).where(PriceItem.code == TRAINING).values(active=False))
    page = alfa.get(NEW).text
    assert f'<option value="{TRAINING}@" selected>Szkolenie obsługi</option>' in page
    assert "nie ma już w cenniku" in page
    answer = alfa.post(NEW, form(item(TRAINING, ""), LABOUR, based_on="1"))
    assert (answer.status_code, 'id="error-lines.0.item"' in answer.text) == (422, True)


@sqlite_only
def test_more_lines_than_a_quote_bears_are_refused(web, way, parts):
    way.confirmed(SAM)
    alfa = web("alfa")

    def post(typed):
        """As a browser sends a form without files."""
        body = {**typed, "csrf_token": alfa.csrf_token}
        return alfa.client.post(NEW, data=body, buffered=True)

    many = [{"name": "x", "unit": "x", "quantity": "1", "net": "1", "vat_rate": "23"}] * 101
    full = post(form(*many[:100], add="item"))
    assert len(rows(full.text)) == 100
    assert "Więcej pozycji nie zmieści się na wycenie." in full.text
    refused = post(form(*many))
    assert (refused.status_code, "Za dużo pozycji (101)" in refused.text) == (422, True)
    assert alfa.post(NEW, form(TWO[0], row=["x", "-1", "99999999", "²"])).status_code == 422
    assert quotes(parts) == []


@pytest.mark.parametrize("state", ["taken", "new"])
@sqlite_only
def test_before_its_time_the_page_says_what_has_to_be_done_first(web, way, state):
    if state == "taken":
        way.taken(SAM)
    page = web("alfa").get(NEW)
    assert page.status_code == 200
    assert ("nie zostały jeszcze potwierdzone" in page.text, "Najpierw trzeba podjąć zgłoszenie." in page.text) == (
        state == "taken",
        state == "new",
    )
    assert web("alfa").post(NEW, form(*TWO)).status_code == 409


@sqlite_only
def test_another_dealers_quotes_do_not_exist(web, way):
    way.quoted(SAM)
    for path in ("1.pdf", "1/acceptance", "new"):
        assert web("beta").get(f"/tickets/{SAM}/quotes/{path}").status_code == 404
    assert web("beta").get(f"/tickets/{SAM}/quotes/999999999999999999999.pdf").status_code == 404


@sqlite_only
def test_a_type_without_a_quote_shows_none(web, way):
    way.confirmed(ARKLITY)
    page = web("beta").get(f"/tickets/{ARKLITY}").text
    assert 'id="quotes"' not in page
    assert "Zgłoszenia tego typu nie mają wyceny." in web("beta").get(f"/tickets/{ARKLITY}/quotes/new").text


@sqlite_only
def test_the_seller_sees_the_quotes_and_makes_none(web, way):
    way.quoted(SAM)
    page = web("seller").get(f"/tickets/{SAM}").text
    assert "W/115/1" in page
    assert NEW not in page
    assert web("seller").get(f"/tickets/{SAM}/quotes/1.pdf").status_code == 200
    assert web("seller").get(NEW).status_code == 403
