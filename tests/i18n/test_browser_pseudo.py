"""In a language made for it, every page shows texts that nobody marked and texts that don't fit."""

import re
from collections.abc import Sequence

import pytest
from apiflask import APIFlask
from playwright.sync_api import Page

from tests.browser.pages import Signing
from tests.i18n import seen
from tests.i18n.pages import DEALERS, MASTERS, PSEUDO, reads, teach_pseudo
from tests.support.app import sqlite_only
from tests.support.browser import NewPage
from tests.support.cast import ARKLITY
from tests.support.way import Way

MARKED = re.compile(r"⟦[^⟦⟧]*⟧")
WORD = re.compile(r"[^\W\d_]{2,}")
DAY = re.compile(r"\b\d{1,2} [A-Z][a-z]{2} \d{4}\b")
# The same in every language, or told by others than the catalogue: the rules' ticket types, Babel's countries.
NAMES = {
    "Mikroserwis",
    "XLSX",
    "CRM",
    "NIP",
    "REGON",
    "IBAN",
    "PLN",
    "kB",
    "MB",
    "PDF",
    "DOCX",
    "ZIP",
    "Enter",
    "https",
}
NAMES |= {"Insoft", "Fiscal", "cash", "register", "RMS", "RKS", "Poland", PSEUDO}


@pytest.fixture
def faults(app: APIFlask, served: str, new_page: NewPage, way: Way) -> list[str]:
    """A line for each text that is unmarked or doesn't fit; walked once, in one browser."""
    teach_pseudo()
    way.closed(ARKLITY)
    found: list[str] = []
    sign_in = Signing(served, new_page)
    for who, addresses in (("alfa", DEALERS), ("master", MASTERS)):
        reads(app, who, PSEUDO)
        walk(sign_in(who, expected=["status of 404"]), addresses, found)
    return found


def walk(page: Page, addresses: Sequence[str], found: list[str]) -> None:
    for address in addresses:
        page.set_viewport_size({"width": 1440, "height": 900})
        seen.opened(page, address)
        found += [f"{address}: unmarked: {text}" for text in seen.texts(page) if unmarked(text)]
        for width in (1440, 390):
            page.set_viewport_size({"width": width, "height": 900})
            found += [f"{address}: clipped at {width}: {text}" for text in seen.clipped(page)]
            found += [f"{address}: too wide at {width}: {one}" for one in seen.too_wide(page)]


def unmarked(text: str) -> bool:
    text = DAY.sub(" ", text)
    while MARKED.search(text):
        text = MARKED.sub(" ", text)
    return bool(set(WORD.findall(text)) - NAMES)


@sqlite_only
@pytest.mark.timeout(240)
def test_every_text_is_marked_and_has_room_to_grow(faults: list[str]):
    assert not faults, "\n".join(faults)
