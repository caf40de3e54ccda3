"""The main job as dealer Alfa does it, in a real Chromium on the demo's data, with the sandbox over HTTP."""

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import PASSWORD, Demo
from tests.support.browser import NewPage
from tests.support.way import plain_page

SAM, POINT = 115, 735
PATIENCE_MS = 30_000


@pytest.mark.timeout(300)
def test_dealer_alfa_takes_a_ticket_from_the_list_to_closed(demo: Demo, new_page: NewPage, tmp_path: Path):
    page = new_page(base_url=demo.url, expected=["status of 409", "status of 422"])
    sign_in(page)
    find_and_take(page)
    confirm_the_company(page)
    quote = make_the_quote(page, tmp_path)
    papers = print_the_papers(page, tmp_path)
    upload_the_scans(page, quote, papers)
    export_the_scans(page)
    work_the_sub_ticket(page)
    give_the_invoice(page, tmp_path)
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


def make_the_quote(page: Page, folder: Path) -> Path:
    """The sums follow what is typed, Enter opens the next line; the form to show to the retailer comes with it."""
    page.get_by_role("link", name="Przygotuj wycenę").first.click()
    pay = page.locator("#quote-totals .gross b")
    before = pay.inner_text()
    page.locator("[name='lines.0.quantity']").fill("2")
    expect(pay).not_to_have_text(before)
    before = pay.inner_text()
    page.locator("[name='lines.0.quantity']").press("Enter")
    added = page.locator("select:focus")
    expect(added).to_have_value("")
    added.select_option("SZKOL@160.00")
    expect(pay).not_to_have_text(before)
    gross = pay.inner_text()
    page.get_by_role("button", name="Wystaw wycenę W/115/1").click()
    expect(page.locator("#quotes .sum")).to_have_text(gross)
    with page.expect_download() as download:
        page.locator('#quotes a[href$="/quotes/1.docx"]').click()
    quote = folder / "wycena.docx"
    download.value.save_as(quote)
    return quote


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


def upload_the_scans(page: Page, quote: Path, papers: dict[str, Path]) -> None:
    """Each by its code, the quote as it came from the page; with the last one the ticket is a contract by itself."""
    upload(page, quote)
    expect(page.locator("#files")).to_contain_text("Wycena")
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


def give_the_invoice(page: Page, folder: Path) -> None:
    """Equal to the quote that the contract accepted."""
    gross = page.locator("#quotes .sum").inner_text()
    page.locator("#invoice .acts a").click()
    file = folder / "faktura.pdf"
    file.write_bytes(plain_page())
    page.locator("#number").fill("FV 7/2026")
    issued_on = page.locator("#issued_on")
    issued_on.fill(issued_on.get_attribute("max") or "")
    page.locator("#gross").fill(gross)
    page.locator("#file").set_input_files(file)
    page.locator("form.form .primary").click()
    expect(page.locator("#invoice")).to_contain_text("FV 7/2026")


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
