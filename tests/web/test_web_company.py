"""The forms of company and point: what is wrong stands at its field, nothing typed is lost, a stale form shows both."""

import re

import pytest
from sqlalchemy import select

from mikroserwis.models import Customer, Ticket
from tests.exports.paper_cast import docx_text
from tests.support.cast import POINT, SAM


def form_of(page: str) -> dict[str, str]:
    fields = dict(re.findall(r'<input class="input" id="([\w.]+)"[^>]*? value="([^"]*)"', page))
    version = re.search(r'name="version" value="(\d*)"', page)
    assert version is not None
    return {**fields, "version": version[1]}


def filled(person, address: str, **changed: str) -> dict[str, str]:
    return {**form_of(person.get(address).text), **changed}


@pytest.fixture
def alfa(web, way):
    way.taken(SAM)
    return web("alfa")


COMPANY = f"/tickets/{SAM}/company"


def test_saving_keeps_old_and_new_in_the_history(alfa):
    answer = alfa.post(COMPANY, filled(alfa, COMPANY, city="Garbatka", then="save"))
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/tickets/{SAM}#company")
    history = alfa.get(f"/tickets/{SAM}").text
    assert "<del><bdi>Sieciechów</bdi></del>" in history
    assert "<ins><bdi>Garbatka</bdi></ins>" in history


def test_saving_and_confirming_opens_the_papers(alfa):
    assert alfa.get(f"/tickets/{SAM}/documents/contract.docx").status_code == 409
    answer = alfa.post(COMPANY, filled(alfa, COMPANY, then="confirm"))
    assert answer.headers["Location"] == f"/tickets/{SAM}#documents"
    for name in ("contract.docx", "contract.pdf", "power-of-attorney.docx", "power-of-attorney.pdf", "papers.zip"):
        paper = alfa.get(f"/tickets/{SAM}/documents/{name}")
        assert paper.status_code == 200
        assert "attachment" in paper.headers["Content-Disposition"]


def test_papers_before_the_confirmation_say_what_is_missing_and_where(alfa):
    answer = alfa.get(f"/tickets/{SAM}/documents/contract.docx")
    assert answer.status_code == 409
    assert f'href="{COMPANY}"' in answer.text


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("tax_id", "7974569438", "Cyfra kontrolna tego NIP się nie zgadza"),
        ("tax_id", "123", "NIP ma 10 cyfr, a tu są 3."),
        ("tax_id", "8213457130", "Ten NIP ma już inna firma."),
        ("regon", "140517017", "Cyfra kontrolna tego REGON się nie zgadza"),
        ("postal_code", "26922x", "Wpisz kod pocztowy w postaci 26-922."),
        ("phone", "abc", "To nie jest numer telefonu."),
        ("email", "jan@", "To nie jest adres e-mail."),
        ("iban", "PL00", "rachun"),
        ("name", "", "Wypełnij to pole."),
        ("name", "x" * 300, "Za długie"),
    ],
)
def test_a_wrong_value_is_named_at_its_field_and_stays(alfa, field, value, said):
    answer = alfa.post(COMPANY, filled(alfa, COMPANY, **{field: value, "street": "ul. Zmieniona 1"}))
    assert answer.status_code == 422
    assert said in answer.text
    assert f'id="error-{field}"' in answer.text
    assert f'value="{value}"' in answer.text
    assert "ul. Zmieniona 1" in answer.text
    assert "ul. Zmieniona 1" not in alfa.get(COMPANY).text


def test_confirming_with_a_gap_marks_the_gap_and_saves_nothing(alfa):
    answer = alfa.post(COMPANY, filled(alfa, COMPANY, representative="", city="Garbatka", then="confirm"))
    assert answer.status_code == 409
    assert 'id="error-representative"' in answer.text
    assert 'value="Garbatka"' in answer.text
    assert form_of(alfa.get(COMPANY).text)["city"] == "Sieciechów"


