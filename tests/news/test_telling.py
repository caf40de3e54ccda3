"""News told by mail: what happened together in one mail, one thing in a plain one, nothing that is no longer true."""

import json
from datetime import timedelta

import pytest

from mikroserwis.models import User
from mikroserwis.tickets.operations import handover, pausing
from mikroserwis.tickets.operations.notes import add_note
from tests.news.desk import NewsDesk
from tests.support.app import sqlite_only

ALFA, DEALER = "alfa", "Dealer Alfa"
MISSED = {"how": "sweep", "stage": "take", "due": "2026-05-30T22:00:00+00:00"}
CHOICE = {
    "area": "26",
    "open_tickets": 2,
    "capacity": 8,
    "decided_by": "least_loaded",
    "passed_over": [],
}


def speak_english(desk: NewsDesk, name: str) -> None:
    with desk.database.transaction() as session:
        user = session.get_one(User, desk.actor(name).user_id)
        user.language = "en"


@pytest.fixture(autouse=True)
def english(desk: NewsDesk) -> None:
    speak_english(desk, ALFA)


def gone(desk: NewsDesk, *numbers: int) -> None:
    """The sweep has taken these of Dealer Alfa's away."""
    for number in numbers:
        desk.do(handover.reassign, number, "operator", "ticket.reassign", reason="Termin minął.", to="pool")
        desk.add_news(number, "lost", DEALER, **MISSED)


def test_one_thing_that_happened_gets_a_plain_mail_of_its_own(desk: NewsDesk):
    gone(desk, 115)
    assert desk.tell()
    [mail] = desk.sent()
    assert (mail.subject, mail.event, mail.recipient) == (
        "Ticket 115 is no longer yours",
        "taken_away",
        "alfa@dealer.example",
    )
    assert "It was not taken by the end of 30 May 2026." in mail.body
    assert "SAM" in mail.body
    assert "/tickets/" not in mail.body, "the ticket's page is no longer the dealer's to see"
    assert not desk.tell()
    assert len(desk.sent()) == 1


def test_what_happened_together_is_one_mail_whose_subject_says_the_essential(desk: NewsDesk):
    desk.now = desk.now.replace(hour=23)
    desk.intake(501, dealer_crm_id=1001)
    desk.intake(502, dealer_crm_id=1001)
    desk.intake(503, dealer_crm_id=1001)
    gone(desk, 115, 501)
    desk.add_news(502, "got", DEALER, choice=CHOICE)
    desk.add_news(503, "got", DEALER, choice=None)
    desk.tell()
    [mail] = desk.sent()
    assert mail.subject == "Tonight: 2 tickets have gone to other dealers, 2 tickets are new for you"
    assert (mail.event, mail.ticket_id) == ("news", None)
    for said in ("115: ", "501: ", "covers 26", "http://localhost/tickets/502", "http://localhost/tickets/503"):
        assert said in mail.body
    told = [one for number in (115, 501, 502, 503) for kind in ("lost", "got") for one in desk.news(number, kind)]
    assert {one.message_ids for one in told} == {json.dumps([mail.id])}


def test_each_person_of_a_dealer_reads_it_in_their_language(desk: NewsDesk):
    with desk.database.transaction() as session:
        user = session.get_one(User, desk.actor("beta").user_id)
        user.dealer_id = desk.actor(ALFA).dealer_id
    gone(desk, 115)
    desk.tell()
    [english], [polish] = desk.sent(), desk.sent(to="beta@dealer.example")
    assert english.subject == "Ticket 115 is no longer yours"
    assert polish.subject == "Zgłoszenie 115 nie należy już do Ciebie"


def test_staff_read_in_the_operations_mailbox_what_went_where_and_what_nobody_took(desk: NewsDesk):
    desk.intake(501, dealer_crm_id=1001)
    desk.add_news(115, "moved", None, **MISSED, was="Dealer Alfa", to="Dealer Beta", choice=CHOICE)
    nobody = {**CHOICE, "area": None, "passed_over": [[1, "at_capacity"]]}
    desk.add_news(501, "to_pool", None, **MISSED, was="Dealer Alfa", choice=nobody)
    desk.tell()
    [mail] = desk.sent(to="operacje@mplatform.com.pl")
    for said in ("Dealer Alfa", "Dealer Beta", "115: ", "501: ", "http://localhost/tickets/501"):
        assert said in mail.body


def test_what_a_running_sweep_still_writes_is_waited_for_but_not_longer_than_a_minute(desk: NewsDesk):
    began = desk.now
    gone(desk, 115)
    for seconds in range(1, 59, 4):
        desk.now = began + timedelta(seconds=seconds)
        desk.add_news(80, "moved", DEALER, **MISSED, was="A", to="B")
        desk.later(seconds=2)
        assert not desk.tell_now()
    desk.now = began + timedelta(minutes=1)
    assert desk.tell_now()
    assert len(desk.sent()) == 1


def test_a_ticket_that_came_back_before_anything_was_told_is_nobodys_news(desk: NewsDesk):
    desk.add_news(115, "lost", DEALER, **MISSED)
    desk.later(seconds=1)
    desk.add_news(115, "back", DEALER, reason="Pomyłka.")
    desk.tell()
    assert desk.sent() == []
    assert desk.untold() == 0


