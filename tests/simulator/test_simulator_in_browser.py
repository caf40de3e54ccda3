"""The simulator with the keyboard alone, and what tonight would do on a phone."""

import pytest
from playwright.sync_api import expect

from tests.browser.pages import Signing
from tests.simulator.conftest import History
from tests.support.app import sqlite_only
from tests.support.browser import NewPage
from tests.support.cast import SAM


@sqlite_only
@pytest.mark.timeout(120)
def test_another_policy_is_typed_corrected_and_replayed_by_keyboard(past: History, served: str, new_page: NewPage):
    past.backdate(days=2)
    page = Signing(served, new_page)("operator", expected=["status of 422"])
    page.goto("/supervision/simulator")
    page.locator("#insoft_take").focus()
    keys = page.keyboard
    keys.press("Control+a")
    keys.type("dwa")
    keys.press("Enter")
    expect(page.locator("#problems")).to_be_focused()
    expect(page.locator("#insoft_take")).to_have_value("dwa")
    expect(page.locator("#insoft_take")).to_have_attribute("aria-invalid", "true")
    keys.press("Tab")
    keys.press("Enter")
    expect(page.locator("#insoft_take")).to_be_focused()
    keys.press("Control+a")
    keys.type("0")
    keys.press("Enter")
    expect(page.locator("#differing")).to_contain_text(str(SAM))
    expect(page.locator("#takeaways table")).to_contain_text("Dealer Alfa")
    assert "insoft_take=0" in page.url
    expect(page.locator("#insoft_take")).to_have_value("0")


@sqlite_only
@pytest.mark.timeout(120)
def test_the_chosen_tickets_of_a_preview_go_on_to_the_act_on_many(past: History, served: str, new_page: NewPage):
    past.backdate(days=3)
    page = Signing(served, new_page)("operator")
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/supervision/tonight")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.locator(f"input[name=number][value='{SAM}']").check()
    page.locator("button[name=act][value=extend]").press("Enter")
    page.wait_for_url("**/tickets/bulk?**")
    assert f"number={SAM}" in page.url
    assert "act=extend" in page.url
    expect(page.locator("main")).to_contain_text(str(SAM))
