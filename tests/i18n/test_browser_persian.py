"""A Persian reads every page from right to left, with Jalali days and Persian figures; so does a screen reader."""

import re
from collections.abc import Sequence
from typing import Any

import pytest
from apiflask import APIFlask
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from mikroserwis.i18n import LANGUAGES
from tests.browser.pages import Signing
from tests.i18n import seen
from tests.i18n.pages import DEALERS, ENTRANCE, LEFT_OUT, MASTERS, endpoint, reads
from tests.support.app import sqlite_only
from tests.support.browser import NewPage
from tests.support.cast import ARKLITY, SAM
from tests.support.way import Way

pytestmark = [sqlite_only, pytest.mark.timeout(300)]


def test_each_page_is_walked_or_named_with_its_reason(app: APIFlask):
    walked = {endpoint(app, address) for address in (*ENTRANCE, *DEALERS, *MASTERS)} - {""}
    pages = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and not rule.rule.startswith("/api/") and rule.endpoint not in LEFT_OUT
    }
    assert pages - walked == set()
    assert walked & set(LEFT_OUT) == set()


def test_in_persian_every_page_is_mirrored_fits_a_phone_and_has_no_fault_for_axe(
    app: APIFlask, served: str, new_page: NewPage, way: Way
):
    way.closed(ARKLITY)
    found: list[str] = []
    sign_in = Signing(served, new_page)
    for who, addresses in (("alfa", DEALERS), ("master", MASTERS)):
        reads(app, who, "fa", "persian", "arabext")
        walk(sign_in(who, expected=["status of 404"]), addresses, found)
    assert not found, "\n".join(found)


def walk(page: Page, addresses: Sequence[str], found: list[str]) -> None:
    for address in addresses:
        page.set_viewport_size({"width": 1440, "height": 900})
        seen.opened(page, address)
        if page.evaluate("[document.documentElement.dir, getComputedStyle(document.body).direction]") != ["rtl", "rtl"]:
            found.append(f"{address}: runs from left to right")
        found += [f"{address}: {one['id']} at {one['nodes'][0]['target']}" for one in violations(page)]
        page.set_viewport_size({"width": 390, "height": 844})
        found += [f"{address}: too wide: {one}" for one in seen.too_wide(page)]


def violations(page: Page) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = Axe().run(page).response["violations"]
    return found


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_entrance_speaks_the_browsers_language(served: str, new_page: NewPage, code: str):
    page = new_page(390, 844, lang=code, base_url=served)
    for address in ENTRANCE:
        seen.opened(page, address)
        assert page.locator("html").get_attribute("lang") == code
        assert (violations(page), seen.too_wide(page)) == ([], [])
    page.locator(f"button[value={code}]").click()
    expect(page.locator(f"button[value={code}]")).to_have_attribute("aria-pressed", "true")


def test_in_polish_no_page_has_a_fault_for_axe(served: str, new_page: NewPage, way: Way):
    way.closed(ARKLITY)
    sign_in, found = Signing(served, new_page), list[str]()
    for who, addresses in (("alfa", DEALERS), ("master", MASTERS)):
        page = sign_in(who, expected=["status of 404"])
        for address in addresses:
            seen.opened(page, address)
            found += [f"{address}: {one['id']} at {one['nodes'][0]['target']}" for one in violations(page)]
    assert not found, "\n".join(found)


def test_days_are_jalali_and_figures_persian_but_codes_stay_as_they_are(app: APIFlask, served: str, new_page: NewPage):
    reads(app, "alfa", "fa", "persian", "arabext")
    page = Signing(served, new_page)("alfa")
    page.goto(f"/tickets/{SAM}")
    expect(page.locator("main time").first).to_have_text(re.compile("[۰-۹]+ (?:[آ-ی]+) ۱۴[۰-۹]{2}"))
    expect(page.locator("main")).to_contain_text("7974569439")
    page.goto("/tickets")
    expect(page.locator("tbody td").nth(6)).not_to_be_empty()
    expect(page.locator("#rows tr").first).to_contain_text(re.compile("۱۴[۰-۹]{2}/[۰-۹]{2}/[۰-۹]{2}"))
    page.locator("input[name=tax_id]").fill("۷۹۷۴۵۶۹۴۳۹")
    page.keyboard.press("Enter")
    expect(page.locator("#rows tr")).to_have_count(1)


def test_what_points_is_mirrored_and_what_is_read_is_not(app: APIFlask, served: str, new_page: NewPage):
    reads(app, "alfa", "fa")
    page = Signing(served, new_page)("alfa")
    page.goto(f"/tickets/{SAM}")
    steps = page.locator(".steps li")
    first, last = steps.first.bounding_box(), steps.last.bounding_box()
    assert first
    assert last
    assert first["x"] > last["x"]
    page.goto("/account")
    style = "(one) => [getComputedStyle(one).direction, one.dir]"
    assert page.locator("#phone").evaluate(style) == ["ltr", "ltr"]
    menu = page.locator("header details.menu").last.bounding_box()
    assert menu
    assert menu["x"] < 720
