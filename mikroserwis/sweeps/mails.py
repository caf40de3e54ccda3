"""A rendered message, sent or written to the data folder."""

import json
import re
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from mikroserwis import consenting, mail
from mikroserwis.accounts import links
from mikroserwis.consenting import WITHHELD
from mikroserwis.edge import Parts
from mikroserwis.i18n import gettext as _
from mikroserwis.i18n import speaking
from mikroserwis.keys import secret_key
from mikroserwis.mail import Attachment, Mail, MailError
from mikroserwis.mail_states import KEPT
from mikroserwis.models import AccountLink, Attempt, File, Message, OutboxItem
from mikroserwis.outbox import Claimed
from mikroserwis.posting import HIDDEN
from mikroserwis.storage import Missing
from mikroserwis.sweeps.failures import Failed
from mikroserwis.sweeps.leases import Lease


class _Rows(NamedTuple):
    """`link` is the account link whose secret the mail tells, `withheld` the consent that is missing.

    `unsubscribe`: the path to withdraw the consent that it rests on, and the reader's language.
    """

    message: Message
    files: list[File]
    link: AccountLink | None
    withheld: str | None
    unsubscribe: tuple[str, str] | None


def carry(parts: Parts, lease: Lease) -> str:
    """The receipt is the Message-ID where a server took the mail, KEPT where it lies in the folder, and begins with
    WITHHELD where a consent is missing at this moment.
    """
    rows = _read(parts, lease.claimed)
    if rows.withheld:
        return f"{WITHHELD}_{rows.withheld}"
    lease.keep(sum(file.size for file in rows.files))
    settings = parts.settings
    try:
        composed = mail.compose(_mail(parts, rows), settings.mail_from, for_reading=not settings.smtp_url)
        if settings.smtp_url:
            mail.send(composed, settings.smtp_url)
            return str(composed["Message-ID"])
        message = rows.message
        mail.write(composed, settings.data / mail.FOLDER, f"{message.created_at:%Y%m%d-%H%M%S}-{message.id}.eml")
        return KEPT
    except MailError as error:
        raise Failed(error.code, error.reason, permanent=error.permanent) from error


def delivered(session: Session, claimed: Claimed, receipt: str, _now: datetime) -> None:
    """The attempt says what the outbox doesn't: whether anybody was sent anything."""
    if receipt == KEPT or receipt.startswith(WITHHELD):
        session.execute(update(Attempt).where(Attempt.id == claimed.attempt_id).values(outcome=receipt))
    if receipt.startswith(WITHHELD):
        session.execute(update(OutboxItem).where(OutboxItem.id == claimed.id).values(state=WITHHELD))


def _read(parts: Parts, claimed: Claimed) -> _Rows:
    with parts.database.reading() as session:
        message = session.get(Message, claimed.payload.get("message", 0))
        if message is None:
            raise Failed("contract_broken", "there is no such message", permanent=True)
        ids = json.loads(message.files)
        files = session.scalars(select(File).where(File.id.in_(ids)).order_by(File.id)).all()
        link = session.get(AccountLink, claimed.payload["link"]) if "link" in claimed.payload else None
        lacking = consenting.withheld(session, event=message.event, channel="email", address=message.recipient)
        way_out = _unsubscribe(session, message, secret_key(parts.settings))
        session.expunge_all()
        return _Rows(message, list(files), link, lacking, way_out)


def _unsubscribe(session: Session, message: Message, key: str) -> tuple[str, str] | None:
    kind = consenting.basis_kind(message.event)
    reached = consenting.reached_by(session, "email", message.recipient) if kind else None
    if kind is None or not reached or not reached.persons:
        return None
    return f"/unsubscribe/{consenting.token(reached.persons[0], kind, key)}", reached.language


def _mail(parts: Parts, rows: _Rows) -> Mail:
    message = rows.message
    attachments = tuple(_attachment(parts, file) for file in rows.files)
    body = message.body
    if rows.link is not None:
        body = _with_secret(body, parts.settings.base_url, links.token(rows.link, secret_key(parts.settings)))
    address = ""
    if rows.unsubscribe is not None:
        path, language = rows.unsubscribe
        address = f"{parts.settings.base_url.rstrip('/')}{path}"
        with speaking(language):
            why = _("You get this message because you have consented to it. To get no more of them, open this address:")
        body = f"{body.rstrip()}\n\n-- \n{why}\n{address}\n"
    return Mail(message.id, message.recipient, message.subject, body, message.created_at, attachments, address)


def _with_secret(body: str, base_url: str, secret: str) -> str:
    """Into our own link where it stands alone on its line (behind the mark of a language from right to left), nowhere
    else: in a text or a name that somebody typed the same signs may lead elsewhere. Raises Failed.
    """
    link = re.escape(f"{base_url.rstrip('/')}/account/links/")
    told, count = re.subn(
        rf"^(\u200f?[ \t]*{link}){HIDDEN}(?=[ \t]*$)", lambda found: found[1] + secret, body, flags=re.MULTILINE
    )
    if not count:
        raise Failed("contract_broken", "no line of the text is the link alone", permanent=True)
    return told


def _attachment(parts: Parts, file: File) -> Attachment:
    try:
        with parts.store.open(file.sha256) as content:
            return Attachment(file.name, file.content_type, content.read())
    except Missing as error:
        raise Failed("file_damaged", f"the attachment is missing in the store: {file.name}", permanent=True) from error
