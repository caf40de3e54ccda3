"""Notes: what is happening with the ticket, in the dealer's or the staff's words."""

from datetime import datetime

from sqlalchemy.orm import Session

from mikroserwis import history
from mikroserwis.access import Actor
from mikroserwis.errors import FieldError, Invalid
from mikroserwis.models import Note, Subticket, Ticket
from mikroserwis.tickets.forms import words as words


def add_note(
    session: Session,
    ticket: Ticket,
    text: str,
    *,
    actor: Actor,
    now: datetime,
    act: str | None = None,
    subticket: Subticket | None = None,
    quiet: bool = False,
) -> Note:
    """A note on the ticket or one of its sub-tickets; `quiet` when the act it came with is recorded itself."""
    said = words(text, "note")
    if not said:
        raise Invalid([FieldError("note", "required")])
    note = Note(
        ticket_id=ticket.id,
        subticket_id=subticket.id if subticket else None,
        dealer_id=actor.dealer_id,
        author_id=actor.user_id,
        author=actor.label,
        at=now,
        text=said,
        act=act,
    )
    session.add(note)
    if not quiet:
        history.record(session, "note", actor=actor, now=now, ticket=ticket, subticket=subticket, note=said)
    return note
