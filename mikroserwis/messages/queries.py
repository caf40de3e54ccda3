"""The list of messages, and one of them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, func, or_, select, union_all
from sqlalchemy.orm import Session

from mikroserwis.consenting import WITHHELD
from mikroserwis.errors import NotFound
from mikroserwis.lists import Asked, whole
from mikroserwis.mail_states import NEEDS_A_PERSON, Sending, sendings
from mikroserwis.messages.wording import EVENTS
from mikroserwis.models import EventChannels, File, Message, News, OutboxItem, Ticket
from mikroserwis.models import Sms as SmsRow
from mikroserwis.plaintext import tidy
from mikroserwis.sms import FAILED
from mikroserwis.telling import EMAIL, SMS

SIZES = (25, 50, 100)
SORTS = ("-at", "at")
# Further back one gets by filters; a look at the millionth mail would read a million rows.
BOUND = 10_000
CHANNELS = (EMAIL, SMS)
STATES = ("waiting", "retrying", "delivered", "withheld", "failed")


@dataclass(frozen=True, kw_only=True)
class Wanted(Asked):
    """What the list's address asks for; what can't be read in it is as if it weren't there."""

    channel: str = ""
    state: str = ""
    event: str = ""
    ticket: str = ""
    q: str = ""
    sort: str = SORTS[0]
    size: int = SIZES[0]
    page: int = 1

    @property
    def narrowed(self) -> bool:
        return bool(self.channel or self.state or self.event or self.ticket or self.q)


@dataclass(frozen=True)
class Page:
    """`total` is exact up to BOUND; past it `bounded` is true. `numbers` are the tickets' by id."""

    items: list[Sending]
    numbers: Mapping[int, int]
    total: int
    bounded: bool
    page: int
    pages: int


@dataclass(frozen=True)
class Whole:
    """One message with all that belongs to it."""

    sending: Sending
    number: int | None
    files: list[File]


def read(arguments: Mapping[str, str]) -> Wanted:
    """A list's address."""
    channel, state, event, sort = (arguments.get(name, "") for name in ("channel", "state", "event", "sort"))
    size, page = whole(arguments.get("size", "")), whole(arguments.get("page", ""))
    return Wanted(
        channel=channel if channel in CHANNELS else "",
        state=state if state in STATES else "",
        event=event if event in EVENTS else "",
        ticket=str(_number(arguments.get("ticket", "")) or ""),
        q=tidy(arguments.get("q", ""))[:100],
        sort=sort if sort in SORTS else SORTS[0],
        size=size if size in SIZES else SIZES[0],
        page=max(page, 1),
    )


def _number(text: str) -> int:
    """A ticket's: those of the CRM may be long."""
    plain = text.strip()
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 16 else 0


def fetch(session: Session, wanted: Wanted, now: datetime) -> Page:
    """One page of the list; a page past the end is the last one."""
    gathered = _gathered(session, wanted)
    ids = _filtered(select(Message.id), wanted, gathered)
    total = session.scalar(select(func.count()).select_from(ids.limit(BOUND + 1).subquery())) or 0
    bounded, total = total > BOUND, min(total, BOUND)
    pages = max(-(-total // wanted.size), 1)
    page = min(wanted.page, pages)
    order = Message.id.asc() if wanted.sort == "at" else Message.id.desc()
    shown = _filtered(select(Message, OutboxItem), wanted, gathered).order_by(order)
    rows = session.execute(shown.limit(wanted.size).offset((page - 1) * wanted.size)).all()
    items = sendings(session, [(row.Message, row.OutboxItem) for row in rows], now)
    return Page(items, _numbers(session, items), total, bounded, page, pages)


def load(session: Session, message_id: int, now: datetime, *, lock: bool = False) -> Whole:
    """One message; locked, so that of two who send it again one does. Raises NotFound."""
    query = select(Message, OutboxItem).join(OutboxItem, OutboxItem.id == Message.item_id)
    query = query.where(Message.id == message_id)
    row = session.execute(query.with_for_update() if lock else query).one_or_none()
    if row is None:
        raise NotFound(record="message", id=message_id)
    [sending] = sendings(session, [(row.Message, row.OutboxItem)], now)
    files = session.scalars(select(File).where(File.id.in_(json.loads(row.Message.files))).order_by(File.id))
    return Whole(sending, _numbers(session, [sending]).get(row.Message.ticket_id or 0), list(files))


def chosen(session: Session) -> dict[str, EventChannels]:
    """By event what staff chose otherwise than shipped."""
    return {row.event: row for row in session.scalars(select(EventChannels))}


def failed(session: Session) -> int:
    """How many wait for a person."""
    return session.scalar(select(func.count()).select_from(_failed().subquery())) or 0


def _failed() -> CompoundSelect[tuple[int]]:
    """Ids of those that wait for a person: given up, or taken by the gateway and not by the phone. Those whose text is
    kept no longer wait for nobody. Each half by its own index."""
    given_up = OutboxItem.state.in_(sorted(NEEDS_A_PERSON))
    unreached = SmsRow.report.in_(sorted(FAILED)), OutboxItem.state == "delivered"
    of_the_outbox = select(Message.id).join(OutboxItem, OutboxItem.id == Message.item_id).where(Message.body != "")
    return union_all(
        of_the_outbox.where(given_up),
        of_the_outbox.join(SmsRow, SmsRow.message_id == Message.id).where(*unreached),
    )


def _numbers(session: Session, of: list[Sending]) -> dict[int, int]:
    ids = {one.message.ticket_id for one in of if one.message.ticket_id is not None}
    rows = session.execute(select(Ticket.id, Ticket.number).where(Ticket.id.in_(ids))) if ids else ()
    return {row.id: row.number for row in rows}


def _gathered(session: Session, wanted: Wanted) -> list[int]:
    """Ids of messages that speak of the wanted ticket among others."""
    if not wanted.ticket:
        return []
    rows = session.scalars(
        select(News.message_ids).join(Ticket).where(Ticket.number == int(wanted.ticket), News.told_at.is_not(None))
    )
    return sorted({message_id for row in rows for message_id in json.loads(row)})


def _filtered(query: Any, wanted: Wanted, gathered: Sequence[int] = ()) -> Any:
    query = query.join(OutboxItem, OutboxItem.id == Message.item_id)
    if wanted.channel:
        query = query.where(Message.channel == wanted.channel)
    if wanted.state:
        query = query.where(*_in_state(wanted.state))
    if wanted.event:
        query = query.where(Message.event == wanted.event)
    if wanted.ticket:
        of_ticket = select(Ticket.id).where(Ticket.number == int(wanted.ticket))
        query = query.where(or_(Message.ticket_id == of_ticket.scalar_subquery(), Message.id.in_(gathered)))
    if wanted.q:
        query = query.where(func.lower(Message.recipient).contains(wanted.q.lower(), autoescape=True))
    return query


def _in_state(state: str) -> tuple[ColumnElement[bool], ...]:
    queued = OutboxItem.state == "queued"
    if state == "retrying":
        return queued, OutboxItem.attempts > 0, OutboxItem.last_error.is_not(None)
    unreached = Message.id.in_(select(SmsRow.message_id).where(SmsRow.report.in_(sorted(FAILED))))
    return {
        "waiting": (queued,),
        "delivered": (OutboxItem.state == "delivered", ~unreached),
        "withheld": (OutboxItem.state == WITHHELD,),
        "failed": (Message.id.in_(_failed()),),
    }[state]
