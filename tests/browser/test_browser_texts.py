"""A text in a real browser: its preview follows what is typed, and a real SMTP server receives it as written."""

import re
from email.message import EmailMessage

import requests
from playwright.sync_api import expect

from mikroserwis.edge import Parts
from tests.browser.pages import Signing
from tests.browser.test_browser_accessibility import faults
from tests.support.app import sqlite_only
from tests.support.browser import NewPage
from tests.support.cast import PEOPLE
from tests.sweeps.desk import Desk
from tests.sweeps.mail_servers import listening

PAGE = "/texts/account_recovery/email/pl"


def received(parts: Parts) -> list[EmailMessage]:
    """By a server that takes whatever waits."""
    with listening() as mailbox:
        sending = Desk(parts).with_settings(smtp_url=mailbox.url)
        for _turn in range(3):
            sending.deliver()
        return mailbox.received


def forget_password(url: str, email: str) -> None:
    with requests.Session() as someone:
        page = someone.get(f"{url}/account/forgotten", timeout=10)
        token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
        assert token is not None
        form = {"csrf_token": token[1], "identifier": email}
        assert someone.post(f"{url}/account/forgotten", form, timeout=10).status_code == 200


@sqlite_only
def test_a_mail_arrives_as_it_was_written_in_the_browser(served: str, new_page: NewPage, parts: Parts):
    page = Signing(served, new_page)("admin")
    page.goto("/texts?q=prosba+haslo")
    page.get_by_role("link", name="Prośba o nowe hasło").click()
    assert faults(page, [PAGE, "/texts", "/texts/offered/sms/pl"]) == []
    page.goto(PAGE)

    page.locator("#subject").fill("Hasło dla: ")
    page.locator('[data-insert="{{ name }}"]').click()
    expect(page.locator("#subject")).to_have_value("Hasło dla: {{ name }}")
    page.locator("#body").fill("Do {{ until }} czeka odnośnik:\n\n")
    look = page.locator("#preview")
    expect(look).to_contain_text("{{ url }} musi być w tekście")
    page.locator('[data-insert="{{ url }}"]').click()
    expect(look).to_contain_text("Hasło dla: Adam Administrator")
    expect(look).to_contain_text("https://mikroserwis.example/account/links/")
    page.get_by_role("button", name="Wyślij do mnie próbę").click()
    expect(page.locator(".notice.ok")).to_contain_text(PEOPLE["admin"].email)
    expect(page.locator("#subject")).to_have_value("Hasło dla: {{ name }}")
    page.get_by_role("button", name="Zapisz").click()
    expect(page.locator(".flashes")).to_contain_text("Od teraz jest wysyłany")
    assert faults(page, [PAGE]) == []

    forget_password(served, PEOPLE["alfa"].email)
    mails = {str(mail["To"]): mail for mail in received(parts)}
    assert mails[PEOPLE["admin"].email]["Subject"] == "Próba: Hasło dla: Adam Administrator"
    mail = mails[PEOPLE["alfa"].email]
    assert mail["Subject"] == "Hasło dla: Łukasz Gąska"
    body = mail.get_content().strip().replace("\r\n", "\n")
    assert re.fullmatch(r"Do \d.+ czeka odnośnik:\n\nhttp\S+/account/links/\d+-[\w-]{43}", body)


@sqlite_only
def test_an_sms_is_counted_while_it_is_typed(served: str, new_page: NewPage):
    page = Signing(served, new_page)("admin", width=390)
    page.goto("/texts/offered/sms/pl")
    page.locator("#body").fill("Zgloszenie {{ ticket }}.")
    size = page.locator("#preview .look-size")
    expect(size).to_contain_text("15 z 160 znaków")
    page.locator("#body").press_sequentially(" ść")
    expect(size).to_contain_text("18 z 70 znaków")
    expect(page.locator("#preview")).to_contain_text("Znaku „ś”")
    page.locator("#ticket").fill("80")
    page.locator("#body").fill("{{ company }} {{ ticket }}")
    expect(page.locator("#preview")).to_contain_text("PPHU Spożywcza Arklity 80")
