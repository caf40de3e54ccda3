"""Messages over the channels of their event: rendered at once, since what was sent is evidence, and sent later."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import uuid4

from sqlalchemy import insert, literal, select
from sqlalchemy.orm import Session

from mikroserwis import channels, consenting, outbox, sms, telling
from mikroserwis.access.actor import STAFF
from mikroserwis.db import Moment
from mikroserwis.i18n import directed, speaking
from mikroserwis.models import Message, Notification, OutboxItem, Sms, User
from mikroserwis.telling import EMAIL, SMS

# Stands in a kept mail where its reader alone gets the secret of a link: see `accounts.links`.
HIDDEN = "••••••••"
# Before a message's key: its SMS is another thing to be done.
_OF_SMS = "sms:"
# More is no message for a telephone: it is cut off.
MOST_PARTS = 6


@dataclass(frozen=True)
class Recipient:
    """`language` is a code or a whole reading (`User.reading`); `user_id` is whose address it is, `phone` the same
    person's; `staff`: the mailbox of the back office, whose people find on the page what is sent there. `people` are
    those of them who read alike: they are told on the page alone."""

    address: str
    language: str = "pl"
    user_id: int | None = None
    phone: str | None = None
    staff: bool = False
    people: tuple[int, ...] = ()


def to(user: User) -> Recipient:
    return Recipient(user.email, user.reading, user.id, user.phone)


def office(session: Session, mailbox: str) -> list[Recipient]:
    """The back office's mailbox, and its people on the page, each in the own language."""
    users = session.scalars(
        select(User).where(User.role.in_(sorted(STAFF)), User.active, User.removed_at.is_(None)).order_by(User.id)
    )
    readings: dict[str, list[int]] = {}
    for user in users:
        readings.setdefault(user.reading, []).append(user.id)
    alike = [Recipient("", reading, people=tuple(ids)) for reading, ids in readings.items()]
    return [Recipient(mailbox, staff=bool(alike)), *alike]


@dataclass(frozen=True)
class _Posted:
    """What a message is on every channel."""

    recipient: Recipient
    event: str
    subject: str
    key: str
    now: datetime
    ticket_id: int | None


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
    values: Mapping[str, Any] | None = None,
    told_as: str = "",
) -> int | None:
    """A rendered message to whoever is told of the event, over its channels, once for its key; the mail's id, if one
    goes. `link` is the account link whose secret the mail tells; of `values` the SMS is rendered, with the texts of the
    event `told_as` if these aren't the event's own.
    """
    ways, posted = channels.ways(session, event), _Posted(recipient, event, subject, key, now, ticket_id)
    own = recipient.people if recipient.user_id is None else (recipient.user_id,)
    is_reached = ways.in_page and (_show(session, posted, text, own) or recipient.staff)
    if recipient.people:
        return None
    number = sms.number(recipient.phone) if ways.sms else None
    if number is not None:
        said = _for_phones(session, posted, told_as or event, values)
        message = _put(session, posted, SMS, number, said)
        session.add(Sms(message_id=message.id, idx=uuid4().hex, parts=sms.size(said).parts))
        about: dict[str, Any] = {"event": event, "address": number, "user_id": recipient.user_id}
        # It is asked once more when it is about to be sent, and stands among the messages as not sent then.
        is_reached = is_reached or consenting.withheld(session, channel="sms", **about) is None
    # Who has neither a page nor a phone here is told by mail: an event that is told at all is told to everybody.
    if not ways.email and (is_reached or not (ways.in_page or ways.sms)):
        return None
    secret = {} if link is None else {"link": link}
    with speaking(recipient.language):
        text = directed(text)
    return _put(session, posted, EMAIL, recipient.address, text, files=files, more=secret).id


def post_instead(session: Session, message: Message, key: str, *, now: datetime) -> None:
    """The mail for an SMS that a consent holds back, in the SMS's words, if nothing else was to tell its reader.

    `key` is the outbox's of the SMS: however often it is asked for, one mail goes.
    """
    user = session.get(User, message.user_id) if message.user_id is not None else None
    if user is None or not user.active:
        return
    key = key.removeprefix(_OF_SMS)
    mailed = select(OutboxItem.id).where(OutboxItem.key == key)
    shown = select(Notification.id).where(
        Notification.user_id == user.id,
        Notification.event == message.event,
        Notification.ticket_id == message.ticket_id,
        Notification.at == message.created_at,
    )
    if any(session.scalars(told.limit(1)).first() is not None for told in (mailed, shown)):
        return
    posted = _Posted(to(user), message.event, message.subject, key, now, message.ticket_id)
    with speaking(user.reading):
        text = directed(message.body)
    _put(session, posted, EMAIL, user.email, text)


def _put(
    session: Session,
    posted: _Posted,
    channel: str,
    address: str,
    text: str,
    *,
    files: Iterable[int] = (),
    more: Mapping[str, int] = MappingProxyType({}),
) -> Message:
    """`more` is what else the worker that sends it is told."""
    topic, key = ("mail", posted.key) if channel == EMAIL else ("sms", f"{_OF_SMS}{posted.key}")
    item = outbox.enqueue(session, topic, key, {}, now=posted.now, ticket_id=posted.ticket_id)
    message = Message(
        item_id=item.id,
        ticket_id=posted.ticket_id,
        user_id=posted.recipient.user_id,
        channel=channel,
        event=posted.event,
        recipient=address,
        subject=posted.subject,
        body=text,
        files=json.dumps(list(files)),
        created_at=posted.now,
    )
    session.add(message)
    session.flush()
    item.payload = json.dumps({"message": message.id, **more})
    return message


def _for_phones(session: Session, posted: _Posted, event: str, values: Mapping[str, Any] | None) -> str:
    """Where nothing is known of what it says but its words, its subject is the shortest way to say it."""
    if values is None:
        return posted.subject
    said = telling.render(session, event, SMS, values, posted.recipient.language).body
    if sms.size(said).parts <= MOST_PARTS:
        return said
    # Some signs take two places.
    cut = said[: MOST_PARTS * 153]
    while sms.size(f"{cut}...").parts > MOST_PARTS:
        cut = cut[:-1]
    return f"{cut}..."


def _show(session: Session, posted: _Posted, text: str, people: tuple[int, ...]) -> bool:
    """A row for each of these people who still may sign in. False if there is nobody."""
    if not people:
        return False
    rows = select(
        User.id,
        literal(posted.ticket_id, Notification.ticket_id.type),
        literal(posted.event),
        literal(posted.subject),
        literal(text),
        literal(posted.now, Moment()),
    ).where(User.id.in_(people), User.active, User.removed_at.is_(None))
    into = ["user_id", "ticket_id", "event", "subject", "body", "at"]
    return bool(session.execute(insert(Notification).from_select(into, rows)).rowcount)  # type: ignore[attr-defined]
