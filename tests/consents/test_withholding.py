"""A message that rests on a consent goes only while it is given: asked at the moment of sending, not of queuing."""

from threading import Barrier, Thread

import pytest
from sqlalchemy import select

from mikroserwis import consenting
from mikroserwis.consenting import BASES
from mikroserwis.messages.wording import EVENTS
from mikroserwis.models import Consent
from tests.consents.conftest import Desk
from tests.support.app import sqlite_only
from tests.support.cast import PEOPLE

MAIL = "krystyna@sieciechow.example"


def test_what_was_withdrawn_between_queuing_and_sending_is_not_sent(desk: Desk):
    krystyna = desk.contact()
    desk.decide(krystyna, "marketing", note="telefonicznie")
    desk.decide(krystyna, "email", note="telefonicznie")
    first = desk.post(MAIL)
    desk.deliver()
    assert desk.sending(first).state == "kept"
    second = desk.post(MAIL)
    desk.decide(krystyna, "marketing", given=False, note="telefonicznie")
    desk.deliver()
    kept_back = desk.sending(second)
    assert (kept_back.state, kept_back.attempts[-1].outcome) == ("withheld", "withheld_marketing")
    assert len(desk.mails(MAIL)) == 1


def test_a_message_kept_back_is_settled_and_never_tried_again(desk: Desk):
    desk.contact()
    message = desk.post(MAIL)
    for _round in range(3):
        desk.deliver()
    found = desk.sending(message)
    assert (found.state, found.item.attempts, found.next_at, desk.mails(MAIL)) == ("withheld", 1, None, [])
    krystyna = consenting.Person(contact_id=1)
    desk.decide(krystyna, "marketing", note="na piśmie")
    desk.decide(krystyna, "email", note="na piśmie")
    desk.deliver()
    assert desk.sending(message).state == "withheld"


def test_what_is_kept_back_says_so_on_the_page_of_messages_and_cannot_be_sent_again(desk: Desk, web, api):
    message = desk.post(MAIL)
    desk.deliver()
    staff = web("operator")
    assert "brak zgody na e-mail" in staff.get(f"/messages/{message}").text
    for state, shown in (("", True), ("withheld", True), ("delivered", False)):
        assert ("niewysłana: brak zgody na e-mail" in staff.get(f"/messages?state={state}").text) is shown
    assert api("operator").get(f"/messages/{message}").json["state"] == "withheld"
    assert staff.post(f"/messages/{message}/retry").status_code == 409


@sqlite_only
def test_what_keeps_an_account_safe_and_the_work_on_tickets_needs_no_consent_by_mail(desk: Desk):
    krystyna = desk.contact()
    for kind in consenting.KINDS:
        desk.decide(krystyna, kind, given=False, note="na piśmie")
    for event in ("account_recovery", "password_changed", "offered", "quote"):
        message = desk.post(MAIL, event)
        desk.deliver()
        assert desk.sending(message).state == "kept", event


def withheld(desk: Desk, address: str, event: str, channel: str = "sms") -> str | None:
    with desk.database.reading() as session:
        return consenting.withheld(session, event=event, channel=channel, address=address)  # type: ignore[arg-type]


def test_an_sms_to_a_customers_person_always_needs_its_consent(desk: Desk):
    krystyna, phone = desk.contact(), "+48601222333"
    for event in ("account_recovery", "closed", "order_progress"):
        assert withheld(desk, phone, event) == "sms"
    desk.decide(krystyna, "sms", note="telefonicznie")
    assert withheld(desk, phone, "closed") is None
    assert withheld(desk, phone, "newsletter") == "marketing"
    assert withheld(desk, "+48999888777", "closed") == "sms"


@sqlite_only
def test_a_dealers_working_sms_needs_none_but_a_withdrawal_is_heeded(desk: Desk):
    alfa, phone = desk.person("alfa"), str(PEOPLE["alfa"].phone)
    assert withheld(desk, phone, "offered") is None
    assert withheld(desk, phone, "newsletter") == "sms"
    desk.decide(alfa, "sms", given=False, note="telefonicznie")
    assert withheld(desk, phone, "offered") == "sms"
    assert withheld(desk, phone, "second_factor_reset") is None


def test_of_several_persons_with_one_address_the_last_word_counts(desk: Desk):
    first, second = desk.contact(), desk.contact(name="Krystyna Zięba-Nowak", email=MAIL.upper())
    for kind in ("email", "marketing"):
        desk.decide(first, kind, note="na piśmie")
    assert withheld(desk, MAIL, "newsletter", "email") is None
    desk.decide(second, "marketing", given=False, note="na piśmie")
    assert withheld(desk, MAIL, "newsletter", "email") == "marketing"


def test_every_event_stands_in_the_table_of_what_it_rests_on():
    assert set(EVENTS) - set(BASES) == set()


@sqlite_only
def test_an_event_that_nobody_has_put_into_the_table_needs_a_consent(desk: Desk):
    assert withheld(desk, PEOPLE["sam"].email, "something_new", "email") == "email"


@pytest.mark.parametrize("given", [True, False])
def test_of_two_who_decide_the_same_at_once_one_row_is_kept(desk: Desk, given: bool):
    krystyna, barrier = desk.contact(), Barrier(2)

    def decide() -> None:
        barrier.wait(10)
        desk.decide(krystyna, "sms", given=given, note="telefonicznie")

    both = [Thread(target=decide) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join(20)
    with desk.database.reading() as session:
        assert [one.given for one in session.scalars(select(Consent))] == [given]
