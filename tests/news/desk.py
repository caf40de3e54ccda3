"""The desk of the operations' tests with the scheduler's part in it: warnings are given, news are told."""

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from mikroserwis.access import SYSTEM
from mikroserwis.edge import Parts
from mikroserwis.models import Dealer, Message, News, OutboxItem, Ticket
from mikroserwis.rulebook import POLICIES, RULES
from mikroserwis.sweeps.ledger import do_now
from mikroserwis.sweeps.schedule import DAILY
from mikroserwis.sweeps.tell import work
from mikroserwis.sweeps.warn import warn
from mikroserwis.tickets import news
from mikroserwis.tickets.clock import dues, last_day, present_assignment
from mikroserwis.tickets.extending import operations
from mikroserwis.tickets.news import Fact
from sla import Stage
from tests.operations.desk import Desk


class NewsDesk(Desk):
    """Ticket 115 is Dealer Alfa's in the cast, given out at the moment at which the cast was planted."""

    def __init__(self, url: str, parts: Parts) -> None:
        super().__init__(url)
        self.parts = parts

    def warn(self, *, limit: int = 500) -> int:
        with self.database.transaction() as session:
            return warn(session, self.now, limit=limit)

    def warn_until(self, end: datetime, step: timedelta) -> None:
        """As a scheduler does that looks every so often."""
        while self.now < end:
            self.now = min(self.now + step, end)
            self.warn()

    def tell(self) -> bool:
        """A minute later, when nothing is being added any more; whether there was something to tell."""
        self.later(minutes=1)
        return self.tell_now()

    def tell_now(self) -> bool:
        return work(self.parts, lambda: self.now)

    def digest(self) -> Mapping[str, Any]:
        """What the daily run records."""
        [job] = [one for one in DAILY if one.name == "digest"]
        return do_now(self.parts, job, lambda: self.now, actor=SYSTEM)

    def sent(self, *events: str, to: str = "alfa@dealer.example") -> list[Message]:
        """The mails of news to this address, oldest first."""
        with self.database.reading() as session:
            keys = select(OutboxItem.id).where(OutboxItem.key.startswith("news:"))
            query = select(Message).where(Message.item_id.in_(keys), Message.recipient == to).order_by(Message.id)
            found = [one for one in session.scalars(query) if not events or one.event in events]
            session.expunge_all()
            return found

    def untold(self) -> int:
        with self.database.reading() as session:
            return session.scalar(select(func.count()).select_from(News).where(News.told_at.is_(None))) or 0

    def add_news(self, number: int, kind: str, reader: str | None, /, **said: Any) -> None:
        """As a sweep writes it; `reader` is a dealer's name, None: staff."""
        with self.database.transaction() as session:
            ticket_id = session.scalars(select(Ticket.id).where(Ticket.number == number)).one()
            dealer_id = session.scalars(select(Dealer.id).where(Dealer.name == reader)).one() if reader else None
            key = f"{kind}:{number}:{reader}:{self.now.isoformat()}"
            news.add(session, [Fact(key, dealer_id, ticket_id, kind, self.now, said)])

    def wants_digest(self, name: str, wanted: bool = True) -> None:
        with self.database.transaction() as session:
            session.scalars(select(Dealer).where(Dealer.name == name)).one().digest = wanted

    def news(self, number: int, kind: str = "warning") -> list[News]:
        return [one for one in self.rows(News, number) if one.kind == kind]

    def shares(self, number: int) -> list[tuple[str, int, int]]:
        """Stage, how many later deadlines it had been warned of before, share: of each warning in order."""
        said = [json.loads(one.data) for one in self.news(number)]
        later = {stage: sorted({one["extended"] for one in said if one["stage"] == stage} | {""}) for stage in Stage}
        return [(one["stage"], later[one["stage"]].index(one["extended"]), one["share"]) for one in said]

    def moments(self, number: int, stage: str) -> dict[int, datetime]:
        """When each share of the stage is used, as the rules compute it now."""

        def look(session: Any, ticket: Any) -> dict[int, datetime]:
            assignment = present_assignment(session, ticket)
            assert assignment is not None
            [due] = [one for one in dues(session, ticket, assignment, self.now) if one.stage is Stage(stage)]
            return dict(due.warnings)

        found: dict[int, datetime] = self.look(look, number)
        return found

    def due_day(self, number: int) -> date:
        moment = self.ticket(number).due_at
        assert moment is not None
        return last_day(moment)

    def extend(self, number: int, until: date) -> None:
        given = {"until": until, "reason": "Umówione z siecią."}
        self.do(operations.extend, number, "operator", "extension.decide", **given)

    @property
    def today(self) -> date:
        return self.now.astimezone(RULES.tz).date()

    @property
    def thresholds(self) -> tuple[int, ...]:
        return POLICIES["insoft"].warn_at
