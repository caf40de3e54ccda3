"""A rendered message on its way: composed, then handed to the SMTP server or written to a folder."""

import contextlib
import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8, Policy
from email.utils import format_datetime
from functools import partial
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from email_validator import EmailNotValidError, validate_email

from mikroserwis import folders

# Where mails lie, within the data folder, as long as no server is set.
FOLDER = "mail"
SILENCE = 20.0
DEADLINE = 45.0
SLOWEST = 100_000


# Of a header's line, by RFC 5322.
LONGEST_LINE = 998


class _OneLine(UnstructuredHeader, BaseHeader):
    """An address that programs read: folded, it would be encoded, as no blank is in it, and no address any more."""

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


_HEADERS = HeaderRegistry()
_HEADERS.map_to_type("list-unsubscribe", _OneLine)


class MailError(Exception):
    """Why a mail didn't leave; unless `permanent`, trying again later may help."""

    def __init__(self, code: str, reason: str, *, permanent: bool) -> None:
        super().__init__(f"{code}: {reason}")
        self.code = code
        self.reason = reason
        self.permanent = permanent


@dataclass(frozen=True)
class Attachment:
    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True)
class Mail:
    """A message as it lies in the outbox; `id` is its row's, `made_at` when it was rendered.

    `unsubscribe` is the address by which its reader wants no more of them, with one click (RFC 8058).
    """

    id: int
    recipient: str
    subject: str
    body: str
    made_at: datetime
    attachments: Sequence[Attachment] = ()
    unsubscribe: str = ""


def compose(mail: Mail, sender: str, *, for_reading: bool = False) -> EmailMessage:
    """The same bytes for the same mail, so that a repetition can be told by its Message-ID. Raises MailError.

    `for_reading`: the body stays as it is, however long its lines are, so that an editor shows its links whole.
    """
    from_, to = _address(sender), _address(mail.recipient)
    policy = SMTP if (from_ + to).isascii() else SMTPUTF8
    message = EmailMessage(policy=policy.clone(header_factory=_HEADERS))
    message["From"] = _mailbox(from_, "Mikroserwis")
    message["To"] = _mailbox(to)
    message["Subject"] = _line(mail.subject)
    message["Date"] = format_datetime(mail.made_at)
    message["Message-ID"] = message_id(mail.id, mail.made_at, from_)
    message["Auto-Submitted"] = "auto-generated"
    if _fits(mail.unsubscribe):
        message["List-Unsubscribe"] = f"<{mail.unsubscribe}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(mail.body, cte="8bit" if for_reading else None)
    for each in mail.attachments:
        main, _, sub = each.content_type.partition("/")
        message.add_attachment(each.content, maintype=main, subtype=sub, filename=_line(each.name))
    if mail.attachments:
        message.set_boundary(f"=_mikroserwis_{mail.id}_{int(mail.made_at.timestamp())}")
    return message


def message_id(mail_id: int, made_at: datetime, sender: str) -> str:
    """The same for each attempt: a server that has the mail already knows it again."""
    return f"<{mail_id}.{int(made_at.timestamp())}@{sender.rpartition('@')[2]}>"


def send(message: EmailMessage, smtp_url: str, *, deadline: float = DEADLINE) -> None:
    """Hand over to the server of `smtp_url`: smtp://user:password@host:587 (STARTTLS) or smtps://. Raises MailError.

    Within `deadline` seconds, and one more for each `SLOWEST` bytes.
    """
    raw_size = len(bytes(message))
    try:
        with _connected(urlsplit(smtp_url), deadline + raw_size / SLOWEST) as server:
            server.send_message(message)
    except smtplib.SMTPAuthenticationError as error:
        raise MailError("unauthorised", _said(error.smtp_code, error.smtp_error), permanent=False) from error
    except smtplib.SMTPRecipientsRefused as error:
        code, words = next(iter(error.recipients.values()))
        raise MailError("recipient_refused", _said(code, words), permanent=code >= 500) from error
    except (smtplib.SMTPConnectError, smtplib.SMTPHeloError) as error:
        # The server turns us away, not this mail: once that is mended, everything that waits may go.
        raise MailError("turned_away", _said(error.smtp_code, error.smtp_error), permanent=False) from error
    except smtplib.SMTPNotSupportedError as error:
        raise MailError("not_supported", str(error)[:300], permanent=True) from error
    except smtplib.SMTPResponseException as error:
        said = _said(error.smtp_code, error.smtp_error)
        raise MailError("refused", said, permanent=error.smtp_code >= 500) from error
    except (OSError, smtplib.SMTPException) as error:
        raise MailError("unreachable", f"{type(error).__name__}: {error}"[:300], permanent=False) from error


