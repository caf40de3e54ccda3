"""Who sees which page: every address is asked for by every role, and answers as the table of permissions says."""

import pytest

from tests.support.app import sqlite_only
from tests.support.cast import ARKLITY, PEOPLE, POINT, POOLED, SAM

pytestmark = sqlite_only

STAFF = {"operator", "admin", "master"}
SEES_TICKETS = {"alfa", "beta", "seller", "rival", *STAFF}
# Address → who gets the page; everybody else is told 403 or 404, as the second value says.
PAGES = {
    "/tickets": (SEES_TICKETS, 403),
    f"/tickets/{SAM}": ({"alfa", "seller", *STAFF}, 404),
    f"/tickets/{POOLED}": ({"alfa", "beta", *STAFF}, 404),
    f"/tickets/{ARKLITY}": ({"beta", *STAFF}, 404),
    f"/tickets/{SAM}/company": ({"alfa", "seller", *STAFF}, 404),
    f"/tickets/{POOLED}/company": (STAFF, None),
    "/tickets/new": ({"alfa", "beta", *STAFF}, 403),
    "/tickets/import": (STAFF, 403),
    "/tickets/import/template.xlsx": (STAFF, 403),
    f"/tickets/{SAM}/reassignment": (STAFF, None),
    f"/tickets/{SAM}/cancellation": (STAFF, None),
    f"/tickets/{SAM}/resignation": ({"alfa"}, None),
    f"/points/{POINT}": ({"alfa", "seller", *STAFF}, 404),
}


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("name", PEOPLE)
def test_each_page_opens_for_whoever_may_see_it_and_for_nobody_else(web, name, address):
    allowed, otherwise = PAGES[address]
    answer = web(name).get(address)
    if name in allowed:
        assert answer.status_code == 200, answer.text[:500]
    else:
        assert answer.status_code in ({otherwise} if otherwise else {403, 404})


@pytest.mark.parametrize("language", ["pl", "en"])
@pytest.mark.parametrize("name", PEOPLE)
def test_everybody_lands_on_a_page_in_their_language(web, name, language):
    person = web(name)
    person.post("/language", {"language": language, "next": "/"})
    page = person.get("/", follow_redirects=True)
    assert page.status_code == 200
    assert f'<html lang="{language}"' in page.text
    words = ("Zgłoszenia", "Witaj") if language == "pl" else ("Tickets", "Good to see you")
    assert any(word in page.text for word in words)


def test_a_technician_reads_a_friendly_word_and_no_search(web):
    page = web("technician").get("/").text
    assert "Witaj, Tomasz Techniczny" in page
    assert 'role="search"' not in page


def test_whoever_is_not_signed_in_comes_back_to_the_page_after_signing_in(client):
    answer = client.get(f"/tickets/{SAM}?x=1")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/sign-in?next=/tickets/{SAM}?x%3D1")


def test_a_seller_reads_a_ticket_and_is_offered_nothing_to_do(web):
    page = web("seller").get(f"/tickets/{SAM}").text
    assert "PPHU SAM" in page
    assert 'action="/tickets/' not in page
    assert 'id="history"' not in page


def test_a_dealer_looking_at_a_pooled_ticket_sees_neither_files_nor_the_company_form(web):
    page = web("beta").get(f"/tickets/{POOLED}").text
    assert "Podejmij zgłoszenie" in page
    for part in ("files", "company", "history", "export", "notes"):
        assert f'id="{part}"' not in page


@pytest.mark.parametrize("number", [SAM, 999_999])
def test_a_foreign_ticket_and_one_that_does_not_exist_answer_alike(web, number):
    answers = [web("beta").get(f"/tickets/{number}{part}") for part in ("", "/company", "/suspension")]
    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert all("Nie znaleziono" in answer.text for answer in answers)
