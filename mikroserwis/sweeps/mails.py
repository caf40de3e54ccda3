"""A rendered message, sent or written to the data folder."""

import json
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from mikroserwis import mail
from mikroserwis.accounts import links
from mikroserwis.edge import Parts
from mikroserwis.keys import secret_key
from mikroserwis.mail import Attachment, Mail, MailError
from mikroserwis.mail_states import KEPT
from mikroserwis.models import AccountLink, Attempt, File, Message
from mikroserwis.outbox import Claimed
from mikroserwis.posting import HIDDEN
from mikroserwis.storage import Missing
from mikroserwis.sweeps.failures import Failed
from mikroserwis.sweeps.leases import Lease


class _Rows(NamedTuple):
    """`link` is the account link whose secret the mail tells."""

    message: Message
    files: list[File]
    link: AccountLink | None


def carry(parts: Parts, lease: Lease) -> str:
    """The receipt is the Message-ID where a server took the mail, KEPT where it lies in the folder."""
    rows = _read(parts, lease.claimed)
    lease.keep(sum(file.size for file in rows.files))
    settings = parts.settings
    try:
        composed = mail.compose(_mail(parts, rows), settings.mail_from)
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
    if receipt == KEPT:
        session.execute(update(Attempt).where(Attempt.id == claimed.attempt_id).values(outcome=KEPT))


def _read(parts: Parts, claimed: Claimed) -> _Rows:
    with parts.database.reading() as session:
        message = session.get(Message, claimed.payload.get("message", 0))
        if message is None:
            raise Failed("contract_broken", "there is no such message", permanent=True)
        ids = json.loads(message.files)
        files = session.scalars(select(File).where(File.id.in_(ids)).order_by(File.id)).all()
        link = session.get(AccountLink, claimed.payload["link"]) if "link" in claimed.payload else None
        session.expunge_all()
        return _Rows(message, list(files), link)


def _mail(parts: Parts, rows: _Rows) -> Mail:
    message = rows.message
    attachments = tuple(_attachment(parts, file) for file in rows.files)
    body = message.body
    if rows.link is not None:
        body = body.replace(HIDDEN, links.token(rows.link, secret_key(parts.settings)))
    return Mail(message.id, message.recipient, message.subject, body, message.created_at, attachments)


def _attachment(parts: Parts, file: File) -> Attachment:
    try:
        with parts.store.open(file.sha256) as content:
            return Attachment(file.name, file.content_type, content.read())
    except Missing as error:
        raise Failed("file_damaged", f"the attachment is missing in the store: {file.name}", permanent=True) from error
