"""The list: the manual's columns, filters, search and sort, the whole view in the address."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from mikroserwis.access import SYSTEM
from mikroserwis.models import Ticket
from mikroserwis.pricing import today
from mikroserwis.tickets import intake_form
from mikroserwis.tickets.operations.intake import create
from tests.support.app import sqlite_only
from tests.support.cast import ARKLITY, POOLED, SAM, intake

HEADS = [
    "Typ zgłoszenia",
    "ID CRM firmy",
    "NIP firmy",
    "Nazwa firmy",
    "Miasto z adresu firmy",
    "Zgłoszenie pozyskane przez Dealera",
    "Status zgłoszenia",
    "Opiekun zgłoszenia",
    "Data zgłoszenia",
    "Data zamknięcia zgłoszenia",
    "Dni od daty zgłoszenia",
]


def numbers(page: str) -> list[int]:
    return [int(number) for number in re.findall(r'<th scope="row"><a href="/tickets/(\d+)">', page)]


@pytest.fixture
def many(parts):
    """Sixty more tickets of Alfa's, a day older each."""
    now = datetime.now(UTC)
    with parts.database.transaction() as session:
        for index in range(60):
            opened = (today(now) - timedelta(days=index)).isoformat()
            incoming = intake_form.read(intake(1000 + index, opened_on=opened), today(now))
            create(session, incoming, source="api", actor=SYSTEM, now=now)


def test_the_columns_are_the_manuals_in_its_order(web):
    page = web("alfa").get("/tickets").text
    heads = re.findall(r'<th scope="col" class="c-[^>]*>(?:<a [^>]*>)?([^<]*)', page)
    assert heads == HEADS


def test_a_dealer_sees_its_own_tickets_and_the_pools_but_nobody_elses(web):
    assert sorted(numbers(web("alfa").get("/tickets").text)) == [SAM, POOLED]
    assert sorted(numbers(web("beta").get("/tickets").text)) == [ARKLITY, POOLED]
    assert sorted(numbers(web("operator").get("/tickets").text)) == [ARKLITY, SAM, POOLED]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=sieciechow", [SAM]),
        ("q=797-456-94-39", [SAM]),
        ("q=115", [SAM]),
        ("type=fiscal", [ARKLITY]),
        ("company=cma", [POOLED]),
        ("city=arkl", [ARKLITY]),
        ("caretaker=none", [POOLED]),
        ("view=pool", [POOLED]),
        ("state=closed", []),
        ("q=%25&company=_", []),
        ("days_min=1", []),
        ("opened_from=2999-01-01", []),
    ],
)
def test_filters_and_search_find_what_they_say(web, query, found):
    page = web("operator").get(f"/tickets?{query}").text
    assert numbers(page) == found
    assert ("Brak wyników" in page or "Brak zgłoszeń" in page) == (not found)


def test_an_address_that_makes_no_sense_shows_the_plain_list(web):
    page = web("operator").get("/tickets?sort=evil&size=7&page=x&opened_from=yesterday&state=%00")
    assert page.status_code == 200


@sqlite_only
def test_a_view_survives_in_the_address_of_each_of_its_pages(web, many):
    page = web("alfa").get("/tickets?q=sam&size=10&sort=number").text
    assert len(numbers(page)) == 10
    assert "1–10 z 61" in page
    following = re.search(r'<a href="([^"]*)" rel="next">', page)
    assert following is not None
    address = following[1].replace("&amp;", "&")
    assert {"q=sam", "size=10", "sort=number", "page=2"} == set(address.partition("?")[2].split("&"))
    second = numbers(web("alfa").get(address).text)
    assert second == sorted(second) != numbers(page)


@sqlite_only
def test_the_last_page_is_reached_from_the_end(web, many):
    everything = numbers(web("alfa").get("/tickets?size=50&sort=number").text)
    last = numbers(web("alfa").get("/tickets?size=50&sort=number&page=-1").text)
    assert len(everything) == 50
    assert len(last) == 12
    assert not set(last) & set(everything)


def test_the_days_column_says_what_the_deadline_leaves(web, parts):
    assert "podjęcie za 3 dni" in web("alfa").get(f"/tickets?number={SAM}").text
    with parts.database.transaction() as session:
        passed = datetime.now(UTC) - timedelta(days=2, minutes=1)
        session.execute(update(Ticket).where(Ticket.number == SAM).values(due_at=passed, warn_at=passed))
    assert re.search(r"\d dni? po terminie|\d dzień po terminie", web("alfa").get("/tickets").text)


def test_quick_views_count_what_they_hold(web):
    page = web("alfa").get("/tickets").text
    counted = dict(re.findall(r'<a href="[^"]*"(?: aria-current="page")?>([^<]*) <b>([^<]*)</b></a>', page))
    assert counted["Wszystkie"] == "2"
    assert counted["Moje"] == "1"
    assert counted["Otwarta pula"] == "1"
    assert counted["Zawieszone"] == "0"


def test_whatever_is_searched_for_is_shown_as_text(web):
    page = web("alfa").get("/tickets?q=%3Cscript%3Ealert(1)%3C/script%3E").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page
