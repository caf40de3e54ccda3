"""Choosing in the list and acting on what is chosen, in a real browser."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from mikroserwis.edge import Parts
from mikroserwis.models import Dealer, DealerArea, DealerType
from mikroserwis.rulebook import RULES
from tests.browser.pages import Signing
from tests.browser.test_browser_accessibility import faults
from tests.support.app import sqlite_only
from tests.support.browser import NewPage
from tests.support.cast import ARKLITY, POOLED, SAM
from tests.support.way import Way

Open = Callable[..., Page]


@pytest.fixture
def open_page(served: str, new_page: NewPage, parts: Parts) -> Open:
    with parts.database.transaction() as session:
        types = [DealerType(type=one) for one in RULES.type_names]
        areas = [DealerArea(prefix=one) for one in ("26", "11", "70")]
        session.add(Dealer(crm_id=1003, name="Dealer Gamma", capacity=50, areas=areas, types=types))
    return Signing(served, new_page)


def box(page: Page, number: int):
    return page.get_by_role("checkbox", name=f"Wybierz {number}")


@sqlite_only
def test_three_are_ticked_reassigned_told_and_one_is_undone(open_page: Open, way: Way):
    page = open_page("operator")
    page.goto("/tickets?sort=number")
    expect(page.locator("#bulk button").first).to_be_hidden()
    box(page, ARKLITY).check()
    box(page, POOLED).click(modifiers=["Shift"])
    expect(page.locator("#bulk output")).to_have_text("3")
    page.get_by_role("button", name="Przekaż…").click()
    expect(page.locator(".bulk-lines tbody tr")).to_have_count(3)
    page.locator("#to").select_option(label="Dealer Gamma (otwarte: 0 z 50; Kasa fiskalna; Insoft)")
    page.get_by_role("button", name="Pokaż, co się stanie").click()
    assert faults(page, [page.url]) == []
    page.get_by_label("Powód").fill("Urlop")
    page.get_by_role("button", name="Przekaż 3 zgłoszenia").click()
    expect(page.locator(".bulk-lines .tag.ok")).to_have_count(3)
    page.get_by_role("button", name=f"Cofnij {SAM}").click()
    expect(page.get_by_label("Powód")).to_be_focused()
    page.get_by_label("Powód").fill("Pomyłka")
    page.get_by_role("button", name=f"Cofnij {SAM}").click()
    expect(page.locator(".bulk-lines .tag.ok")).to_have_count(2)
    assert faults(page, [page.url, "/tickets/bulk/acts"]) == []
    page.goto(f"/tickets/{SAM}")
    expect(page.locator(".meta")).to_contain_text("Dealer Alfa")
    page.goto(f"/tickets/{ARKLITY}")
    expect(page.locator(".notice")).to_contain_text("Dealer Gamma")
    assert way.state(SAM) == "new"


@sqlite_only
def test_the_keyboard_alone_chooses_and_puts_into_the_pool(open_page: Open):
    page = open_page("operator")
    page.goto("/tickets?sort=number")
    for key in ("j", " ", "j", "Shift+ "):
        page.keyboard.press(key)
    expect(box(page, ARKLITY)).to_be_checked()
    expect(page.locator("#bulk output")).to_have_text("2")
    page.get_by_role("button", name="Do puli…").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Powód").focus()
    page.keyboard.type("Urlop")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("h2").first).to_contain_text("Wykonano: 2")


@sqlite_only
def test_on_a_phone_the_page_is_chosen_and_all_of_the_list(open_page: Open):
    page = open_page("operator", 390, 844)
    page.goto("/tickets")
    page.get_by_label("Ta strona").check()
    expect(page.locator("#bulk output")).to_have_text("3")
    box(page, SAM).uncheck()
    expect(page.locator("#bulk output")).to_have_text("2")
    page.get_by_label("Wszystkie 3 zgłoszenia z tej listy").check()
    expect(page.locator("#bulk output")).to_have_text("3")
    page.get_by_role("button", name="Przedłuż termin…").click()
    expect(page.locator(".bulk-lines tbody tr")).to_have_count(3)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert faults(page, ["/tickets", page.url]) == []


@sqlite_only
def test_without_scripts_what_is_ticked_goes_along(open_page: Open):
    page = open_page("operator", java_script_enabled=False)
    page.goto("/tickets?sort=number")
    box(page, SAM).check()
    page.get_by_role("button", name="Do puli…").click()
    expect(page.locator(".bulk-lines tbody tr")).to_have_count(1)
