"""The main job with JavaScript off: whatever is essential is plain HTML."""

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.pages import Signing
from tests.support.app import sqlite_only
from tests.support.browser import NewPage
from tests.support.cast import POINT, SAM
from tests.support.other_side import Platform
from tests.support.way import Way


@sqlite_only
@pytest.mark.timeout(120)
def test_a_ticket_is_taken_and_closed_without_scripts(
    served: str, new_page: NewPage, way: Way, platform: Platform, tmp_path: Path
):
    page = Signing(served, new_page)("alfa", java_script_enabled=False, expected=["status of 409"])
    take_from_the_list(page)
    confirm_the_company(page)
    write_a_note(page)
    make_the_quote(page)
    for kind in ("quote", "contract", "power_of_attorney"):
        upload(page, kind, way.scan(SAM, kind), tmp_path)
    expect(stage(page)).to_contain_text("Umowa")
    page.get_by_role("button", name="Eksportuj skany do Backoffice").click()
    way.delivered()
    page.goto(f"/tickets/{SAM}")
    subtickets = page.locator("#subtickets")
    subtickets.get_by_role("button", name="Podejmij podzgłoszenie").click()
    subtickets.get_by_role("link", name="Edycja punktu").click()
    page.get_by_role("button", name="Zapisz punkt").click()
    way.invoiced(SAM)
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


def make_the_quote(page: Page) -> None:
    """A line more, its sum reckoned anew on request, one line dropped; nothing typed is lost on the way."""
    page.get_by_role("link", name="Przygotuj wycenę").first.click()
    expect(page.locator("#quote-totals")).to_contain_text("2 029,50 zł")
    page.get_by_role("button", name="Robocizna").click()
    page.locator("[name='lines.2.name']").fill("Montaż wagi")
    page.locator("[name='lines.2.net']").fill("100")
    page.get_by_role("button", name="Przelicz").click()
    expect(page.locator("#quote-totals")).to_contain_text("2 152,50 zł")
    expect(page.locator("[name='lines.2.name']")).to_have_value("Montaż wagi")
    page.get_by_role("button", name="Usuń pozycję 2").click()
    page.get_by_role("button", name="Wystaw wycenę W/115/1").click()
    expect(page.locator("#quotes")).to_contain_text("1 599,00 zł")


def upload(page: Page, kind: str, content: bytes, folder: Path) -> None:
    scan = folder / f"{kind}.pdf"
    scan.write_bytes(content)
    page.locator("#file").set_input_files(scan)
    page.locator("#file-kind").select_option("by_code")
    page.get_by_role("button", name="Wyślij", exact=True).click()
    expect(page.locator("#files .files")).to_contain_text(scan.name)
