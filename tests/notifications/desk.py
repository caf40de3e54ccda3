"""What people are told behind the bell."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from mikroserwis.edge import Parts
from mikroserwis.models import Notification, Ticket, User
from mikroserwis.tickets import notices
from tests.support.cast import PEOPLE, SAM


@dataclass
class Bell:
    parts: Parts

    def offer(self, times: int = 1, number: int = SAM) -> None:
        """A ticket's dealer is told that it is new, once more."""
        for _ in range(times):
            with self.parts.database.transaction() as session:
                query = select(Ticket).where(Ticket.number == number).options(joinedload(Ticket.customer))
                notices.offered(session, session.scalars(query).one(), now=datetime.now(UTC))

    def clear(self) -> None:
        """What the cast was told before is gone."""
        with self.parts.database.transaction() as session:
            for one in session.scalars(select(Notification)):
                session.delete(one)

    def of(self, name: str) -> list[Notification]:
        """A person's, the oldest first."""
        with self.parts.database.reading() as session:
            query = select(Notification).join(User, User.id == Notification.user_id).order_by(Notification.id)
            found = list(session.scalars(query.where(User.email == PEOPLE[name].email)))
            session.expunge_all()
            return found


def shown(page: str) -> str:
    """What the bell says; nothing where nothing is unread."""
    bell = re.search(r'<a class="bell".*?</a>', page, re.DOTALL)
    assert bell is not None
    count = re.search(r'<b class="fresh">([^<]*)<', bell[0])
    return count[1] if count else ""
