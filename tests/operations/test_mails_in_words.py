"""What the mails say: the last day as the pages say it, and each under a subject of its own."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import update

from mikroserwis.i18n import say_date, speaking
from mikroserwis.models import Customer, User
from mikroserwis.rulebook import RULES
from mikroserwis.tickets.operations import pausing
from tests.operations.desk import Desk
from tests.support.app import sqlite_only
from tests.support.cast import ARKLITY, PEOPLE, SAM

pytestmark = sqlite_only
MANAGER = "opiekun@office.example"


def suspend(desk: Desk, number: int, who: str) -> None:
    desk.do(pausing.suspend, number, who, "ticket.suspend", note="Detalista się waha.")


@pytest.mark.parametrize(("language", "words"), [("pl", "do końca dnia"), ("en", "by the end of")])
def test_a_mail_says_the_last_day_and_not_the_midnight_after_it(desk: Desk, language: str, words: str):
    with desk.database.transaction() as session:
        session.execute(update(User).where(User.email == PEOPLE["alfa"].email).values(language=language))
    desk.intake(700)
    [mail] = desk.mails(700, "offered")
    due_at = desk.ticket(700).due_at
    assert due_at is not None
    midnight = due_at.astimezone(RULES.tz)
    assert (midnight.hour, midnight.minute) == (0, 0)
    with speaking(language):
        last, day_after = say_date((midnight - timedelta(days=1)).date()), say_date(midnight.date())
    assert f"{words} {last}" in mail.body
    assert day_after not in mail.body
    assert "00:00" not in mail.body


def test_everything_in_a_polish_mail_is_polish(desk: Desk):
    [mail] = desk.mails(SAM, "offered")
    assert not {"Ticket", "Company", "Due"} & set(mail.body.replace(":", " ").split())


def test_the_account_manager_reads_of_a_suspension_under_a_subject_of_its_own(desk: Desk):
    with desk.database.transaction() as session:
        session.execute(update(Customer).values(account_manager_email=MANAGER))
    desk.take(ARKLITY, "beta")
    suspend(desk, ARKLITY, "beta")
    [mail] = [one for event in ("quote", "suspended") for one in desk.mails(ARKLITY, event)]
    assert (mail.recipient, mail.subject) == (MANAGER, f"Zgłoszenie {ARKLITY} zawieszone")
    assert "Detalista się waha." in mail.body
    assert f"Zgłoszenie: {ARKLITY}" in mail.body


def test_only_the_operations_mailbox_gets_the_quote_and_its_subject(desk: Desk):
    desk.contract(SAM, "alfa")
    suspend(desk, SAM, "alfa")
    [quote], [told] = desk.mails(SAM, "quote"), desk.mails(SAM, "suspended")
    assert (quote.recipient, quote.subject) == (RULES.contacts.operations_mailbox, "Wycena")
    assert len(json.loads(quote.files)) == 1
    assert (told.subject, json.loads(told.files)) == (f"Zgłoszenie {SAM} zawieszone", [])
    assert f"Zgłoszenie: {SAM}" in quote.body
    assert f"Zgłoszenie: {SAM}" in told.body
