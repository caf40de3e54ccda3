"""A message on its way: what it looks like, and what an SMTP server may do to it."""

import time
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from mikroserwis import mail
from mikroserwis.mail import Attachment, Mail, MailError
from tests.sweeps.mail_servers import dripping, free_port, listening

SENDER = "mikroserwis@mplatform.example"
MAIL = Mail(
    id=7,
    recipient="alfa@dealer.example",
    subject="Wycena: zgłoszenie 115, Sieciechów",
    body="Zażółć gęślą jaźń.\n\nhttp://127.0.0.1:8000/tickets/115\n" + "długi wiersz " * 200,
    made_at=datetime(2026, 5, 27, 9, 30, tzinfo=UTC),
    attachments=(Attachment("wycena – SAM.pdf", "application/pdf", b"%PDF-1.7 \x00\xff"),),
)


def refused(url: str) -> MailError:
    with pytest.raises(MailError) as raised:
        mail.send(mail.compose(MAIL, SENDER), url)
    return raised.value


def test_a_mail_arrives_with_its_words_and_its_attachment():
    with listening() as mailbox:
        mail.send(mail.compose(MAIL, SENDER), mailbox.url)
    [received] = mailbox.received
    body = received.get_body()
    [attachment] = received.iter_attachments()
    assert body is not None
    assert body.get_content().replace("\r\n", "\n").strip() == MAIL.body.strip()
    assert received["Subject"] == MAIL.subject
    assert (attachment.get_filename(), attachment.get_content_type()) == ("wycena – SAM.pdf", "application/pdf")
    assert attachment.get_payload(decode=True) == b"%PDF-1.7 \x00\xff"


def test_the_same_row_makes_the_same_bytes_and_another_row_another_id():
    first, second = mail.compose(MAIL, SENDER), mail.compose(MAIL, SENDER)
    assert bytes(first) == bytes(second)
    assert mail.compose(replace(MAIL, id=8), SENDER)["Message-ID"] != first["Message-ID"]


@pytest.mark.parametrize("recipient", ["alfa@dealer.example", "żółć@dealer.example"])
def test_the_address_to_unsubscribe_travels_as_it_is_on_one_line(recipient: str):
    """No mail program reads it otherwise; a parser that decodes words wouldn't show the difference."""
    address = f"https://{'dealer.' * 9}example/unsubscribe/marketing-c1-{'Ab3_-' * 12}"
    with listening(enable_SMTPUTF8=True) as mailbox:
        mail.send(mail.compose(replace(MAIL, recipient=recipient, unsubscribe=address), SENDER), mailbox.url)
    [raw] = mailbox.raw
    lines = raw.split(b"\r\n")
    assert f"List-Unsubscribe: <{address}>".encode() in lines
    assert b"List-Unsubscribe-Post: List-Unsubscribe=One-Click" in lines


@pytest.mark.parametrize(
    "address", ["https://żółć.example/x", "https://x.example/a b", f"https://x.example/{'a' * 980}"]
)
def test_an_address_that_no_plain_line_can_hold_is_no_header(address: str):
    composed = mail.compose(replace(MAIL, unsubscribe=address), SENDER)
    assert (composed["List-Unsubscribe"], composed["List-Unsubscribe-Post"]) == (None, None)


@pytest.mark.parametrize("newline", ["\r\n", "\n", "\r", "\x0b", "\u2028", "\x00\r\n "])
def test_no_value_can_begin_a_header_of_its_own(newline: str):
    hostile = f"Wycena{newline}Bcc: all@elsewhere.example{newline}{newline}body"
    attachment = Attachment(f"a{newline}X-Evil: 1.pdf", "application/pdf", b"1")
    composed = mail.compose(replace(MAIL, subject=hostile, attachments=(attachment,)), SENDER)
    parsed = message_from_bytes(bytes(composed), policy=default)
    assert parsed["Bcc"] is None
    assert all("X-Evil" not in part for part in parsed.walk())


@pytest.mark.parametrize(
    "address", ["alfa@dealer.example\r\nBcc: x@y.example", "", "alfa", "a@b@c.example", "<alfa@dealer.example>, x@y.pl"]
)
def test_what_is_no_address_is_refused_for_good(address: str):
    with pytest.raises(MailError) as raised:
        mail.compose(replace(MAIL, recipient=address), SENDER)
    assert raised.value.permanent


@pytest.mark.parametrize(
    ("answer", "permanent"), [("451 try later", False), ("452 mailbox full", False), ("550 no such user", True)]
)
def test_a_refused_recipient_is_tried_again_only_where_the_server_says_so(answer: str, permanent: bool):
    with listening() as mailbox:
        mailbox.recipient_answer = answer
        refusal = refused(mailbox.url)
    assert (refusal.permanent, refusal.reason) == (permanent, answer)


@pytest.mark.parametrize(("answer", "permanent"), [("421 closing", False), ("554 spam", True)])
def test_refused_content_is_tried_again_only_where_the_server_says_so(answer: str, permanent: bool):
    with listening() as mailbox:
        mailbox.data_answer = answer
        refusal = refused(mailbox.url)
    assert refusal.permanent == permanent


def test_a_server_that_hangs_up_is_asked_again():
    with listening() as mailbox:
        mailbox.hangs_up = True
        refusal = refused(mailbox.url)
    assert not refusal.permanent


def test_no_server_is_a_temporary_trouble():
    with pytest.raises(MailError) as raised:
        mail.send(mail.compose(MAIL, SENDER), f"smtp://127.0.0.1:{free_port()}")
    assert (raised.value.code, raised.value.permanent) == ("unreachable", False)


def test_a_server_that_drips_is_cut_off():
    started = time.monotonic()
    with dripping() as url, pytest.raises(MailError) as raised:
        mail.send(mail.compose(MAIL, SENDER), url, deadline=0.5)
    assert not raised.value.permanent
    assert time.monotonic() - started < 5


def test_a_password_is_never_sent_without_encryption():
    with listening() as mailbox, pytest.raises(MailError) as raised:
        mail.send(mail.compose(MAIL, SENDER), mailbox.url.replace("smtp://", "smtp://me:secret@"))
    assert (raised.value.code, raised.value.permanent) == ("no_encryption", False)
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize("attachments", [(), MAIL.attachments])
def test_a_mail_for_reading_keeps_its_links_whole_and_can_be_parsed_as_well(attachments: tuple[Attachment, ...]):
    link = f"http://127.0.0.1:8000/account/links/{'A1=' * 30}"
    asked = replace(MAIL, body=f"Zażółć:\n\n{link}\n", attachments=attachments)
    content = bytes(mail.compose(asked, SENDER, for_reading=True))
    assert f"\r\n{link}\r\n" in content.decode("utf-8", "replace")
    body = message_from_bytes(content, policy=default).get_body()
    assert body is not None
    assert body.get_content().replace("\r\n", "\n") == asked.body
    assert link not in bytes(mail.compose(asked, SENDER)).decode("utf-8", "replace"), "servers get short lines"


def test_a_mail_written_twice_is_one_whole_file(tmp_path: Path):
    composed = mail.compose(MAIL, SENDER)
    paths = {mail.write(composed, tmp_path / "mail", "7.eml") for _ in range(2)}
    assert list((tmp_path / "mail").iterdir()) == list(paths)
    parsed = message_from_bytes(paths.pop().read_bytes(), policy=default)
    assert parsed["To"] == "alfa@dealer.example"
