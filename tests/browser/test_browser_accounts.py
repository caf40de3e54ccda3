"""A person's first day: entered on the dealer's page, activated by the mail, signed in; then a forgotten password."""

import re
from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest
from playwright.sync_api import expect

from mikroserwis.edge import Parts
from mikroserwis.sweeps.deliver import deliver_due
from tests.browser.pages import Signing
from tests.support.app import sqlite_only
from tests.support.browser import NewPage

FIRST, SECOND = "ząb kalafior Tytikaka", "parapet morela dziewięć"
# The server says so on purpose: a wrong password, a password that is too easy, a link that is used up.
EXPECTED = ["status of 401", "status of 410", "status of 422"]


def newest_link(parts: Parts) -> str:
    """Path of the link in the last mail that bears one."""
    while deliver_due(parts, lambda: datetime.now(UTC), limit=50).delivered:
        pass
    files = sorted((parts.settings.data / "mail").glob("*.eml"), key=lambda file: int(file.stem.split("-")[-1]))
    bodies = [message_from_bytes(file.read_bytes(), policy=policy.default).get_content() for file in files]
    return [found[0] for body in bodies if (found := re.search(r"/account/links/\S+", body))][-1]


@sqlite_only
@pytest.mark.timeout(180)
def test_from_the_invitation_to_the_first_sign_in_and_back_in_with_a_forgotten_password(
    served: str, new_page: NewPage, parts: Parts
):
    staff = Signing(served, new_page)("operator")
    staff.goto("/dealers/1")
    staff.get_by_role("link", name="Nowe konto").click()
    staff.get_by_label("Imię i nazwisko").fill("Jan Nowy")
    staff.get_by_label("E-mail").fill("jan@nowy.example")
    staff.get_by_role("button", name="Załóż konto").click()
    expect(staff.get_by_role("status").filter(has_text="jan@nowy.example")).to_be_visible()
    expect(staff.get_by_text("jeszcze nieaktywne")).to_be_visible()

    person = new_page(390, 844, base_url=served, expected=EXPECTED)
    link = newest_link(parts)
    person.goto(link)
    person.locator("[name=password]").fill("Jan Nowy 123")
    person.locator("[name=repeated]").fill("Jan Nowy 123")
    person.get_by_role("button", name="Ustaw hasło").click()
    expect(person.locator("#error-password")).to_be_visible()
    person.locator("[name=password]").fill(FIRST)
    person.locator("[name=repeated]").fill(FIRST)
    person.get_by_role("button", name="Ustaw hasło").click()
    person.get_by_label("E-mail, telefon").fill("jan@nowy.example")
    person.locator("[name=password]").fill(FIRST)
    person.get_by_role("button", name="Zaloguj się").click()
    expect(person).to_have_url(re.compile("/tickets"))
    person.goto(link)
    expect(person.get_by_role("heading", name="Ten odnośnik nie jest już ważny")).to_be_visible()

    again = new_page(base_url=served, expected=EXPECTED)
    again.goto("/sign-in")
    again.get_by_role("link", name="Nie pamiętasz hasła?").click()
    again.get_by_label("E-mail, telefon").fill("jan@nowy.example")
    again.get_by_role("button", name="Wyślij odnośnik").click()
    expect(again.get_by_role("heading", name="Sprawdź skrzynkę pocztową")).to_be_visible()
    again.goto(newest_link(parts))
    again.locator("[name=password]").fill(SECOND)
    again.locator("[name=repeated]").fill(SECOND)
    again.get_by_role("button", name="Ustaw hasło").click()
    again.get_by_label("E-mail, telefon").fill("jan@nowy.example")
    again.locator("[name=password]").fill(SECOND)
    again.get_by_role("button", name="Zaloguj się").click()
    expect(again).to_have_url(re.compile("/tickets"))
    person.goto("/tickets")
    expect(person).to_have_url(re.compile("/sign-in"))


@sqlite_only
def test_the_own_data_can_be_saved_as_a_file_as_often_as_one_likes(served: str, new_page: NewPage):
    page = Signing(served, new_page)("alfa")
    page.goto("/account")
    export = page.get_by_role("button", name="Eksportuj moje dane")
    for _time in range(2):
        with page.expect_download() as saved:
            export.click()
        assert saved.value.suggested_filename.endswith(".zip")
        expect(export).not_to_have_attribute("aria-busy", "true")