def test_a_ticket_that_came_back_later_is_told_with_its_reason(desk: NewsDesk):
    desk.add_news(115, "back", DEALER, reason="Pomyłka.")
    desk.tell()
    [mail] = desk.sent()
    assert mail.subject.startswith("Ticket 115 is yours again")
    assert "Reason: Pomyłka." in mail.body


@pytest.mark.parametrize("act", ["take", "suspend", "reassign", "extend"])
@sqlite_only
def test_a_warning_that_is_no_longer_true_is_noted_without_a_mail(desk: NewsDesk, act: str):
    if act == "suspend":
        desk.contract(115, ALFA)
        desk.now = desk.moments(115, "completion")[50]
    else:
        desk.now = desk.moments(115, "take")[50]
    desk.warn()
    assert len(desk.news(115)) == 1
    if act == "take":
        desk.take(115, ALFA)
    elif act == "suspend":
        desk.do(pausing.suspend, 115, ALFA, "ticket.suspend", note="Remont.")
    elif act == "reassign":
        desk.do(handover.reassign, 115, "operator", "ticket.reassign", reason="Urlop.", to="pool")
    else:
        desk.extend(115, desk.due_day(115) + timedelta(days=2))
    desk.tell()
    assert desk.sent("warning") == []
    assert [one.message_ids for one in desk.news(115)] == ["[]"]
    assert all(one.told_at for one in desk.news(115))


def test_a_warning_says_what_is_owed_until_when_and_what_to_do_and_the_last_one_is_urgent(desk: NewsDesk):
    desk.now = desk.moments(115, "take")[50]
    desk.warn()
    desk.tell()
    [first] = desk.sent("warning")
    assert first.subject.startswith("Ticket 115 is due ")
    for said in ("It is to be taken by the end of", "Take it on its page", "http://localhost/tickets/115"):
        assert said in first.body
    assert "another dealer" not in first.body.replace("so that another dealer can begin", "")
    desk.now = desk.moments(115, "take")[90]
    desk.warn()
    desk.tell()
    last = desk.sent("warning")[-1]
    assert last.subject.startswith("Urgent: ")
    assert "After that day it is given to another dealer." in last.body


def test_a_warning_asks_for_a_current_note_unless_there_is_one(desk: NewsDesk):
    desk.contract(115, ALFA)
    for share in (50, 75):
        desk.now = desk.moments(115, "completion")[share]
        if share == 75:
            desk.do(add_note, 115, ALFA, "notes.add", text="Montaż w piątek.")
        desk.warn()
        desk.tell()
    asked, silent = desk.sent("warning")
    assert "Please add a current note to the ticket: there is none yet." in asked.body
    assert "current note" not in silent.body


def test_a_contract_warning_names_the_papers_that_are_missing(desk: NewsDesk):
    desk.take(115, ALFA)
    desk.confirm(115, ALFA)
    desk.attach(115, "contract", ALFA)
    desk.now = desk.moments(115, "contract")[50]
    desk.warn()
    desk.tell()
    [mail] = desk.sent("warning")
    assert "Still missing: Power of attorney, Quote." in mail.body


def test_only_what_the_sweep_does_is_called_tonights(desk: NewsDesk):
    desk.now = desk.now.replace(hour=23)
    desk.intake(501, dealer_crm_id=1001)
    for number in (115, 501):
        desk.add_news(number, "back", DEALER, reason="Pomyłka")
    desk.tell()
    assert [mail.subject for mail in desk.sent()] == ["2 tickets are new for you"]


def test_a_dealer_with_the_days_digest_reads_of_its_deadlines_once_a_day_and_of_a_lost_ticket_at_once(desk: NewsDesk):
    desk.wants_digest(DEALER)
    desk.intake(501, dealer_crm_id=1001)
    desk.intake(502, dealer_crm_id=1001)
    for share in (50, 75):
        desk.now = max(desk.moments(number, "take")[share] for number in (115, 501))
        desk.warn()
    gone(desk, 502)
    desk.tell()
    assert [mail.event for mail in desk.sent()] == ["taken_away"]
    assert desk.digest()["dealers"] == 1
    mail = desk.sent()[-1]
    assert (mail.event, mail.subject) == ("warning", "2 tickets are due soon")
    assert mail.body.count("115: ") == 1
    assert desk.untold() == 0
    assert desk.digest()["news"] == 0


def test_who_gives_the_digest_up_reads_what_waited_for_it_at_once(desk: NewsDesk):
    desk.wants_digest(DEALER)
    desk.now = desk.moments(115, "take")[50]
    desk.warn()
    desk.tell()
    assert desk.sent() == []
    desk.wants_digest(DEALER, False)
    assert desk.tell()
    assert len(desk.sent("warning")) == 1


@sqlite_only
def test_a_dealer_that_nobody_can_be_reached_at_is_noted_as_told(desk: NewsDesk):
    other = desk.add_dealer("Dealer Cichy", 91, "26")
    desk.change_dealer(other, email="")
    desk.add_news(115, "lost", "Dealer Cichy", **MISSED)
    assert desk.tell()
    assert desk.sent() == []
    assert desk.untold() == 0
