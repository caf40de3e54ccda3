"""Messages in words: what staff wrote where there is something, else what is shipped."""

import re
from collections.abc import Mapping
from contextlib import nullcontext
from typing import Any, NamedTuple

import structlog
from jinja2 import TemplateError
from sqlalchemy import select
from sqlalchemy.orm import Session

from mikroserwis.i18n import isolated, speaking
from mikroserwis.i18n import language as spoken
from mikroserwis.models import MessageText
from mikroserwis.plaintext import tidy
from mikroserwis.telling.grammar import Fault, faults, fill, subject_faults
from mikroserwis.telling.model import EMAIL, Event, Rendered
from mikroserwis.telling.registry import EVENTS

log = structlog.get_logger()
SUBJECT_MOST = 300
_OWN = "message texts"
_GAP = re.compile(r"\n[ \t]*\n(?:[ \t]*\n)+")


class Own(NamedTuple):
    """A text as staff wrote it."""

    subject: str
    body: str


def render(
    session: Session, event: str, channel: str, values: Mapping[str, Any], language: str | None = None
) -> Rendered:
    """The message with these values, in the language (the one that is being spoken, if none is named).

    An own text that can't be sent (of another release, say) loses no message: the shipped one is sent instead.
    Raises KeyError for a channel that the event has no text for, UndefinedError where the shipped text lacks a value.
    """
    of = EVENTS[event]
    with speaking(language) if language else nullcontext():
        own = own_texts(session).get((event, channel, spoken()))
        if own is not None:
            try:
                return filled(of, channel, own, values)
            except (Unusable, TemplateError) as error:
                log.warning("an own text cannot be sent", text=event, channel=channel, error=repr(error))
        return _filled(of, channel, shipped(of, channel), values)


class Unusable(Exception):
    """A text with faults, or one that says nothing with these values."""


def filled(event: Event, channel: str, text: Own, values: Mapping[str, Any]) -> Rendered:
    """A text that somebody wrote, with these values. Raises Unusable, TemplateError."""
    if found := broken(event, channel, text):
        raise Unusable(found[0].code)
    made = _filled(event, channel, text, values)
    if not made.body or (channel == EMAIL and not made.subject):
        raise Unusable("empty")
    return made


def broken(event: Event, channel: str, text: Own) -> list[Fault]:
    """Everything that keeps the text from being sent."""
    return [*(subject_faults(event, text.subject) if channel == EMAIL else ()), *faults(event, channel, text.body)]


def shipped(event: Event, channel: str) -> Own:
    """What is sent where staff wrote nothing, in the language that is being spoken."""
    text = event.texts[channel]
    return Own(str(text.subject), str(text.body))


def own_texts(session: Session) -> dict[tuple[str, str, str], Own]:
    """By event, channel and language; read once in a transaction, however many messages it writes."""
    known: dict[tuple[str, str, str], Own] | None = session.info.get(_OWN)
    if known is None:
        query = select(
            MessageText.event, MessageText.channel, MessageText.language, MessageText.subject, MessageText.body
        ).where(MessageText.in_force)
        known = {(row.event, row.channel, row.language): Own(row.subject, row.body) for row in session.execute(query)}
        session.info[_OWN] = known
    return known


def forget(session: Session) -> None:
    """An own text was changed in this transaction."""
    session.info.pop(_OWN, None)


def _filled(event: Event, channel: str, text: Own, values: Mapping[str, Any]) -> Rendered:
    """Values are plain: texts, and whether a flag is up. Where one was empty, no gap is left."""
    given = [one for one in event.variables if one.name in values]
    said = {one.name: bool(values[one.name]) if one.flag else _text(values[one.name]) for one in given}
    subject = tidy(fill(text.subject, said))[:SUBJECT_MOST] if channel == EMAIL else ""
    return Rendered(subject, _GAP.sub("\n\n", fill(text.body, said)).strip())


def _text(value: Any) -> str:
    return "" if value is None else isolated(str(value))
