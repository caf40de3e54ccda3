"""What the tests of deliveries look at and turn."""

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from mikroserwis import outbox
from mikroserwis.edge import Parts
from mikroserwis.models import Attempt, Delivery, Message, OutboxItem
from mikroserwis.storage import in_folder
from mikroserwis.sweeps.deliver import Result, deliver_due


@dataclass
class Desk:
    """The outbox as staff see it, and a clock that is moved by hand."""

    parts: Parts
    later: timedelta = timedelta(0)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.later

    def wait(self, **span: float) -> None:
        self.later += timedelta(**span)

    def deliver(self, limit: int = 100) -> Result:
        return deliver_due(self.parts, self.now, limit=limit)

    def items(self, topic: str = "package") -> list[OutboxItem]:
        with self.parts.database.reading() as session:
            query = select(OutboxItem).where(OutboxItem.topic == topic).order_by(OutboxItem.id)
            found = list(session.scalars(query))
            session.expunge_all()
            return found

    def item(self, topic: str = "package") -> OutboxItem:
        """The newest one."""
        return self.items(topic)[-1]

    def attempts(self, item: OutboxItem) -> list[str | None]:
        with self.parts.database.reading() as session:
            query = select(Attempt.outcome).where(Attempt.item_id == item.id).order_by(Attempt.id)
            return list(session.scalars(query))

    def delivery(self) -> Delivery:
        """The newest one."""
        with self.parts.database.reading() as session:
            found = session.scalars(select(Delivery).order_by(Delivery.id.desc())).first()
            assert found is not None
            session.expunge_all()
            return found

    def messages(self, event: str) -> list[Message]:
        with self.parts.database.reading() as session:
            found = list(session.scalars(select(Message).where(Message.event == event)))
            session.expunge_all()
            return found

    def queue_events(self, count: int) -> None:
        with self.parts.database.transaction() as session:
            for number in range(count):
                payload = {"ticket": 115, "event": "noted", "at": "2026-05-27T10:00:00+02:00"}
                outbox.enqueue(session, "event", f"event:{number}", payload, now=self.now())

    def damage(self, sha256: str) -> None:
        in_folder(self.parts.settings, "files").path(sha256).write_bytes(b"rotten")

    def with_settings(self, **changes: Any) -> "Desk":
        settings = self.parts.settings.model_copy(update=changes)
        return Desk(replace(self.parts, settings=settings), self.later)


def sent(item: OutboxItem) -> list[str]:
    """The hashes in the package of an item that was tried."""
    return [file["sha256"] for file in json.loads(item.payload)["manifest"]["files"]]
