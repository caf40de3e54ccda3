"""A quote made with the keyboard alone, on a slow line, and with the price changing under the page."""

import re
from decimal import Decimal

import pytest
from playwright.sync_api import Page, Route, expect
from sqlalchemy import update

from mikroserwis.edge import Parts
from mikroserwis.models import PriceItem
from tests.browser.pages import Signing
from tests.support.app import sqlite_only
from tests.support.browser import NewPage
from tests.support.cast import LICENCE, SAM, TRAINING
from tests.support.way import Way

NEW = f"/tickets/{SAM}/quotes/new"


def pay(page: Page):
    return page.locator("#quote-totals .gross b")


@sqlite_only
@pytest.mark.timeout(120)
def test_a_quote_is_made_with_the_keyboard_alone(served: str, new_page: NewPage, way: Way):
    way.confirmed(SAM)
    page = Signing(served, new_page)("alfa")
    page.goto(NEW)
    page.locator("[name='lines.0.item']").focus()
    keys = page.keyboard
    keys.press("Tab")
    keys.type("3")
    expect(pay(page)).to_have_text("4 981,50 zł")
    keys.press("Enter")
    expect(page.locator(".qline:nth-child(2) select")).to_be_focused()
    keys.type("Szk")
    keys.press("Tab")
    keys.type("2,5")
    expect(pay(page)).to_have_text("5 442,73 zł")
    page.get_by_role("button", name="Robocizna").press("Enter")
    expect(page.locator(".qline.free input[name$=name]")).to_be_focused()
    keys.type("Montaż wagi")
    for typed in ("1,5", "godz.", "133,33"):
        keys.press("Tab")
        keys.type(typed)
    expect(pay(page)).to_have_text("5 688,73 zł")
    page.locator(".qline.free [name=up]").press("Enter")
    expect(page.locator(".qline:nth-child(3)")).to_have_class("qline free")
    expect(page.locator(".qline:nth-child(3) [name=up]")).to_be_focused()
    page.locator("#remark").focus()
    keys.type("Montaż po 20.")
    page.get_by_role("button", name="Wystaw wycenę W/115/1").press("Enter")
    expect(page.locator("#quotes .sum")).to_have_text("5 688,73 zł")


@sqlite_only
@pytest.mark.timeout(120)
def test_what_is_typed_while_an_answer_is_on_its_way_stays(served: str, new_page: NewPage, way: Way):
    way.confirmed(SAM)
    page = Signing(served, new_page)("alfa")
    page.goto(NEW)
    held: list[Route] = []
    page.route(f"**{NEW}", lambda route: held.append(route), times=1)  # noqa: PLW0108 - a method of a builtin can't be wrapped
    with page.expect_request(re.compile(NEW)):
        page.get_by_role("button", name="Robocizna").click()
    page.locator("#remark").fill("Zostaje")
    page.locator("[name='lines.0.quantity']").evaluate("(field) => { field.value = '7' }")
    held[0].continue_()
    expect(page.locator(".qline.free")).to_be_visible()
    expect(page.locator("[name='lines.0.quantity']")).to_have_value("7")
    expect(page.locator("#remark")).to_have_value("Zostaje")


@sqlite_only
@pytest.mark.timeout(120)
def test_where_no_answer_comes_the_page_goes_the_way_without_scripts(served: str, new_page: NewPage, way: Way):
    way.confirmed(SAM)
    page = Signing(served, new_page)("alfa", expected=["ERR_FAILED", "Failed to load"])
    page.goto(NEW)
    page.locator("#remark").fill("Zostaje")
    page.route(f"**{NEW}", lambda route: route.abort(), times=1)
    page.get_by_role("button", name="Robocizna").click()
    expect(page.locator(".qline.free")).to_be_visible()
    expect(page.locator("#remark")).to_have_value("Zostaje")


@sqlite_only
@pytest.mark.timeout(120)
def test_a_price_that_changes_under_the_page_is_told_before_anything_is_issued(
    served: str, new_page: NewPage, way: Way, parts: Parts
):
    way.confirmed(SAM)
    page = Signing(served, new_page)("alfa", expected=["status of 422"])
    page.goto(NEW)
    with parts.database.transaction() as session:
        session.execute(update(PriceItem).where(PriceItem.code == LICENCE).values(net=Decimal("1350.00")))
    page.locator("#remark").fill("Zostaje")
    page.get_by_role("button", name="Wystaw wycenę").click()
    expect(page.locator("#problems")).to_contain_text("było 1 200,00 zł, teraz jest 1 350,00 zł")
    expect(pay(page)).to_have_text("2 214,00 zł")
    expect(page.locator("#remark")).to_have_value("Zostaje")
    page.get_by_role("button", name="Wystaw wycenę").click()
    expect(page.locator("#quotes .sum")).to_have_text("2 214,00 zł")


@sqlite_only
@pytest.mark.timeout(120)
def test_on_a_phone_a_line_is_chosen_reckoned_and_removed(served: str, new_page: NewPage, way: Way):
    way.confirmed(SAM)
    page = Signing(served, new_page)("alfa", 390, 844, has_touch=True, is_mobile=True)
    page.goto(NEW)
    page.get_by_role("button", name="Pozycja z cennika").tap()
    page.locator("[name='lines.2.item']").select_option(f"{TRAINING}@149.99")
    expect(pay(page)).to_have_text("2 213,99 zł")
    page.get_by_role("button", name="Usuń pozycję 1").tap()
    expect(page.locator(".qline")).to_have_count(2)
    expect(pay(page)).to_have_text("737,99 zł")
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
