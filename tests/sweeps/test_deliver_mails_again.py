"""A mail's bad days: the answer is lost, the server stays away, a person sends it again."""

import json
from datetime import timedelta

from sqlalchemy import update

from mikroserwis.models import OutboxItem
from mikroserwis.tickets.operations import papers
from tests.support.app import sqlite_only
from tests.support.way import Way
from tests.sweeps.desk import Desk
from tests.sweeps.mail_servers import free_port, listening
from tests.sweeps.test_deliver_mails import suspended, to_operations

__all__ = ["suspended"]
pytestmark = sqlite_only


def test_a_mail_whose_answer_was_lost_comes_again_as_the_same_mail(desk: Desk, suspended: None):
    with listening() as mailbox:
        sending = desk.with_settings(smtp_url=mailbox.url)
        mailbox.takes_and_hangs_up = True
        assert sending.deliver().postponed == 2
        mailbox.takes_and_hangs_up = False
        sending.wait(minutes=2)
        sending.deliver()
    twice = to_operations(mailbox.received)
    assert len(twice) == 2
    assert len({bytes(one) for one in twice}) == 1
    assert len({one["Message-ID"] for one in mailbox.received}) == len(mailbox.received) // 2


def test_a_mail_is_stuck_when_the_server_stays_away_and_leaves_when_a_person_sends_it_again(
    desk: Desk, suspended: None
):
    away = desk.with_settings(smtp_url=f"smtp://127.0.0.1:{free_port()}", delivery_attempts=3)
    for _ in range(5):
        away.deliver()
        away.wait(hours=2)
    mails = [item for item in away.items("mail") if item.state != "delivered"]
    assert {(item.state, item.attempts) for item in mails} == {("stuck", 3)}
    assert all("ConnectionRefused" in (item.last_error or "") for item in mails)
    with desk.parts.database.transaction() as session:
        values = {"state": "queued", "attempts": 0, "due_at": away.now()}
        session.execute(update(OutboxItem).where(OutboxItem.state == "stuck").values(**values))
    with listening() as mailbox:
        away.with_settings(smtp_url=mailbox.url).deliver()
    assert len(to_operations(mailbox.received)) == 1


def test_a_worker_that_was_killed_while_sending_leaves_the_mail_to_the_next(desk: Desk, suspended: None):
    with desk.parts.database.transaction() as session:
        leased = desk.now() + timedelta(minutes=2)
        session.execute(update(OutboxItem).where(OutboxItem.topic == "mail").values(due_at=leased))
    with listening() as mailbox:
        sending = desk.with_settings(smtp_url=mailbox.url)
        sending.deliver()
        assert mailbox.received == []
        sending.wait(minutes=3)
        sending.deliver()
    assert len(to_operations(mailbox.received)) == 1


def test_a_quote_rejected_before_the_mail_leaves_is_still_the_one_that_is_sent(desk: Desk, way: Way, suspended: None):
    [message] = desk.messages("quote")
    with way._ticket(115) as (session, ticket):
        [quote] = papers._current(session, ticket, "quote")
        operator = way.actor("operator@office.example")
        papers.reject(session, ticket, quote, "Zła suma", actor=operator, now=desk.now())
    with listening() as mailbox:
        desk.with_settings(smtp_url=mailbox.url).deliver()
    [mail] = to_operations(mailbox.received)
    assert len(list(mail.iter_attachments())) == len(json.loads(message.files)) == 1
