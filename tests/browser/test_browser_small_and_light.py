"""On a phone nothing sticks out; no page weighs much; nothing jumps while it loads."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Response, expect

from tests.browser.pages import Signing
from tests.support.app import sqlite_only
from tests.support.browser import NewPage
from tests.support.cast import ARKLITY, POINT, POOLED, SAM
from tests.support.way import Way

HEAVIEST = 100_000
SHIFTS = """() => new Promise((done) => {
  let sum = 0;
  new PerformanceObserver((list) => list.getEntries().forEach((one) => (sum += one.value)))
    .observe({ type: "layout-shift", buffered: true });
  requestAnimationFrame(() => requestAnimationFrame(() => done(sum)));
})"""
STICKS_OUT = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
PAGES = (
    "/tickets",
    "/tickets?size=50&q=nothing-like-this",
    f"/tickets/{POOLED}",
    f"/tickets/{SAM}",
    f"/tickets/{ARKLITY}",
    f"/tickets/{SAM}/company",
    f"/tickets/{SAM}/suspension",
    f"/points/{POINT}",
    "/tickets/new",
    "/tickets/import",
    "/prices",
    "/prices/2",
    f"/tickets/{SAM}/final-invoice",
    f"/tickets/{SAM}/quotes/new",
    f"/tickets/{SAM}/quotes/1/decline",
    "/messages",
    "/messages/1",
    "/messages/events",
    "/notifications",
    "/account",
    "/api/v1/docs",
)


@sqlite_only
@pytest.mark.timeout(120)
def test_no_page_is_wider_than_a_phone(served: str, new_page: NewPage, way: Way):
    way.closed(ARKLITY)
    way.points_saved(SAM)
    page = Signing(served, new_page)("operator", 390, 844, has_touch=True, is_mobile=True)
    for address in PAGES:
        page.goto(address)
        page.evaluate("document.querySelectorAll('details').forEach((fold) => (fold.open = true))")
        assert page.evaluate(STICKS_OUT) <= 0, address
    page.goto("/tickets")
    page.locator(".sheet summary").click()
    page.locator("[name=city]").fill("arkl")
    expect(page.locator("#rows tr")).to_have_count(1)
    expect(page.locator("#rows .days")).to_contain_text("dni")


@sqlite_only
@pytest.mark.timeout(120)
def test_no_page_weighs_over_100_kilobytes_cold_nor_jumps(served: str, new_page: NewPage, way: Way):
    way.points_saved(SAM)
    state = Signing(served, new_page)("operator").context.storage_state()
    for address in ("/tickets?size=50", f"/tickets/{SAM}", f"/tickets/{SAM}/company", "/api/v1/docs"):
        page = new_page(base_url=served, storage_state=state)
        weight, shifted = cold(page, address)
        assert 0 < weight < HEAVIEST, address
        assert shifted < 0.01, address


def cold(page: Page, address: str) -> tuple[int, float]:
    """Bytes on the line with an empty cache, and how far what was already shown has moved."""
    answers: list[Response] = []

    def hear(answer: Response) -> None:
        answers.append(answer)

    page.on("response", hear)
    page.goto(address, wait_until="networkidle")
    sizes = [one.request.sizes() for one in answers if urlsplit(one.url).scheme == "http"]
    return sum(one["responseBodySize"] + one["responseHeadersSize"] for one in sizes), page.evaluate(SHIFTS)
