"""What a screen reader, a keyboard and weak eyes get: axe looks at every kind of page."""

from collections.abc import Sequence

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.pages import Signing
from tests.support.app import sqlite_only
from tests.support.browser import NewPage
from tests.support.cast import ARKLITY, POINT, POOLED, SAM
from tests.support.way import Way

DEALERS = (
    "/tickets",
    "/tickets?view=suspended&opened_from=2026-01-01",
    f"/tickets/{POOLED}",
    f"/tickets/{SAM}",
    f"/tickets/{SAM}/company",
    f"/tickets/{SAM}/resignation",
    f"/tickets/{SAM}/final-invoice",
    f"/tickets/{SAM}/quotes/new",
    f"/tickets/{SAM}/quotes/1/decline",
    f"/points/{POINT}",
    "/tickets/new",
    "/account",
    "/prices/2",
    "/tickets/999999",
)
STAFFS = (
    "/tickets",
    f"/tickets/{ARKLITY}",
    "/tickets/import",
    f"/tickets/{SAM}/cancellation",
    "/api/v1/docs",
    "/messages",
    "/messages/1",
    "/people",
    "/people/1",
    "/people/1/edit",
    "/people/new?dealer=1",
)


@sqlite_only
@pytest.mark.timeout(180)
def test_axe_finds_nothing_on_any_kind_of_page(served: str, new_page: NewPage, way: Way):
    way.closed(ARKLITY)
    way.points_saved(SAM)
    sign_in = Signing(served, new_page)
    entrance = new_page(base_url=served)
    assert faults(entrance, ["/", "/account/forgotten"]) == []
    assert faults(sign_in("alfa", expected=["status of 404"]), DEALERS) == []
    dark = sign_in("alfa", 390, 844, lang="en-GB", color_scheme="dark")
    assert faults(dark, ["/tickets", f"/tickets/{SAM}", f"/tickets/{SAM}/company"]) == []
    assert faults(sign_in("master"), [*STAFFS, "/prices", "/prices/2", "/prices/new"]) == []


def faults(page: Page, addresses: Sequence[str]) -> list[str]:
    """A line for every violation, with the page and the elements; folds and questions are opened first."""
    found = []
    for address in addresses:
        page.goto(address)
        page.evaluate("document.querySelectorAll('details').forEach((fold) => (fold.open = true))")
        for one in Axe().run(page).response["violations"]:
            places = [node["target"] for node in one["nodes"][:3]]
            found.append(f"{address}: {one['id']} ({one['help']}) at {places}")
    return found


@sqlite_only
def test_a_dealer_works_with_the_keyboard_alone(served: str, new_page: NewPage):
    page = Signing(served, new_page)("alfa")
    page.keyboard.press("/")
    page.keyboard.type("sieciechow")
    page.keyboard.press("Enter")
    expect(page.locator("#rows tr")).to_have_count(1)
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text(str(SAM))
    ask = page.locator(".next details.ask")
    ask.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(ask.locator("textarea")).to_be_focused()
    page.keyboard.press("Escape")
    expect(ask.locator("summary")).to_be_focused()
    expect(ask).not_to_have_attribute("open", "")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator("[aria-current=step]")).to_contain_text("Podjęte")
