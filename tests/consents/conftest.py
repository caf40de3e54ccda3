"""The floor of consents: persons of the cast who decide, and messages on their way to them."""

import email.policy
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from mikroserwis import consenting, outbox
from mikroserwis.access import Actor
from mikroserwis.consenting import Kind, Person
from mikroserwis.consents import operations
from mikroserwis.edge import Parts
from mikroserwis.mail_states import Sending, sendings
from mikroserwis.models import Customer, CustomerContact, CustomerUser, Message, OutboxItem, User
from mikroserwis.sweeps.deliver import deliver_due
from tests.support.cast import COMPANIES, PEOPLE, SAM


class Desk:
    """Acts at `now`, each in its transaction."""

    def __init__(self, parts: Parts) -> None:
        self.parts, self.database = parts, parts.database
        self.now = datetime.now(UTC)
        self.first_contact = Person()

    def user_id(self, who: str) -> int:
        with self.database.reading() as session:
            return session.scalars(select(User.id).where(User.email == PEOPLE[who].email)).one()

    def user_id_of(self, name: str) -> int:
        with self.database.reading() as session:
            return session.scalars(select(User.id).where(User.name == name)).one()

    def actor(self, who: str) -> Actor:
        return Actor(user_id=self.user_id(who), name=PEOPLE[who].name, role=PEOPLE[who].role)

    def person(self, who: str) -> Person:
        return Person(user_id=self.user_id(who))

    def customer_id(self, number: int = SAM) -> int:
        with self.database.reading() as session:
            found = select(Customer.id).where(Customer.tax_id == str(COMPANIES[number]["tax_id"]))
            return session.scalars(found).one()

    def contact(self, **values: str) -> Person:
        """One of SAM's people."""
        given = {"name": "Krystyna Zięba", "email": "krystyna@sieciechow.example", "phone": "+48 601 222 333", **values}
        with self.database.transaction() as session:
            made = CustomerContact(customer_id=self.customer_id(), **given)
            session.add(made)
            session.flush()
            self.first_contact = self.first_contact if self.first_contact.contact_id else Person(contact_id=made.id)
            return Person(contact_id=made.id)

    def remove_contact(self, person: Person) -> None:
        with self.database.transaction() as session:
            session.get_one(CustomerContact, person.contact_id).removed_at = self.now

    def known(self, person: Person) -> dict[str, bool]:
        with self.database.reading() as session:
            return consenting.decisions(session, [person])

    def sign_up(self, who: str) -> None:
        """As SAM's own user."""
        with self.database.transaction() as session:
            session.add(CustomerUser(user_id=self.user_id(who), customer_id=self.customer_id()))

    def decide(self, person: Person, kind: Kind, given: bool = True, who: str = "operator", **more: Any) -> None:
        with self.database.transaction() as session:
            actor = self.actor(who)
            operations.decide(session, person, kind, given=given, source="office", actor=actor, now=self.now, **more)

    def post(self, address: str, event: str = "newsletter") -> int:
        """A mail into the outbox, whatever the event."""
        with self.database.transaction() as session:
            item = outbox.enqueue(session, "mail", f"test:{uuid4().hex}", {}, now=self.now)
            kept = {"subject": "Nowości", "body": "Mamy coś nowego.", "created_at": self.now}
            message = Message(item_id=item.id, event=event, recipient=address, **kept)
            session.add(message)
            session.flush()
            item.payload = json.dumps({"message": message.id})
            return message.id

    def deliver(self) -> None:
        """Everything that is due."""
        self.now += timedelta(seconds=1)
        deliver_due(self.parts, lambda: self.now, limit=50)

    def deliver_to(self, smtp_url: str) -> None:
        """Everything that is due, over a server."""
        settings = self.parts.settings.model_copy(update={"smtp_url": smtp_url})
        self.now += timedelta(seconds=1)
        deliver_due(replace(self.parts, settings=settings), lambda: self.now, limit=50)

    def sending(self, message_id: int) -> Sending:
        with self.database.reading() as session:
            query = select(Message, OutboxItem).join(OutboxItem, OutboxItem.id == Message.item_id)
            row = session.execute(query.where(Message.id == message_id)).one()
            return sendings(session, [(row.Message, row.OutboxItem)], self.now)[0]

    def mails(self, address: str) -> list[EmailMessage]:
        """What lies in the folder for it."""
        paths = sorted((self.parts.settings.data / "mail").glob("*.eml"))
        found = [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in paths]
        return [one for one in found if str(one["To"]) == address]


@pytest.fixture
def desk(parts: Parts) -> Desk:
    return Desk(parts)
