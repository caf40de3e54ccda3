"""The retailer's yes to a quote, and what follows from it."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from mikroserwis.access import Actor
from mikroserwis.models import Quote, Ticket
from mikroserwis.tickets.operations.automatic import try_close
from mikroserwis.tickets.quoting import operations


def accept(session: Session, ticket: Ticket, quote: Quote, *, on: date, note: str, actor: Actor, now: datetime) -> None:
    """issued → accepted; a ticket whose invoice equals it already, and whose shops are done, closes. Raises Refused."""
    operations.accept(session, ticket, quote, on=on, note=note, actor=actor, now=now)
    try_close(session, ticket, actor=actor, now=now)
