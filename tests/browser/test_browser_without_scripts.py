"""The main job with JavaScript off: whatever is essential is plain HTML."""

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.pages import Signing
from tests.support.app import sqlite_only
from tests.support.browser import NewPage
from tests.support.cast import POINT, SAM
from tests.support.other_side import Platform
from tests.support.way import Way, plain_page


@sqlite_only
@pytest.mark.timeout(120)
def test_a_ticket_is_taken_and_closed_without_scripts(
    served: str, new_page: NewPage, way: Way, platform: Platform, tmp_path: Path
):
    page = Signing(served, new_page)("alfa", java_script_enabled=False, expected=["status of 409"])
    take_from_the_list(page)
    confirm_the_company(page)
    write_a_note(page)
    for kind in ("quote", "contract", "power_of_attorney"):
        upload(page, kind, plain_page() if kind == "quote" else way.scan(SAM, kind), tmp_path)
    expect(stage(page)).to_contain_text("Umowa")
    page.get_by_role("button", name="Eksportuj skany do Backoffice").click()
    way.delivered()
    page.goto(f"/tickets/{SAM}")
    subtickets = page.locator("#subtickets")
    subtickets.get_by_role("button", name="Podejmij podzgłoszenie").click()
    subtickets.get_by_role("link", name="Edycja punktu").click()
    page.get_by_role("button", name="Zapisz punkt").click()
    close = subtickets.get_by_role("button", name="Zamknij podzgłoszenie")
    close.click()
    expect(page.locator("#problems")).to_contain_text("M/platform")
    platform.switch(POINT, 1, 2, online=True)
    close.click()
    expect(stage(page)).to_contain_text("Zamknięte")


def take_from_the_list(page: Page) -> None:
    """Filtered by a date, which opens over the list; the button is in the row."""
    page.locator(".range summary").first.click()
    page.locator("[name=opened_from]").fill("2020-01-31")
    page.locator("[name=city]").fill("sieciech")
    page.get_by_role("button", name="Filtruj").click()
    expect(page.locator("#rows tr")).to_have_count(1)
    expect(page.locator("#range-opened")).to_contain_text("od 2020-01-31")
    page.get_by_role("button", name="Podejmij").click()
    expect(stage(page)).to_contain_text("Podjęte")


def stage(page: Page) -> Locator:
    return page.locator("[aria-current=step]")


def confirm_the_company(page: Page) -> None:
    page.get_by_role("link", name="Edycja firmy").click()
    page.get_by_role("button", name="Zapisz i potwierdź dane").click()
    expect(page.locator("#company")).to_contain_text("potwierdzone")


def write_a_note(page: Page) -> None:
    page.locator("#notes textarea").fill("Klient podpisze w piątek.\nDzwonić po 15.")
    page.get_by_role("button", name="Dodaj uwagę").first.click()
    expect(page.locator("#notes .talk")).to_contain_text("Klient podpisze w piątek.")


def upload(page: Page, kind: str, content: bytes, folder: Path) -> None:
    scan = folder / f"{kind}.pdf"
    scan.write_bytes(content)
    page.locator("#file").set_input_files(scan)
    page.locator("#file-kind").select_option("quote" if kind == "quote" else "by_code")
    page.get_by_role("button", name="Wyślij", exact=True).click()
    expect(page.locator("#files .files")).to_contain_text(scan.name)
