"""Mails to servers that want encryption and a password, with a certificate that only these tests trust."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from mikroserwis import mail
from mikroserwis.mail import MailError
from tests.sweeps.mail_servers import Mailbox, listening
from tests.sweeps.test_mail import MAIL, SENDER

CERTIFICATE = Path(__file__).parents[1] / "backoffice_client" / "loopback.pem"
# As it stands in the address: what would divide an address is written in hundredths.
ACCOUNT = "poczta%40firma:tajne%2F1%3A"


def login(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, given: Any) -> AuthResult:
    right = given == LoginPassword(b"poczta@firma", b"tajne/1:")
    return AuthResult(success=right, handled=False)


@contextmanager
def encrypted() -> Iterator[Mailbox]:
    """A server that takes nothing before STARTTLS and the right password."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    options = {"require_starttls": True, "auth_required": True, "authenticator": login}
    with listening(tls_context=context, **options) as mailbox:
        yield mailbox


@pytest.fixture
def trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    """As an administrator trusts a certificate authority of the own house."""
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))


def test_a_mail_goes_encrypted_to_a_server_that_asks_for_a_password(trusted: None):
    with encrypted() as mailbox:
        mail.send(mail.compose(MAIL, SENDER), mailbox.url.replace("//", f"//{ACCOUNT}@"))
    assert [one["Subject"] for one in mailbox.received] == [MAIL.subject]


def test_a_wrong_password_is_nothing_about_the_mail_and_is_tried_again(trusted: None):
    with encrypted() as mailbox, pytest.raises(MailError) as raised:
        mail.send(mail.compose(MAIL, SENDER), mailbox.url.replace("//", "//poczta%40firma:inne@"))
    assert (raised.value.code, raised.value.permanent) == ("unauthorised", False)
    assert "inne" not in str(raised.value)


def test_a_password_that_cannot_be_sent_is_named_and_never_shown(trusted: None):
    with encrypted() as mailbox, pytest.raises(MailError) as raised:
        mail.send(mail.compose(MAIL, SENDER), mailbox.url.replace("//", "//poczta%40firma:%C5%BC%C3%B3%C5%82w@"))
    assert (raised.value.code, raised.value.permanent) == ("unauthorised", False)
    assert "ASCII" in raised.value.reason
    assert "żółw" not in str(raised.value)


def test_a_server_without_passwords_is_nothing_about_the_mail(trusted: None):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    with listening(tls_context=context) as mailbox, pytest.raises(MailError) as raised:
        mail.send(mail.compose(MAIL, SENDER), mailbox.url.replace("//", f"//{ACCOUNT}@"))
    assert (raised.value.code, raised.value.permanent) == ("unauthorised", False)


def test_a_certificate_that_nobody_vouches_for_gets_neither_password_nor_mail():
    with encrypted() as mailbox, pytest.raises(MailError) as raised:
        mail.send(mail.compose(MAIL, SENDER), mailbox.url.replace("//", f"//{ACCOUNT}@"))
    assert (raised.value.code, raised.value.permanent) == ("unreachable", False)
    assert "certificate" in raised.value.reason.lower()
    assert mailbox.received == []


def test_a_mail_that_is_too_large_is_refused_with_the_servers_words():
    large = replace(MAIL, attachments=(replace(MAIL.attachments[0], content=b"x" * 200_000),))
    with listening(data_size_limit=100_000) as mailbox, pytest.raises(MailError) as raised:
        mail.send(mail.compose(large, SENDER), mailbox.url)
    assert (raised.value.code, raised.value.permanent) == ("refused", True)
    assert raised.value.reason.startswith("552")


def test_a_large_attachment_arrives_byte_for_byte():
    content = bytes(range(256)) * 20_000
    large = replace(MAIL, attachments=(replace(MAIL.attachments[0], content=content),))
    with listening(data_size_limit=0) as mailbox:
        mail.send(mail.compose(large, SENDER), mailbox.url)
    [attachment] = mailbox.received[0].iter_attachments()
    assert attachment.get_payload(decode=True) == content


@pytest.mark.parametrize("utf8", [True, False])
def test_an_address_with_polish_letters_reaches_a_server_that_can_read_it(utf8: bool):
    to = replace(MAIL, recipient="łukasz@dealer.example")
    with listening(enable_SMTPUTF8=utf8) as mailbox:
        if utf8:
            mail.send(mail.compose(to, SENDER), mailbox.url)
            assert mailbox.received[0]["To"] == "łukasz@dealer.example"
            return
        with pytest.raises(MailError) as raised:
            mail.send(mail.compose(to, SENDER), mailbox.url)
    assert (raised.value.code, raised.value.permanent) == ("not_supported", True)


def test_a_server_that_turns_everybody_away_is_asked_again():
    with listening(ident="x") as mailbox:
        mailbox.turns_away = True
        with pytest.raises(MailError) as raised:
            mail.send(mail.compose(MAIL, SENDER), mailbox.url)
    assert (raised.value.code, raised.value.permanent) == ("turned_away", False)
