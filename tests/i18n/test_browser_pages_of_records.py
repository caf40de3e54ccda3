"""The pages that need a record of their own, as the access matrix has them: for a screen reader, both ways round."""

import pytest
from apiflask import APIFlask
from playwright.sync_api import Page

from mikroserwis.edge import Parts
from tests.access.test_access_matrix import PAGES, addresses
from tests.browser.pages import Signing
from tests.i18n import seen
from tests.i18n.pages import LEFT_OUT, reads
from tests.i18n.test_browser_persian import violations
from tests.support.app import sqlite_only
from tests.support.browser import NewPage
from tests.support.cast import SAM
from tests.support.way import Way

pytestmark = [sqlite_only, pytest.mark.timeout(300)]
READERS = ("master", "operator", "alfa")


def test_no_page_of_a_record_has_a_fault_for_axe_in_polish_or_in_persian(
    app: APIFlask, served: str, new_page: NewPage, way: Way, parts: Parts
):
    way.closed(SAM)
    asked = {row: path for row, (method, path) in addresses(app, way, parts).items() if method == "GET"}
    sign_in, walked, found = Signing(served, new_page), set[str](), list[str]()
    for who in READERS:
        own = {path for row, path in asked.items() if row[0] in LEFT_OUT and reader(row) == who}
        page = sign_in(who, expected=["status of 4"])
        shown = sorted(path for path in own if is_page(page, path))
        for language in ("pl", "fa"):
            reads(app, who, language, "persian" if language == "fa" else "gregory")
            found += [f"{language} {fault}" for path in shown for fault in faults_of(page, path)]
        walked |= set(shown)
    assert not found, "\n".join(found)
    assert len(walked) > 20


def reader(row: tuple[str, str]) -> str:
    return next((who for who in READERS if who in PAGES[row]), "")


def is_page(page: Page, path: str) -> bool:
    """Neither a file nor a way to somewhere else."""
    answer = page.request.get(path, max_redirects=0)
    return "text/html" in answer.headers.get("content-type", "") and answer.status < 500 and answer.status != 303


def faults_of(page: Page, path: str) -> list[str]:
    seen.opened(page, path)
    return [f"{path}: {one['id']} at {one['nodes'][0]['target']}" for one in violations(page)]
