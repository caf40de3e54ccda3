"""Who gets a ticket next: reads the dealers as the choice sees them, writes the choice down, says it in words."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mikroserwis.i18n import gettext as _
from mikroserwis.i18n import lazy
from mikroserwis.models import Assignment, Dealer, Subticket, SubticketTenure, Ticket
from sla import Candidate, Choice, choose
from sla import Ticket as Offered

_BREACHES = timedelta(days=90)
_DECIDED = {
    "least_loaded": lazy("least loaded for its capacity"),
    "fewest_breaches": lazy("fewest missed deadlines in 90 days"),
    "longest_without_a_ticket": lazy("longest without a new ticket"),
    "lowest_id": lazy("first in order among equals"),
    "only_one": lazy("the only dealer that was eligible"),
}


def candidates(session: Session, now: datetime) -> list[Candidate]:
    """Every dealer with its load: open tickets, tickets lost to the sweep in 90 days, when it last got one."""
    load: dict[int | None, int] = dict(
        session.execute(
            select(Ticket.dealer_id, func.count())
            .where(Ticket.dealer_id.is_not(None), Ticket.state != "closed")
            .group_by(Ticket.dealer_id)
        ).all()
    )
    lost: dict[int, int] = dict(
        session.execute(
            select(Assignment.dealer_id, func.count())
            .where(Assignment.ended_by == "sweep", Assignment.ended_at > now - _BREACHES)
            .group_by(Assignment.dealer_id)
        ).all()
    )
    last: dict[int, datetime] = dict(
        session.execute(
            select(Assignment.dealer_id, func.max(Assignment.assigned_at)).group_by(Assignment.dealer_id)
        ).all()
    )
    return [
        Candidate(
            dealer_id=dealer.id,
            active=dealer.active,
            types=frozenset(one.type for one in dealer.types),
            areas=tuple(one.prefix for one in dealer.areas),
            capacity=dealer.capacity,
            open_tickets=load.get(dealer.id, 0),
            breaches_in_90_days=lost.get(dealer.id, 0),
            last_given_at=last.get(dealer.id),
        )
        for dealer in session.scalars(select(Dealer).order_by(Dealer.id))
    ]


class Dealers:
    """The dealers as the choice sees them, read once; kept up to date while one transaction gives out many tickets."""

    def __init__(self, session: Session, now: datetime) -> None:
        self._session, self._now = session, now

    @cached_property
    def _known(self) -> dict[int, Candidate]:
        # Held, so that a ticket's dealer isn't read anew for each.
        self._rows = self._session.scalars(select(Dealer)).all()
        return {one.dealer_id: one for one in candidates(self._session, self._now)}

    def next_for(self, ticket: Ticket) -> Choice:
        """Never a dealer who has had this ticket."""
        had = self._session.scalars(select(Assignment.dealer_id).where(Assignment.ticket_id == ticket.id)).all()
        return choose(Offered(ticket.type, ticket.customer.postal_code, frozenset(had)), self._known.values())

    def given(self, dealer_id: int, at: datetime) -> None:
        """The dealer has one open ticket more since then."""
        if "_known" in self.__dict__:
            one = self._known[dealer_id]
            last = max(one.last_given_at or at, at)
            self._known[dealer_id] = replace(one, open_tickets=one.open_tickets + 1, last_given_at=last)


def next_for_ticket(session: Session, ticket: Ticket, now: datetime) -> Choice:
    """By the rules, from what the records say now."""
    return Dealers(session, now).next_for(ticket)


def next_for_subticket(session: Session, subticket: Subticket, now: datetime) -> Choice:
    """By the shop's postal code; never a dealer who gave this sub-ticket up."""
    gave_up = session.scalars(
        select(SubticketTenure.dealer_id).where(SubticketTenure.subticket_id == subticket.id)
    ).all()
    code = subticket.point.postal_code or subticket.ticket.customer.postal_code
    return choose(Offered(subticket.ticket.type, code, frozenset(gave_up)), candidates(session, now))


def written(choice: Choice) -> dict[str, Any]:
    """The reason in plain JSON, kept with the assignment: words are made from it in the reader's language."""
    return {
        "area": choice.area,
        "open_tickets": choice.open_tickets,
        "capacity": choice.capacity,
        "decided_by": choice.decided_by,
        "passed_over": [[dealer_id, reason] for dealer_id, reason in choice.passed_over],
    }


def as_text(choice: Choice) -> str:
    return json.dumps(written(choice))


def choice_of(assignment: Assignment | None) -> dict[str, Any] | None:
    """Why the rules chose this dealer, as it was written down then; None where somebody named it or it was first."""
    written = json.loads(assignment.choice) if assignment and assignment.choice else {}
    return written if written.get("area") else None


def choice_words(choice: Mapping[str, Any]) -> str:
    """Why the rules chose a dealer, in facts that it can check."""
    facts = _(
        "Chosen by the rules: covers %(area)s; tickets open then: %(open)s of %(capacity)s",
        area=choice["area"],
        open=choice["open_tickets"],
        capacity=choice["capacity"],
    )
    decided = _DECIDED.get(choice.get("decided_by", ""))
    return f"{facts}; {decided}." if decided else f"{facts}."
