"""Mails about several tickets, found at each of them; the demand for a note in the dealer's list."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import select

from mikroserwis.models import Ticket
from tests.news.desk import NewsDesk
from tests.support.app import sqlite_only
from tests.support.cast import ARKLITY, SAM
from tests.support.people import Web

pytestmark = sqlite_only
People = Callable[[str], Web]
MISSED = {"how": "sweep", "stage": "take", "due": "2026-05-30T22:00:00+00:00"}


def test_a_mail_about_several_tickets_is_found_at_each_of_them(desk: NewsDesk, web: People):
    for number in (SAM, ARKLITY):
        desk.add_news(number, "moved", None, **MISSED, was="Dealer Alfa", to="Dealer Beta")
    desk.tell()
    [mail] = desk.sent(to="operacje@mplatform.com.pl")
    for number in (SAM, ARKLITY):
        assert mail.subject in web("operator").get(f"/tickets/{number}").text
        assert mail.subject in web("operator").get(f"/messages?ticket={number}").text
    assert mail.subject not in web("operator").get("/messages?ticket=300").text
    assert mail.subject not in web("alfa").get(f"/tickets/{SAM}").text, "what staff are told is not the dealer's"


def test_a_dealer_finds_its_warning_at_the_ticket(desk: NewsDesk, web: People):
    desk.now = desk.moments(SAM, "take")[50]
    desk.warn()
    desk.tell()
    [mail] = desk.sent("warning")
    assert mail.subject in web("alfa").get(f"/tickets/{SAM}").text


def test_a_ticket_past_its_first_warning_stands_in_the_dealers_list_until_somebody_writes_a_note(
    desk: NewsDesk, web: People
):
    def listed() -> bool:
        return f'href="/tickets/{SAM}"' in web("alfa").get("/tickets?view=needs_note").text

    assert not listed()
    with desk.database.transaction() as session:
        ticket = session.scalars(select(Ticket).where(Ticket.number == SAM)).one()
        ticket.warn_at = desk.now - timedelta(minutes=1)
    assert listed()
    web("alfa").post(f"/tickets/{SAM}/notes", {"note": "Montaż w piątek."})
    assert not listed()
    assert "view=needs_note" in web("alfa").get("/tickets").text
    assert "view=needs_note" not in web("operator").get("/tickets").text
