"""Fixtures for tests in a real Chromium, which fail on whatever the browser itself complains about."""

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any, Literal, Protocol
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, Request, ViewportSize, sync_playwright

from tests.support.chromium import ChromiumMissing, find_chromium

# Without these Chromium calls home at every start.
FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
TIMEOUT_MS = 15_000

ColorScheme = Literal["light", "dark"]


class NewPage(Protocol):
    """Opens a page. `expected`: patterns of complaints that the test provokes; `context`: for Browser.new_context."""

    def __call__(
        self,
        width: int = 1440,
        height: int = 900,
        *,
        lang: str = "pl-PL",
        color_scheme: ColorScheme = "light",
        expected: Sequence[str] = (),
        **context: Any,
    ) -> Page: ...


def pytest_itemcollected(item: pytest.Item) -> None:
    if "browser" in getattr(item, "fixturenames", ()):
        item.add_marker("browser")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One headless Chromium for this process."""
    try:
        executable = find_chromium()
    except ChromiumMissing as missing:
        pytest.fail(str(missing), pytrace=False)
    flags = [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else [*FLAGS]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=flags)
        yield chromium
        chromium.close()


@pytest.fixture
def new_page(browser: Browser) -> Iterator[NewPage]:
    """Opens pages, each in a context of its own (nobody signed in), and fails the test on the browser's complaints."""
    with watched_pages(browser) as open_page:
        yield open_page


@pytest.fixture
def page(new_page: NewPage) -> Page:
    """A desktop page in Polish."""
    return new_page()


@contextmanager
def watched_pages(browser: Browser) -> Iterator[NewPage]:
    """Gives a function that opens pages, and fails the test on leaving if the browser has complained meanwhile:
    of console errors, violations of the content security policy, uncaught exceptions, requests to other machines."""
    complaints: list[str] = []

    def open_page(
        width: int = 1440,
        height: int = 900,
        *,
        lang: str = "pl-PL",
        color_scheme: ColorScheme = "light",
        expected: Sequence[str] = (),
        **context: Any,
    ) -> Page:
        size = ViewportSize(width=width, height=height)
        opened = browser.new_context(viewport=size, locale=lang, color_scheme=color_scheme, **context)
        contexts.callback(opened.close)
        opened.set_default_timeout(TIMEOUT_MS)
        page = opened.new_page()
        _listen(page, complaints, expected)
        return page

    with ExitStack() as contexts:
        yield open_page
    if complaints:
        pytest.fail("The browser complained:\n" + "\n".join(complaints), pytrace=False)


def _listen(page: Page, complaints: list[str], expected: Sequence[str]) -> None:
    def complain(text: str) -> None:
        if not any(re.search(pattern, text) for pattern in expected):
            complaints.append(text)

    def on_console(message: ConsoleMessage) -> None:
        if message.type == "error":
            complain(f"{message.text} ({message.location['url']})")

    def on_error(error: Error) -> None:
        complain(f"uncaught: {error}")

    def on_request(request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in {"http", "https"} and parts.hostname not in {"127.0.0.1", "localhost"}:
            complain(f"request to another machine: {request.url}")

    page.on("console", on_console)
    page.on("pageerror", on_error)
    page.on("request", on_request)
