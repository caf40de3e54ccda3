"""Dealers and their absences in a real browser."""

from datetime import UTC, datetime, timedelta

from playwright.sync_api import expect

from mikroserwis.edge import Parts
from mikroserwis.pricing import today
from tests.browser.pages import Signing
from tests.browser.test_browser_accessibility import faults
from tests.support.app import sqlite_only
from tests.support.browser import NewPage
from tests.support.records import an_absence


@sqlite_only
def test_staff_enter_a_dealer_and_when_it_is_away(served: str, new_page: NewPage):
    page = Signing(served, new_page)("operator", 390, 844, expected=["422"])
    page.goto("/dealers")
    page.get_by_role("link", name="Nowy dealer").click()
    page.locator("#name").fill("Kasy Radom")
    page.locator("#crm_id").fill("1003")
    page.locator("#areas").fill("26, 26-9")
    page.get_by_label("Insoft").check()
    page.get_by_role("button", name="Zapisz").click()
    expect(page.locator("#problems")).to_contain_text("26-9 mieści się już w 26")
    expect(page.locator("#name")).to_have_value("Kasy Radom")
    expect(page.get_by_label("Insoft")).to_be_checked()
    page.locator("#areas").fill("26")
    page.get_by_role("button", name="Zapisz").click()
    expect(page.locator("h1")).to_have_text("Kasy Radom")

    day = today(datetime.now(UTC))
    page.get_by_text("Zgłoś nieobecność").click()
    page.locator("#first_day").fill(str(day))
    page.locator("#last_day").fill(str(day + timedelta(days=3)))
    page.get_by_role("button", name="Zapisz nieobecność").click()
    expect(page.locator(".headline")).to_contain_text("nieobecny do")
    page.get_by_text("Zakończ teraz…").click()
    page.get_by_role("button", name="Zakończ nieobecność").click()
    expect(page.locator("#absences")).to_contain_text("Nie wpisano żadnej nieobecności")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@sqlite_only
def test_axe_finds_nothing_on_the_pages_of_dealers(served: str, new_page: NewPage, parts: Parts):
    absence = f"/my-company/absences/{an_absence(parts)}"
    sign_in = Signing(served, new_page)
    pages = ["/dealers", "/dealers/1", "/dealers/1/edit", "/dealers/areas", "/dealers/contacts", "/dealers/contacts/1"]
    assert faults(sign_in("master"), pages) == []
    assert faults(sign_in("master", 390, 844, color_scheme="dark"), pages[:4]) == []
    assert faults(sign_in("alfa", 390, 844), ["/my-company", absence]) == []
