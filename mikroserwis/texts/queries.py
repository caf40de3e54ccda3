"""The list of texts as its address asks for it, and one of them with its versions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from mikroserwis.errors import NotFound
from mikroserwis.i18n import language as spoken
from mikroserwis.lists import Asked
from mikroserwis.models import MessageText
from mikroserwis.plaintext import tidy
from mikroserwis.telling import CHANNELS, EMAIL
from mikroserwis.telling.rendering import Own, broken
from mikroserwis.textkeys import fold
from mikroserwis.texts.slots import Slot, every, languages

# All of them, those that are as shipped, those that the office wrote.
VIEWS = ("", "shipped", "own")
MOST_VERSIONS = 30


@dataclass(frozen=True, kw_only=True)
class Wanted(Asked):
    """What the list's address asks for; unknown values are ignored. An empty language is the reader's."""

    channel: str = EMAIL
    view: str = ""
    language: str = ""
    q: str = ""

    @property
    def spoken(self) -> str:
        """The language whose texts are shown."""
        known = languages(self.channel)
        return next((one for one in (self.language, spoken()) if one in known), known[0])


def read(arguments: Mapping[str, str]) -> Wanted:
    """Whatever can't be read is as if it weren't there."""
    channel, view, language = (arguments.get(name, "") for name in ("channel", "view", "language"))
    return Wanted(
        channel=channel if channel in CHANNELS else EMAIL,
        view=view if view in VIEWS else "",
        language=language if language in languages(EMAIL) else "",
        q=tidy(arguments.get("q", ""))[:100],
    )


class Row(NamedTuple):
    """A text that is sent, and who wrote it when; `is_broken`: the shipped one is sent in its place."""

    slot: Slot
    text: Own
    is_own: bool
    is_broken: bool
    at: datetime | None
    by: str


def fetch(session: Session, wanted: Wanted) -> list[Row]:
    """Some dozens: read whole and searched here, in words and texts, without accents."""
    language, words = wanted.spoken, fold(wanted.q).split()
    query = select(MessageText).where(
        MessageText.in_force, MessageText.channel == wanted.channel, MessageText.language == language
    )
    own = {one.event: one for one in session.scalars(query)}
    rows = [_row(one, own.get(one.event.code)) for one in every(wanted.channel, language)]
    views = {"": {True, False}, "own": {True}, "shipped": {False}}[wanted.view]
    return [one for one in rows if one.is_own in views and all(word in _searched(one) for word in words)]


def row(session: Session, slot: Slot) -> Row:
    """One text, as the list has it."""
    return _row(slot, in_force(session, slot))


def _row(slot: Slot, own: MessageText | None) -> Row:
    if own is None:
        return Row(slot, slot.shipped(), is_own=False, is_broken=False, at=None, by="")
    text = Own(own.subject, own.body)
    is_broken = bool(broken(slot.event, slot.channel, text))
    return Row(slot, text, is_own=True, is_broken=is_broken, at=own.created_at, by=own.created_by)


def _searched(row: Row) -> str:
    event = row.slot.event
    return fold(f"{event.code} {event.label} {event.audience} {row.text.subject} {row.text.body}")


def in_force(session: Session, slot: Slot) -> MessageText | None:
    """The own text; None where the shipped one counts."""
    return session.scalars(select(MessageText).where(_of(slot), MessageText.in_force)).one_or_none()


def text(session: Session, slot: Slot) -> Own:
    """What counts: the own text, else the shipped one."""
    own = in_force(session, slot)
    return Own(own.subject, own.body) if own else slot.shipped()


def versions(session: Session, slot: Slot, limit: int = MOST_VERSIONS) -> Sequence[MessageText]:
    """The newest first."""
    query = select(MessageText).where(_of(slot)).order_by(MessageText.number.desc()).limit(limit)
    return session.scalars(query).all()


def newest_number(session: Session, slot: Slot) -> int:
    """What a form's version is measured against; 0 where nothing was ever written."""
    query = select(MessageText.number).where(_of(slot)).order_by(MessageText.number.desc()).limit(1)
    return session.scalars(query).first() or 0


def version(session: Session, slot: Slot, number: int) -> MessageText:
    """Raises NotFound."""
    found = session.scalars(select(MessageText).where(_of(slot), MessageText.number == number)).one_or_none()
    if found is None:
        raise NotFound(record="text_version", id=number)
    return found


def _of(slot: Slot) -> ColumnElement[bool]:
    event, channel, language = slot.key
    return and_(MessageText.event == event, MessageText.channel == channel, MessageText.language == language)
