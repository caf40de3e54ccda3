"""The desk of the operations' tests with the scheduler's part in it: warnings are given, news are told."""

import json
from datetime import date, datetime, timedelta
from typing import Any

from mikroserwis.models import News
from mikroserwis.rulebook import POLICIES, RULES
from mikroserwis.sweeps.warn import warn
from mikroserwis.tickets.clock import dues, last_day, present_assignment
from mikroserwis.tickets.extending import operations
from sla import Stage
from tests.operations.desk import Desk


class NewsDesk(Desk):
    """Ticket 115 is Dealer Alfa's in the cast, given out at the moment at which the cast was planted."""

    def warn(self, *, limit: int = 500) -> int:
        with self.database.transaction() as session:
            return warn(session, self.now, limit=limit)

    def warn_until(self, end: datetime, step: timedelta) -> None:
        """As a scheduler does that looks every so often."""
        while self.now < end:
            self.now = min(self.now + step, end)
            self.warn()

    def news(self, number: int, kind: str = "warning") -> list[News]:
        return [one for one in self.rows(News, number) if one.kind == kind]

    def shares(self, number: int) -> list[tuple[str, int, int]]:
        """Stage, how often it was extended, share: of each warning in order."""
        said = [json.loads(one.data) for one in self.news(number)]
        return [(one["stage"], one["extended"], one["share"]) for one in said]

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
