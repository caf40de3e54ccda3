"""The second step in a real browser: set up from the key shown, then signing in by code and by recovery code."""

from pathlib import Path

from playwright.sync_api import Page, expect
from pyotp import TOTP

from tests.accounts.second_steps import PAGE
from tests.browser.pages import Signing
from tests.browser.test_browser_accessibility import faults
from tests.support.app import sqlite_only
from tests.support.browser import NewPage
from tests.support.cast import PASSWORD, PEOPLE

REFUSED = (r"status of 401",)


def come_again(page: Page) -> None:
    """Signed out, and the password typed once more."""
    page.context.clear_cookies(name="mikroserwis")
    page.goto("/sign-in?next=/account")
    page.locator("#identifier").fill(PEOPLE["operator"].email)
    page.locator("#password").fill(PASSWORD)
    page.locator("main form button.primary").click()
    expect(page.locator("#code")).to_be_focused()


def give(page: Page, code: str) -> None:
    page.locator("#code").fill(code)
    page.locator("main form button.primary").click()


@sqlite_only
def test_an_app_and_its_recovery_codes_open_the_door(served: str, new_page: NewPage, tmp_path: Path):
    page = Signing(served, new_page)("operator", expected=REFUSED)
    page.goto(PAGE)
    page.locator("#password").fill(PASSWORD)
    page.get_by_role("button", name="Skonfiguruj").click()
    expect(page.locator("img.qr")).to_be_visible()
    assert faults(page, [PAGE]) == []
    page.reload()
    app = TOTP(page.locator("#key").inner_text().replace(" ", ""))
    give(page, app.now())

    expect(page.locator(".codes code")).to_have_count(10)
    codes = page.locator(".codes code").all_inner_texts()
    assert faults(page, [f"{PAGE}/codes"]) == []
    page.reload()
    with page.expect_download() as saved:
        page.get_by_role("link", name="Zapisz jako plik").click()
    saved.value.save_as(tmp_path / "codes.txt")
    assert all(code in (tmp_path / "codes.txt").read_text("utf-8") for code in codes)
    page.get_by_role("button", name="Kody zachowane").click()
    expect(page).to_have_url(f"{served}/account")

    come_again(page)
    assert faults(page, ["/sign-in/code?next=/account"]) == []
    used = app.generate_otp(int(page.evaluate("Date.now()")) // 30_000 + 1)
    give(page, used)
    expect(page).to_have_url(f"{served}/account")

    for opens in (True, False):
        come_again(page)
        give(page, codes[0])
        if opens:
            expect(page).to_have_url(f"{served}/account")
        else:
            expect(page.locator("#problems")).to_contain_text("Kod jest błędny")
