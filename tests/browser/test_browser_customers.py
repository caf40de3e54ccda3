"""Customers in a real browser: entered on a phone, walked through by keyboard, and read by a screen reader."""

from playwright.sync_api import expect

from tests.browser.pages import Signing
from tests.browser.test_browser_accessibility import faults
from tests.support.app import sqlite_only
from tests.support.browser import NewPage
from tests.support.cast import POINT, SAM
from tests.support.way import Way

TABS = ("account", "consents", "orders", "documents", "files", "history")


@sqlite_only
def test_a_seller_enters_a_customer_and_walks_its_tabs_by_keyboard(served: str, new_page: NewPage):
    page = Signing(served, new_page)("seller", 390, 844, expected=["422"])
    page.goto("/tickets")
    page.get_by_role("link", name="Klienci").click()
    page.get_by_role("link", name="Nowy klient").click()
    page.locator("#name").fill("Marea SRL")
    page.locator("#country").select_option(label="Rumunia")
    page.locator("#tax_id").fill("18547291")
    page.get_by_role("button", name="Zapisz").click()
    expect(page.locator("#problems")).to_contain_text("CUI (Rumunia)")
    expect(page.locator("#country")).to_have_value("RO")
    page.locator("#tax_id").fill("RO 18547290")
    page.get_by_role("button", name="Zapisz").click()
    expect(page.locator("h1")).to_have_text("Marea SRL")
    expect(page.locator("#data")).to_contain_text("RO18547290")
    for tab in TABS:
        current = page.locator(".tabs [aria-current=page]")
        current.focus()
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**?tab={tab}")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), tab


@sqlite_only
def test_axe_finds_nothing_on_the_pages_of_customers(served: str, new_page: NewPage, way: Way):
    way.closed(SAM)
    forms = [f"/customers/1/{form}" for form in ("edit", "contacts/new", "points/new", f"points/{POINT}")]
    pages = ["/customers", "/customers/new", "/customers/1", *(f"/customers/1?tab={tab}" for tab in TABS), *forms]
    sign_in = Signing(served, new_page)
    assert faults(sign_in("master"), pages) == []
    assert faults(sign_in("seller", 390, 844, color_scheme="dark"), pages[:9]) == []
