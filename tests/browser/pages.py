"""People in a browser, on the application of `tests.support.app`."""

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page, expect

from tests.support.browser import NewPage
from tests.support.cast import PASSWORD, PEOPLE


@dataclass(frozen=True)
class Signing:
    """Opens pages with somebody signed in through the form."""

    url: str
    new_page: NewPage

    def __call__(self, name: str, width: int = 1440, height: int = 900, **options: Any) -> Page:
        page = self.new_page(width, height, base_url=self.url, **options)
        page.goto("/")
        page.locator("#identifier").fill(PEOPLE[name].email)
        page.locator("#password").fill(PASSWORD)
        page.locator("main form button.primary").click()
        expect(page.locator("header.bar")).to_be_visible()
        return page
