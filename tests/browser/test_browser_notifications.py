"""The bell in a real browser: it appears, its count falls as one reads, and channels are chosen by keyboard."""

from datetime import UTC, datetime

from playwright.sync_api import expect
from sqlalchemy import select

from mikroserwis.edge import Parts
from mikroserwis.models import Notification
from tests.browser.pages import Signing
from tests.browser.test_browser_accessibility import faults
from tests.notifications.desk import Bell
from tests.support.app import sqlite_only
from tests.support.browser import NewPage


@sqlite_only
def test_the_count_on_the_bell_falls_as_what_is_told_is_opened(served: str, new_page: NewPage, parts: Parts):
    bell = Bell(parts)
    bell.clear()
    page = Signing(served, new_page)("alfa", 390, 844)
    page.goto("/tickets")
    expect(page.locator(".bell .fresh")).to_have_count(0)
    bell.offer(2)
    page.reload()
    expect(page.locator(".bell .fresh")).to_have_text("2 nieprzeczytane")
    page.get_by_role("link", name="Powiadomienia").click()
    page.get_by_role("link", name="Nowe zgłoszenie 115").first.click()
    page.wait_for_url("**/tickets/115")
    expect(page.locator(".bell .fresh")).to_have_text("1 nieprzeczytane")
    page.goto("/notifications")
    expect(page.locator(".bells .unread")).to_have_count(1)
    page.get_by_role("button", name="Oznacz wszystkie jako przeczytane").click()
    expect(page.locator(".bell .fresh")).to_have_count(0)
    expect(page.locator(".flashes")).to_contain_text("1 powiadomienie oznaczono")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@sqlite_only
def test_axe_finds_nothing_on_the_bells_pages_and_the_table_of_channels(served: str, new_page: NewPage, parts: Parts):
    Bell(parts).offer(2)
    with parts.database.transaction() as session:
        one = session.scalars(select(Notification).order_by(Notification.id.desc())).first()
        assert one is not None
        one.ticket_id, one.at = None, datetime.now(UTC)
    sign_in = Signing(served, new_page)
    assert faults(sign_in("master"), ["/messages/events", "/messages?channel=sms", "/notifications"]) == []
    small = sign_in("alfa", 390, 844, color_scheme="dark")
    assert faults(small, ["/notifications", "/notifications?unread=yes", f"/notifications/{one.id}"]) == []
    admin = sign_in("admin", 390, 844)
    admin.goto("/messages/events")
    admin.locator("[name='offered.sms']").focus()
    admin.keyboard.press("Space")
    admin.get_by_role("button", name="Zapisz").click()
    expect(admin.locator(".flashes")).to_contain_text("1 zdarzenie jest oznajmiane inaczej")
    expect(admin.locator("[name='offered.sms']")).to_be_checked()
    assert admin.evaluate("document.documentElement.scrollWidth <= innerWidth")
