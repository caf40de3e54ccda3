"""A text as it will be read: with sample values, or with those of a real ticket that the reader may see."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jinja2 import TemplateError
from sqlalchemy.orm import Session

from mikroserwis import access, sms
from mikroserwis.access import Actor
from mikroserwis.errors import FieldError, Invalid, NotFound
from mikroserwis.i18n import speaking
from mikroserwis.models import Ticket
from mikroserwis.telling import SMS, Rendered
from mikroserwis.telling.facts import of_ticket
from mikroserwis.telling.rendering import Unusable, filled
from mikroserwis.texts import forms, queries
from mikroserwis.texts.slots import Slot, sampled


@dataclass(frozen=True)
class Preview:
    """`size` is an SMS's; `odd` the first sign that its plain alphabet doesn't have."""

    message: Rendered
    size: sms.Size | None = None
    odd: str = ""


def preview(session: Session, slot: Slot, values: Mapping[str, Any], ticket: str, *, actor: Actor) -> Preview:
    """Of what is typed, with the ticket's number as it is typed. Raises Invalid."""
    message = made(session, slot, values, ticket, actor=actor)
    if slot.channel != SMS:
        return Preview(message)
    size = sms.size(message.body)
    odd = "" if size.plain else next(sign for sign in message.body if not sms.size(sign).plain)
    return Preview(message, size, odd)


def made(session: Session, slot: Slot, values: Mapping[str, Any], ticket: str, *, actor: Actor) -> Rendered:
    """The message itself. Raises Invalid."""
    text = forms.text(slot, values, queries.text(session, slot))
    try:
        with speaking(slot.language):
            return filled(slot.event, slot.channel, text, said(session, slot, ticket, actor=actor))
    except (Unusable, TemplateError):
        raise Invalid([FieldError("body", "text_says_nothing")]) from None


def said(session: Session, slot: Slot, ticket: str, *, actor: Actor) -> dict[str, Any]:
    """Samples; of a ticket what is known of it, and of an account the reader's own name. Raises Invalid."""
    values = {**sampled(slot), **({"name": actor.name} if "name" in slot.event.known(slot.channel) else {})}
    if not ticket.strip() or not takes_ticket(slot):
        return values
    found = _ticket(session, actor, ticket.strip())
    dealer = {"dealer": found.dealer.name} if found.dealer else {}
    with speaking(slot.language):
        return values | {name: value for name, value in (of_ticket(session, found) | dealer).items() if name in values}


def takes_ticket(slot: Slot) -> bool:
    return "ticket" in slot.event.known(slot.channel)


def _ticket(session: Session, actor: Actor, typed: str) -> Ticket:
    number = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 16 else 0
    try:
        return access.ticket(session, actor, number, "ticket.see")
    except NotFound:
        raise Invalid([FieldError("ticket", "no_such_ticket")]) from None
