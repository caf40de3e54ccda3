"""A ticket whose mails stand in every state that a mail can have."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from mikroserwis.access import SYSTEM
from mikroserwis.edge import Parts
from mikroserwis.models import Attempt, Message, OutboxItem
from mikroserwis.tickets.operations import handover, pausing
from tests.support.way import Way

OPERATIONS, MANAGER = "operacje@mplatform.com.pl", "ewa@office.example"


@dataclass
class Desk:
    """The outbox, turned by hand where a test is about what people see of it."""

    parts: Parts
    way: Way

    def suspend(self, number: int = 115, note: str = "Detalista się waha.") -> None:
        """With the quote on file; everything that was to be sent before has left."""
        self.way.confirmed(number)
        self.way.attached(number, "quote")
        self.way.delivered()
        with self.way._ticket(number) as (session, ticket):
            now = datetime.now(UTC)
            pausing.suspend(session, ticket, actor=self.way.caretaker(ticket), now=now, note=note)

    def resume(self, number: int = 115) -> None:
        with self.way._ticket(number) as (session, ticket):
            pausing.resume(session, ticket, actor=self.way.caretaker(ticket), now=datetime.now(UTC))

    def hand_over(self, number: int = 115, to: str = "Dealer Beta") -> None:
        with self.way._ticket(number) as (session, ticket):
            dealer_id = self.way.actor(to).dealer_id
            assert dealer_id is not None
            handover.reassign(session, ticket, actor=SYSTEM, now=datetime.now(UTC), reason="Urlop", to=dealer_id)

    def mail(self, event: str = "quote") -> Message:
        """The newest one of an event."""
        with self.parts.database.reading() as session:
            query = select(Message).where(Message.event == event).order_by(Message.id.desc())
            found = session.scalars(query).first()
            assert found is not None, event
            session.expunge_all()
            return found

    def put(self, event: str, state: str, error: str | None = None, attempts: int = 0) -> int:
        """The newest mail of an event as if its attempts had come to this; its id."""
        mail = self.mail(event)
        with self.parts.database.transaction() as session:
            item = session.get_one(OutboxItem, mail.item_id)
            item.state, item.last_error, item.attempts = state, error, attempts
            item.due_at = datetime.now(UTC) + timedelta(minutes=5)
        return mail.id

    def begin(self, mail: Message) -> None:
        """Somebody is sending it at this moment."""
        with self.parts.database.transaction() as session:
            item = session.get_one(OutboxItem, mail.item_id)
            item.due_at, item.attempts = datetime.now(UTC) + timedelta(minutes=2), 1
            session.add(Attempt(item_id=item.id, started_at=datetime.now(UTC)))

    def item(self, message_id: int) -> OutboxItem:
        with self.parts.database.reading() as session:
            return session.get_one(OutboxItem, session.get_one(Message, message_id).item_id)
