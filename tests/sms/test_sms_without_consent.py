"""Whom only an SMS would tell, and who hasn't consented to it, reads a mail instead: one, whenever that shows."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from mikroserwis.access import SYSTEM
from mikroserwis.messages import operations
from mikroserwis.models import Consent, Message, User
from mikroserwis.posting import post_instead
from tests.sms.desk import SmsDesk
from tests.support.cast import PEOPLE

ALFA = PEOPLE["alfa"].email


def told_by(desk: SmsDesk, **ways: bool) -> None:
    with desk.parts.database.transaction() as session:
        operations.choose(session, "offered", ways, version=None, actor=SYSTEM, now=datetime.now(UTC))


def withdraw(desk: SmsDesk) -> None:
    with desk.parts.database.transaction() as session:
        alfa = session.scalars(select(User).where(User.email == ALFA)).one()
        decided = {"kind": "sms", "given": False, "source": "account", "actor": PEOPLE["alfa"].name}
        session.add(Consent(user_id=alfa.id, at=datetime.now(UTC), **decided))


def offered(desk: SmsDesk) -> list[Message]:
    """What was written since the SMS, and it."""
    first = desk.sms()[0][0].id
    return sorted((one for one in desk.messages("offered") if one.id >= first), key=lambda one: one.id)


def test_who_has_withdrawn_it_before_is_mailed_with_the_event(desk: SmsDesk):
    told_by(desk, email=False, in_page=False)
    withdraw(desk)
    desk.offer()
    sms, mail = offered(desk)
    assert (sms.channel, mail.channel, mail.recipient) == ("sms", "email", ALFA)
    desk.deliver()
    assert (desk.item("sms").state, len(offered(desk))) == ("withheld", 2)


def test_who_withdraws_it_while_the_sms_waits_is_mailed_its_words_once(desk: SmsDesk):
    told_by(desk, email=False, in_page=False)
    desk.offer()
    withdraw(desk)
    desk.deliver()
    sms, mail = offered(desk)
    assert (sms.channel, mail.channel, mail.recipient) == ("sms", "email", ALFA)
    assert (mail.subject, mail.body, mail.ticket_id) == (sms.subject, sms.body, sms.ticket_id)
    with desk.parts.database.transaction() as session:
        post_instead(session, session.get_one(Message, sms.id), desk.item("sms").key, now=desk.now())
    desk.deliver()
    assert (len(offered(desk)), desk.item("sms").state, desk.item("mail").state) == (2, "withheld", "delivered")


@pytest.mark.parametrize(("email", "in_page"), [(True, False), (False, True)])
def test_who_reads_it_elsewhere_is_not_mailed_once_more(desk: SmsDesk, email: bool, in_page: bool):
    told_by(desk, email=email, in_page=in_page)
    desk.offer()
    withdraw(desk)
    desk.deliver()
    assert sorted(one.channel for one in offered(desk)) == (["email", "sms"] if email else ["sms"])