def write(message: EmailMessage, folder: Path, name: str) -> Path:
    """As `name` into the folder, whole or not at all; once more is the same file."""
    return folders.keep(bytes(message), folder, name)


@contextlib.contextmanager
def _connected(url: SplitResult, seconds: float) -> Iterator[smtplib.SMTP]:
    """A server ready for mail; the whole conversation is cut off after so many seconds, however it drips."""
    context = ssl.create_default_context()
    is_tls = url.scheme == "smtps"
    kind = partial(smtplib.SMTP_SSL, context=context) if is_tls else smtplib.SMTP
    server = kind(local_hostname=socket.gethostname(), timeout=SILENCE)
    host = url.hostname or "localhost"
    server._host = host  # type: ignore[attr-defined]  # the library sets it in __init__ only, and names the certificate by it
    with _cut_off(server, seconds):
        try:
            server.connect(host, url.port or (465 if is_tls else 587 if url.username else 25))
            server.ehlo_or_helo_if_needed()
            if not is_tls and server.has_extn("starttls"):
                server.starttls(context=context)
            elif not is_tls and url.username:
                raise MailError("no_encryption", f"{host} offers no STARTTLS; the password was kept", permanent=False)
            if url.username:
                _log_in(server, unquote(url.username), unquote(url.password or ""))
            yield server
            # Accepted by now: how the parting goes changes nothing, and must not send it twice.
            with contextlib.suppress(OSError, smtplib.SMTPException):
                server.quit()
        finally:
            server.close()


def _log_in(server: smtplib.SMTP, user: str, password: str) -> None:
    """What is wrong with the account is nothing about the mail, so it may be mended before the last attempt."""
    try:
        server.login(user, password)
    except UnicodeEncodeError as error:
        reason = "the user name and the password may hold ASCII characters only"
        raise MailError("unauthorised", reason, permanent=False) from error
    except smtplib.SMTPNotSupportedError as error:
        raise MailError("unauthorised", str(error)[:300], permanent=False) from error


@contextlib.contextmanager
def _cut_off(server: smtplib.SMTP, seconds: float) -> Iterator[None]:
    """The library's timeout starts anew with every byte, so a server that drips would hold us for ever."""

    def bite() -> None:
        with contextlib.suppress(OSError, AttributeError):
            server.sock.shutdown(socket.SHUT_RDWR)  # type: ignore[union-attr]

    timer = threading.Timer(seconds, bite)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _address(text: str) -> str:
    """As the SMTP envelope wants it, in ASCII. Raises MailError."""
    try:
        checked = validate_email(text, check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise MailError("bad_address", str(error), permanent=True) from error
    return checked.ascii_email or checked.normalized


def _mailbox(address: str, name: str = "") -> Address:
    local, _, domain = address.rpartition("@")
    return Address(name, username=local, domain=domain)


def _fits(address: str) -> bool:
    """Whether it can stand in a header, on one plain line; else there is the link in the body alone."""
    is_plain = all("!" <= sign <= "~" for sign in address)
    return is_plain and 0 < len(address) <= LONGEST_LINE - len("List-Unsubscribe: <>")


def _line(text: str) -> str:
    """One line: whatever could begin a new header becomes a space."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def _said(code: int, words: bytes | str) -> str:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return f"{code} {_line(text)}"[:300]