def test_a_stale_form_shows_theirs_beside_yours_and_can_be_sent_again(alfa, web):
    mine = filled(alfa, COMPANY, phone="48 621 00 00")
    operator = web("operator")
    operator.post(COMPANY, filled(operator, COMPANY, phone="22 123 84 09"))
    answer = alfa.post(COMPANY, mine)
    assert answer.status_code == 409
    assert "Olga Operatorska" in answer.text
    assert "+48 22 123 84 09" in answer.text
    assert 'value="48 621 00 00"' in answer.text
    again = {**mine, "version": form_of(answer.text)["version"]}
    assert alfa.post(COMPANY, again).status_code == 303
    assert "+48 48 621 00 00" in alfa.get(COMPANY).text


def test_a_form_without_a_version_counts_as_stale(alfa):
    sent = filled(alfa, COMPANY, city="Garbatka")
    del sent["version"]
    assert alfa.post(COMPANY, sent).status_code == 409


def test_a_closed_ticket_shows_its_company_and_lets_nobody_edit_it(way, web):
    way.closed(SAM)
    page = web("alfa").get(COMPANY).text
    assert 'name="then"' not in page
    assert web("alfa").post(COMPANY, {"city": "Nigdzie", "version": "1"}).status_code == 409


ADDRESS = f"/points/{POINT}"


def test_a_point_is_saved_once_its_sub_ticket_is_taken(web, way):
    alfa = web("alfa")
    assert "disabled" in alfa.get(ADDRESS).text
    assert alfa.post(ADDRESS, filled(alfa, ADDRESS)).status_code == 409
    way.subtickets_taken(SAM)
    page = alfa.get(ADDRESS).text
    assert "Zapisz choć raz" in page
    answer = alfa.post(ADDRESS, filled(alfa, ADDRESS, contact="pani Bożena"))
    assert answer.headers["Location"].startswith(f"/tickets/{SAM}#sub-")
    assert "Zapisz choć raz" not in alfa.get(ADDRESS).text


def test_a_wrong_point_keeps_what_was_typed(web, way):
    way.subtickets_taken(SAM)
    alfa = web("alfa")
    answer = alfa.post(ADDRESS, filled(alfa, ADDRESS, name="", email="x@", opening_hours="8–16"))
    assert answer.status_code == 422
    assert 'id="error-name"' in answer.text
    assert 'id="error-email"' in answer.text
    assert 'value="8–16"' in answer.text


def test_a_stale_point_shows_theirs_beside_yours(web, way):
    way.subtickets_taken(SAM)
    alfa, operator = web("alfa"), web("operator")
    mine = filled(alfa, ADDRESS, contact="moje")
    operator.post(ADDRESS, filled(operator, ADDRESS, contact="ich"))
    answer = alfa.post(ADDRESS, mine)
    assert answer.status_code == 409
    assert "Przyjmij zapisane" in answer.text
    assert 'data-value="ich"' in answer.text


def test_a_foreign_point_is_not_found(web):
    assert web("beta").get(ADDRESS).status_code == 404
    assert web("beta").post(ADDRESS, {"name": "x"}).status_code == 404


def test_the_company_of_another_country_is_named_by_its_own_number(alfa, web, parts):
    with parts.database.transaction() as session:
        sam = session.scalars(select(Customer).join(Ticket).where(Ticket.number == SAM)).one()
        sam.country, sam.tax_id, sam.regon = "RO", "RO18547290", ""
    for page in (f"/tickets/{SAM}", COMPANY):
        assert ("CUI" in alfa.get(page).text, ">NIP<" in alfa.get(page).text) == (True, False)
    assert alfa.post(COMPANY, filled(alfa, COMPANY, then="confirm")).status_code == 303
    paper = alfa.get(f"/tickets/{SAM}/documents/contract.docx")
    assert "RO18547290" in docx_text(paper.data)


def test_staff_come_from_the_ticket_to_its_customer_and_dealers_do_not(alfa, web):
    link = re.compile(r'href="(/customers/\d+)"')
    for name in ("operator", "seller"):
        [there] = set(link.findall(web(name).get(f"/tickets/{SAM}").text))
        assert web(name).get(there).status_code == 200
    assert not link.search(alfa.get(f"/tickets/{SAM}").text)
