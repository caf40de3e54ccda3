"""Scans dropped on the page in a real Chromium: each with its own answer, asked about or retried where it stands."""

import base64
from collections.abc import Mapping

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.pages import Signing
from tests.support.app import sqlite_only
from tests.support.browser import NewPage
from tests.support.cast import ARKLITY, SAM
from tests.support.scanner import BLANK, in_one_scan, photographed, whole
from tests.support.way import Way, plain_page

DROP = """(form, files) => {
  const given = new DataTransfer();
  for (const [name, type, content] of files)
    given.items.add(new File([Uint8Array.from(atob(content), (sign) => sign.charCodeAt(0))], name, { type }));
  for (const kind of ["dragenter", "dragover", "drop"])
    form.dispatchEvent(new DragEvent(kind, { dataTransfer: given, bubbles: true, cancelable: true }));
}"""


def drop(page: Page, files: Mapping[str, bytes]) -> None:
    """All at once onto the form, as from a folder."""
    types = {"pdf": "application/pdf", "jpg": "image/jpeg"}
    given = [[name, types[name[-3:]], base64.b64encode(content).decode()] for name, content in files.items()]
    page.locator("form.drop").evaluate(DROP, given)


def answer(page: Page, name: str, outcome: str) -> Locator:
    row = page.locator(f".progress > .{outcome}", has=page.locator("bdi", has_text=name))
    expect(row).to_have_count(1, timeout=60_000)
    return row


@sqlite_only
@pytest.mark.timeout(240)
def test_of_five_scans_dropped_at_once_one_is_refused_one_is_asked_about_and_the_others_find_their_place(
    served: str, new_page: NewPage, way: Way
):
    way.confirmed(SAM)
    way.confirmed(ARKLITY)
    contract, power = way.scan(SAM, "contract"), way.scan(SAM, "power_of_attorney")
    [first, *rest] = [photographed(*page) for page in whole(contract)]
    page = Signing(served, new_page)("alfa", expected=["status of 422"])
    page.goto(f"/tickets/{SAM}")
    expect(page.locator("#files .order")).to_contain_text("Wycena")
    drop(
        page,
        {
            "strona1.jpg": first,
            "obcy.pdf": way.scan(ARKLITY, "contract"),
            "pelnomocnictwo.pdf": in_one_scan(*(one for sheet in reversed(whole(power)) for one in (sheet, BLANK))),
            **{f"strona{number}.jpg": picture for number, picture in enumerate(rest, start=2)},
            "wycena.pdf": plain_page(),
        },
    )
    expect(answer(page, "obcy.pdf", "refused")).to_contain_text(f"należy do zgłoszenia {ARKLITY}")
    answer(page, "wycena.pdf", "unfiled")
    expect(page.locator(".progress > .filed")).to_have_count(3)
    for name in ("strona2.jpg", "pelnomocnictwo.pdf"):
        expect(answer(page, name, "filed")).to_contain_text("dołączono jako")
    files = page.locator("#files .files")
    expect(files).to_contain_text(f"{SAM}-umowa.pdf")
    expect(files).to_contain_text("z plików strona1.jpg, strona2.jpg")
    expect(page.locator("fieldset.held")).to_be_hidden()
    asked = page.locator("form.unfiled")
    asked.get_by_label("Rodzaj pliku wycena.pdf").select_option("other")
    asked.get_by_role("button", name="Dołącz").click()
    expect(files).to_contain_text("wycena.pdf")
    expect(asked).to_be_hidden()


@sqlite_only
@pytest.mark.timeout(120)
def test_a_scan_that_was_cut_off_is_sent_again_by_a_press(served: str, new_page: NewPage, way: Way):
    way.confirmed(SAM)
    page = Signing(served, new_page)("alfa", expected=["ERR_FAILED", "Failed to load"])
    page.goto(f"/tickets/{SAM}")
    page.route(f"**/tickets/{SAM}/files", lambda route: route.abort(), times=1)
    drop(page, {"umowa.pdf": way.scan(SAM, "contract")})
    failed = answer(page, "umowa.pdf", "refused")
    expect(failed).to_contain_text("Połączenie")
    failed.get_by_role("button", name="Spróbuj ponownie").click()
    answer(page, "umowa.pdf", "filed")
    expect(page.locator("#files .files")).to_contain_text("umowa.pdf")


@sqlite_only
@pytest.mark.timeout(120)
def test_on_a_telephone_a_picture_of_each_page_is_taken_one_after_the_other(served: str, new_page: NewPage, way: Way):
    way.confirmed(SAM)
    pages = whole(way.scan(SAM, "contract"))
    page = Signing(served, new_page)(
        "alfa", width=390, height=844, has_touch=True, is_mobile=True, expected=["status of 422"]
    )
    page.goto(f"/tickets/{SAM}")
    camera = page.get_by_label("Zrób zdjęcie")
    expect(page.locator("label.camera")).to_be_visible()
    expect(camera).to_have_attribute("capture", "environment")
    for number, sheet in enumerate(pages, start=1):
        content = photographed(*sheet)
        camera.set_input_files({"name": f"zdjecie{number}.jpg", "mimeType": "image/jpeg", "buffer": content})
        answer(page, f"zdjecie{number}.jpg", "held" if number < len(pages) else "filed")
        if number < len(pages):
            expect(page.locator("fieldset.held")).to_contain_text("Umowa: brakuje")
    expect(page.locator("#files .files")).to_contain_text(f"{SAM}-umowa.pdf")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
