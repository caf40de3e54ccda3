"""Mails into the outbox: rendered at once, since what was sent is evidence, and sent later."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from mikroserwis import outbox
from mikroserwis.models import Message

# Stands in a kept mail where its reader alone gets the secret of a link: see `accounts.links`.
HIDDEN = "••••••••"


@dataclass(frozen=True)
class Recipient:
    address: str
    language: str = "pl"


def post(
    session: Session,
    recipient: Recipient,
    event: str,
    subject: str,
    text: str,
    *,
    key: str,
    now: datetime,
    ticket_id: int | None = None,
    files: Iterable[int] = (),
    link: int | None = None,
) -> int:
    """A rendered mail into the outbox, once for its key; its id. `link` is the account link whose secret it tells."""
    item = outbox.enqueue(session, "mail", key, {}, now=now, ticket_id=ticket_id)
    message = Message(
        item_id=item.id,
        ticket_id=ticket_id,
        event=event,
        recipient=recipient.address,
        subject=subject,
        body=text,
        files=json.dumps(list(files)),
        created_at=now,
    )
    session.add(message)
    session.flush()
    item.payload = json.dumps({"message": message.id} | ({} if link is None else {"link": link}))
    return message.id
