"""Supervision in a real browser: for weak eyes and phones, refreshed in its place, a job followed to its end."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from mikroserwis.edge import Parts
from tests.browser.pages import Signing
from tests.browser.test_browser_accessibility import faults
from tests.supervision import world
from tests.supervision.test_ledger_page import add, work_off
from tests.support.app import clock, sqlite_only
from tests.support.browser import NewPage

PAGES = ("/supervision", "/supervision/dealers", "/supervision/jobs", "/supervision/jobs/runs/1")


@pytest.fixture
def busy(parts: Parts) -> None:
    """Many tickets, and a run that was given up."""
    now = clock()
    with parts.database.transaction() as session:
        world.plant(session, now, 8, 150)
    add(parts, started_at=now - timedelta(minutes=1), ended_at=now, error="OperationalError('disk I/O')", process="x:1")


def overflow(page: Page) -> int:
    width: int = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return width


@sqlite_only
@pytest.mark.timeout(180)
@pytest.mark.usefixtures("busy")
def test_axe_finds_nothing_and_nothing_is_wider_than_a_phone(served: str, new_page: NewPage) -> None:
    sign_in = Signing(served, new_page)
    assert faults(sign_in("operator"), PAGES) == []
    phone = sign_in("operator", 390, 844, color_scheme="dark")
    for address in PAGES:
        assert faults(phone, [address]) == []
        assert overflow(phone) <= 0, address


@sqlite_only
def test_a_job_that_was_asked_for_is_followed_without_a_hand_on_the_page(
    parts: Parts, served: str, new_page: NewPage
) -> None:
    page = Signing(served, new_page)("operator")
    page.goto("/supervision/jobs")
    page.get_by_role("button", name=re.compile("Uruchom teraz.*Porządkowanie")).click()
    expect(page.locator("#ledger .jobs")).to_contain_text("zamówione, czeka")
    page.locator("h1").click()
    assert work_off(parts)
    expect(page.locator("#announce")).to_have_text("Zadanie się zakończyło.")
    expect(page.locator("#ledger .jobs")).not_to_contain_text("zamówione, czeka")


@sqlite_only
def test_a_refresh_keeps_the_place_and_what_was_open(parts: Parts, served: str, new_page: NewPage) -> None:
    page = Signing(served, new_page)("operator", 390, 844)
    page.goto("/supervision")
    fold = page.locator("#dues details")
    fold.locator("summary").click()
    page.evaluate("scrollTo(0, 300)")
    before = page.locator(".tiles a[href$='state=suspended'] b").inner_text()
    with parts.database.transaction() as session:
        world.plant(session, clock(), 9, 40)
    page.evaluate("document.querySelector('[data-again]').click()")
    expect(page.locator(".tiles a[href$='state=suspended'] b")).not_to_have_text(before)
    assert page.evaluate("scrollY") == 300
    expect(fold).to_have_attribute("open", "")


@sqlite_only
def test_staff_reach_every_page_by_keyboard_through_the_menu(served: str, new_page: NewPage) -> None:
    page = Signing(served, new_page)("operator")
    menu = page.locator("nav details.more")
    menu.locator("summary").focus()
    page.keyboard.press("Enter")
    menu.get_by_role("link", name="Zadania").focus()
    page.keyboard.press("Escape")
    expect(menu).not_to_have_attribute("open", "")
    expect(menu.locator("summary")).to_be_focused()
    page.keyboard.press("Enter")
    menu.get_by_role("link", name="Zadania").press("Enter")
    expect(page.locator("h1")).to_have_text("Zadania")
    expect(page.locator("nav details.more summary")).to_contain_text("Zadania")
    expect(page.locator("nav .more a[aria-current=page]")).to_have_text("Zadania")
