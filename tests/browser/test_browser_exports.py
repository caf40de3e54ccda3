"""A long list in a real browser: asked for by a button, followed without a hand on the page, downloaded."""

from playwright.sync_api import expect

from mikroserwis.edge import Parts
from tests.browser.pages import Signing
from tests.browser.test_browser_accessibility import faults
from tests.support.app import sqlite_only
from tests.support.browser import NewPage
from tests.sweeps.shelf import Shelf


@sqlite_only
def test_an_export_follows_its_worker_and_says_when_it_is_ready(served: str, new_page: NewPage, parts: Parts):
    shelf = Shelf(parts)
    export_id = shelf.order("alfa", "state=open")
    shelf.order("alfa", "q=sieciech%C3%B3w")
    page = Signing(served, new_page)("alfa")
    assert faults(page, ["/exports"]) == []
    line = page.locator(f"#export-{export_id}")
    expect(line).to_contain_text("Czeka")
    shelf.change(export_id, state="running", rows_total=100, rows_done=25, lease_until=shelf.now())
    expect(line.get_by_role("progressbar")).to_have_attribute("value", "25")
    shelf.wait(hours=1)
    shelf.work()
    expect(page.locator("#announce")).to_have_text("Eksport się zakończył.")
    with page.expect_download() as download:
        line.get_by_role("link", name="Pobierz").click()
    assert download.value.suggested_filename.endswith(".xlsx")
    page.get_by_role("button", name="Anuluj").click()
    expect(page.get_by_text("Anulowany", exact=True)).to_be_visible()


@sqlite_only
def test_without_scripts_the_page_is_looked_at_again_by_hand(served: str, new_page: NewPage, parts: Parts):
    Shelf(parts).order("alfa")
    page = Signing(served, new_page)("alfa", java_script_enabled=False)
    page.goto("/exports")
    expect(page.get_by_text("Czeka")).to_be_visible()
    Shelf(parts).work()
    page.get_by_role("link", name="Sprawdź, jak daleko").click()
    expect(page.get_by_role("link", name="Pobierz")).to_be_visible()
