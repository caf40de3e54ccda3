"""The main job as dealer Alfa does it, in a real Chromium on the demo's data, with the sandbox over HTTP."""

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import PASSWORD, Demo
from tests.support.browser import NewPage

SAM, POINT = 115, 735
PATIENCE_MS = 30_000


@pytest.mark.timeout(300)
def test_dealer_alfa_takes_a_ticket_from_the_list_to_closed(demo: Demo, new_page: NewPage, tmp_path: Path):
    page = new_page(base_url=demo.url, expected=["status of 409", "status of 422"])
    sign_in(page)
    find_and_take(page)
    confirm_the_company(page)
    papers = print_the_papers(page, tmp_path)
    upload_the_scans(page, papers)
    export_the_scans(page)
    work_the_sub_ticket(page)
    demo.switch(POINT, 1, online=False)
    the_gate_refuses(page)
    demo.switch(POINT, 1, online=True)
    the_gate_opens(page)
    expect(page.locator("#export .deliveries > li").first).to_contain_text("przyjęto", timeout=PATIENCE_MS)
    packages = [one["package_id"] for one in demo.received("packages")]
    assert packages.count(f"{SAM}-closing-2") == 1


def sign_in(page: Page) -> None:
    page.goto("/")
    page.get_by_label("E-mail, telefon lub nazwa użytkownika").fill("alfa@dealer.example")
    page.get_by_label("Hasło", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Zaloguj się").click()
    expect(page.get_by_role("heading", name="Zgłoszenia")).to_be_visible()


def find_and_take(page: Page) -> None:
    """The search finds it by town without Polish letters."""
    page.keyboard.press("/")
    page.keyboard.type("sieciechow")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="PPHU SAM").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(str(SAM))
    expect(stage(page)).to_contain_text("Nowe")
    page.get_by_role("button", name="Podejmij zgłoszenie").first.click()
    expect(stage(page)).to_contain_text("Podjęte")


def stage(page: Page) -> Locator:
    """The step that the picture of the workflow marks as the present one."""
    return page.locator("[aria-current=step]").first


def confirm_the_company(page: Page) -> None:
    """A wrong digit in the NIP is named, what else was typed stays."""
    page.get_by_role("link", name="Edycja firmy").first.click()
    page.locator("#tax_id").fill("7974569438")
    page.locator("#representative").fill("Jan Łącki")
    page.get_by_role("button", name="Zapisz i potwierdź dane").click()
    expect(page.locator("#error-tax_id")).to_contain_text("cyfr")
    expect(page.locator("#representative")).to_have_value("Jan Łącki")
    page.locator("#tax_id").fill("797-456-94-39")
    page.get_by_role("button", name="Zapisz i potwierdź dane").click()
    expect(page.locator("#company")).to_contain_text("potwierdzone")


def print_the_papers(page: Page, folder: Path) -> dict[str, Path]:
    """Contract and power of attorney, as DOCX to edit and as PDF to print."""
    found = {}
    for name in ("contract.docx", "contract.pdf", "power-of-attorney.docx", "power-of-attorney.pdf"):
        with page.expect_download() as download:
            page.locator(f'#documents a[href$="/documents/{name}"]').click()
        found[name] = folder / name
        download.value.save_as(found[name])
    assert found["contract.docx"].read_bytes().startswith(b"PK")
    assert found["contract.pdf"].read_bytes().startswith(b"%PDF")
    return found


def upload_the_scans(page: Page, papers: dict[str, Path]) -> None:
    """The quote under its kind, the papers by their codes; with the last one the ticket is a contract by itself."""
    page.locator("#file-kind").select_option("quote")
    upload(page, papers["contract.docx"])
    expect(page.locator("#files")).to_contain_text("Wycena")
    page.locator("#file-kind").select_option("by_code")
    upload(page, papers["contract.pdf"])
    expect(stage(page)).to_contain_text("Podjęte")
    upload(page, papers["power-of-attorney.pdf"])
    expect(stage(page)).to_contain_text("Umowa")


def upload(page: Page, file: Path) -> None:
    page.locator("#file").set_input_files(file)
    page.get_by_role("button", name="Wyślij", exact=True).click()
    expect(page.locator("#files .files")).to_contain_text(file.name, timeout=PATIENCE_MS)


def export_the_scans(page: Page) -> None:
    """The delivery runs in the background; its receipt appears without a hand on the page."""
    page.get_by_role("button", name="Eksportuj skany do Backoffice").first.click()
    take = page.locator("#subtickets").get_by_role("button", name="Podejmij podzgłoszenie")
    expect(take).to_be_enabled(timeout=PATIENCE_MS)


def work_the_sub_ticket(page: Page) -> None:
    page.locator("#subtickets").get_by_role("button", name="Podejmij podzgłoszenie").click()
    expect(page.locator("#subtickets")).to_contain_text("W trakcie pracy")
    expect(page.locator("#subtickets")).to_contain_text(str(POINT))
    page.locator("#subtickets").get_by_role("link", name="Edycja punktu").click()
    expect(page.locator(".point-id code")).to_have_text(str(POINT))
    page.locator("#contact").fill("Zofia Łącka")
    page.get_by_role("button", name="Zapisz punkt").click()


def the_gate_refuses(page: Page) -> None:
    page.locator("#subtickets").get_by_role("button", name="Zamknij podzgłoszenie").click()
    expect(page.locator("main")).to_contain_text("nie łączy się z M/platform")
    page.goto(f"/tickets/{SAM}")
    expect(stage(page)).to_contain_text("Umowa")
    expect(page.locator("#subtickets")).to_contain_text("W trakcie pracy")


def the_gate_opens(page: Page) -> None:
    page.locator("#subtickets").get_by_role("button", name="Zamknij podzgłoszenie").click()
    expect(stage(page)).to_contain_text("Zamknięte")
    expect(page.locator("#history")).to_contain_text("Zgłoszenie zamknięte")
