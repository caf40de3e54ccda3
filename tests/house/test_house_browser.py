"""What the browser fixtures notice."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser, Page

from tests.support.browser import NewPage, watched_pages

ANSWERS = {
    "/": (200, "<!doctype html><html lang=pl><title>Zlecenia</title><link rel=icon href='data:,'><h1>Zlecenia</h1>"),
    "/throws": (200, "<link rel=icon href='data:,'><script src='/throws.js'></script>"),
    "/throws.js": (200, "throw new Error('nobody caught me')"),
    "/inline": (200, "<link rel=icon href='data:,'><script>document.title = 'forbidden'</script>"),
    "/elsewhere": (200, "<link rel=icon href='data:,'><img src='http://elsewhere.example/pixel.png'>"),
    "/taken": (409, "<link rel=icon href='data:,'>just taken"),
}


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        status, body = ANSWERS[self.path]
        self.send_response(status)
        self.send_header("Content-Type", "text/javascript" if self.path.endswith(".js") else "text/html")
        self.send_header("Content-Security-Policy", "script-src 'self'")
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class calls it so
        pass


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_a_page_without_complaints_passes(page: Page, site: str):
    page.goto(site)
    assert page.title() == "Zlecenia"
    assert page.evaluate("[innerWidth, navigator.language]") == [1440, "pl-PL"]


@pytest.mark.parametrize(
    ("path", "complaint"),
    [
        ("/throws", "uncaught: nobody caught me"),
        ("/inline", "Content Security Policy"),
        ("/elsewhere", "request to another machine: http://elsewhere.example/pixel.png"),
        ("/taken", "409"),
    ],
)
def test_whatever_the_browser_complains_about_fails_the_test(browser: Browser, site: str, path: str, complaint: str):
    with pytest.raises(pytest.fail.Exception, match=complaint), watched_pages(browser) as open_page:
        open_page().goto(site + path)


def test_a_complaint_that_a_test_provokes_can_be_expected(new_page: NewPage, site: str):
    page = new_page(390, 844, lang="en", color_scheme="dark", expected=["status of 409"])
    page.goto(f"{site}/taken")
    assert page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    assert page.evaluate("innerWidth") == 390
