"""Own views and the training material in a real browser."""

from playwright.sync_api import expect

from mikroserwis.edge import Parts
from tests.browser.pages import Signing
from tests.browser.test_browser_accessibility import faults
from tests.support.app import sqlite_only
from tests.support.browser import NewPage
from tests.support.records import a_material, a_view


@sqlite_only
def test_a_view_follows_the_filters_and_is_kept_with_the_keyboard(served: str, new_page: NewPage):
    page = Signing(served, new_page)("operator")
    page.goto("/tickets")
    expect(page.locator("#own summary")).to_have_count(0)
    page.locator("select[name=type]").select_option("fiscal")
    page.locator("#own summary").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#save-name")).to_be_focused()
    page.keyboard.type("Kasy")
    page.keyboard.press("Enter")
    expect(page.locator("#own nav [aria-current=page]")).to_contain_text("Kasy")
    expect(page.locator("#rows tr")).to_have_count(1)

    page.locator("select[name=state]").select_option("closed")
    expect(page.locator("#own nav [aria-current=true]")).to_contain_text("zmieniony")
    page.get_by_role("button", name="Zapisz zmiany").click()
    expect(page.locator("#own nav [aria-current=page]")).to_contain_text("Kasy")
    expect(page.locator("select[name=state]")).to_have_value("closed")


@sqlite_only
def test_only_the_fields_of_the_chosen_kind_are_asked_for(served: str, new_page: NewPage):
    page = Signing(served, new_page)("operator", 390, 844)
    page.goto("/help/materials/new")
    expect(page.locator("#text")).to_be_visible()
    expect(page.locator("#url")).to_be_hidden()
    page.get_by_label("Film lub strona").check()
    expect(page.locator("#url")).to_be_visible()
    expect(page.locator("#text")).to_be_hidden()
    page.locator("#title").fill("Kurs")
    page.locator("#url").fill("https://wideo.example/kurs")
    page.get_by_role("button", name="Zapisz").click()
    expect(page.locator(".flashes")).to_contain_text("Kurs")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@sqlite_only
def test_axe_finds_nothing_on_views_and_help(served: str, new_page: NewPage, parts: Parts):
    a_view(parts)
    path = f"/help/materials/{a_material(parts)}"
    sign_in = Signing(served, new_page)
    assert faults(sign_in("alfa"), ["/tickets?saved=1&view=pool&state=new", "/help", path]) == []
    assert faults(sign_in("alfa", 390, 844, color_scheme="dark"), ["/tickets?saved=1&view=pool", "/help", path]) == []
    assert faults(sign_in("operator"), ["/help/materials", "/help/materials/new", f"{path}/edit"]) == []
