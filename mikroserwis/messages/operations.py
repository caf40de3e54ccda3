"""What staff do to a mail."""

from datetime import datetime

from sqlalchemy.orm import Session

from mikroserwis import history, outbox
from mikroserwis.access import Actor
from mikroserwis.errors import Blocker, Refused
from mikroserwis.mail_states import NEEDS_A_PERSON, Sending
from mikroserwis.models import Ticket


def send_again(session: Session, sending: Sending, *, actor: Actor, now: datetime) -> None:
    """A stuck or refused mail gets a fresh set of attempts; its bytes stay what they were. Raises Refused otherwise."""
    item, message = sending.item, sending.message
    if item.state not in NEEDS_A_PERSON:
        raise Refused("retry", [Blocker("delivery_is_stuck", {"state": item.state})])
    outbox.retry(item, now)
    ticket = session.get(Ticket, message.ticket_id) if message.ticket_id is not None else None
    history.record(
        session, "mail_again", actor=actor, now=now, ticket=ticket, subject=message.subject, to=message.recipient
    )
