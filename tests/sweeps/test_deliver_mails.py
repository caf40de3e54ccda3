"""Mails of the outbox: to a server, to a folder, and what happens when that fails."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest

from mikroserwis.tickets.operations import pausing
from tests.support.app import sqlite_only
from tests.support.way import Way
from tests.sweeps.desk import Desk
from tests.sweeps.mail_servers import listening


@pytest.fixture
def suspended(way: Way, desk: Desk) -> None:
    """The mail of a suspended ticket to the operations mailbox, with the quote; everything before it has left."""
    way.confirmed(115)
    way.attached(115, "quote")
    desk.deliver()
    with way._ticket(115) as (session, ticket):
        pausing.suspend(session, ticket, actor=way.caretaker(ticket), now=desk.now(), note="Detalista się waha.")


def written(desk: Desk) -> list[EmailMessage]:
    files = sorted((desk.parts.settings.data / "mail").glob("*.eml"))
    return [message_from_bytes(file.read_bytes(), policy=default) for file in files]


def to_operations(mails: list[EmailMessage]) -> list[EmailMessage]:
    return [one for one in mails if one["To"] == "operacje@mplatform.com.pl" and one["Subject"] == "Wycena"]


def test_without_a_server_mails_lie_in_the_data_folder_with_their_attachments(desk: Desk, suspended: None):
    desk.deliver()
    [quote] = to_operations(written(desk))
    assert [part.get_filename() for part in quote.iter_attachments()] == ["quote.pdf"]


@sqlite_only
def test_with_a_server_a_mail_leaves_once(desk: Desk, suspended: None):
    with listening() as mailbox:
        sending = desk.with_settings(smtp_url=mailbox.url)
        assert sending.deliver().postponed == 0
        assert sending.deliver().tried == 0
    assert len(to_operations(mailbox.received)) == 1


@sqlite_only
def test_a_mail_that_nobody_takes_is_given_up_without_mails_about_it(desk: Desk, suspended: None):
    with listening() as mailbox:
        mailbox.recipient_answer = "550 no such user"
        sending = desk.with_settings(smtp_url=mailbox.url)
        sending.deliver()
        sending.wait(hours=3)
        assert sending.deliver().tried == 0
    assert {item.state for item in desk.items("mail")} == {"rejected", "delivered"}
    assert desk.messages("delivery_stuck") == []


@sqlite_only
def test_a_busy_server_gets_the_mail_later(desk: Desk, suspended: None):
    with listening() as mailbox:
        sending = desk.with_settings(smtp_url=mailbox.url)
        mailbox.data_answer = "451 busy"
        assert sending.deliver().postponed > 0
        mailbox.data_answer = "250 OK"
        sending.wait(minutes=2)
        assert sending.deliver().postponed == 0
    assert len(to_operations(mailbox.received)) == 1


@sqlite_only
def test_a_mail_whose_attachment_is_lost_is_not_sent_without_it(desk: Desk, suspended: None):
    for path in (desk.parts.settings.data / "files").glob("??/??/*"):
        path.unlink()
    desk.deliver()
    assert to_operations(written(desk)) == []
    assert "quote.pdf" in "".join(item.last_error or "" for item in desk.items("mail"))
