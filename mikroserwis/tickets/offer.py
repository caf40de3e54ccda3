"""Who gets a ticket next: reads the dealers as the choice sees them, writes the choice down, says it in words."""

import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from mikroserwis.i18n import gettext as _
from mikroserwis.i18n import lazy, say_date
from mikroserwis.models import (
    Assignment,
    Dealer,
    DealerAbsence,
    DealerArea,
    DealerType,
    Subticket,
    SubticketTenure,
    Ticket,
)
from mikroserwis.rulebook import RULES
from sla import Candidate, Choice, Roster, choose
from sla import Ticket as Offered

_BREACHES = timedelta(days=90)
# A tenure that was undone is as if it had never been.
REAL = Assignment.ended_by.is_distinct_from("undone")
_DECIDED = {
    "least_loaded": lazy("least loaded for its capacity"),
    "fewest_breaches": lazy("fewest missed deadlines in 90 days"),
    "longest_without_a_ticket": lazy("longest without a new ticket"),
    "lowest_id": lazy("first in order among equals"),
    "only_one": lazy("the only dealer that was eligible"),
}
_PASSED = {
    "had_it_before": lazy("had it before"),
    "at_capacity": lazy("no free capacity"),
    "absent": lazy("absent"),
    "not_certified": lazy("not certified for the type"),
    "inactive": lazy("inactive"),
}


def candidates(session: Session, now: datetime) -> list[Candidate]:
    """Every dealer with its load: open tickets, tickets lost to the sweep in 90 days, when it last got one."""
    own = (Assignment.dealer_id == Dealer.id, REAL)
    held = select(Ticket.dealer_id, func.count()).where(Ticket.dealer_id.is_not(None), Ticket.state != "closed")
    load: dict[int | None, int] = dict(session.execute(held.group_by(Ticket.dealer_id)).all())
    lost = select(func.count()).where(*own, Assignment.ended_by == "sweep", Assignment.ended_at > now - _BREACHES)
    last = select(Assignment.assigned_at).where(*own).order_by(Assignment.assigned_at.desc()).limit(1)
    found = session.execute(
        select(
            Dealer.id,
            Dealer.active,
            Dealer.capacity,
            lost.correlate(Dealer).scalar_subquery(),
            last.correlate(Dealer).scalar_subquery(),
        ).order_by(Dealer.id)
    ).all()
    today = now.astimezone(RULES.tz).date()
    away = set(
        session.scalars(
            select(DealerAbsence.dealer_id).where(DealerAbsence.first_day <= today, DealerAbsence.last_day >= today)
        )
    )
    types, areas = defaultdict(set), defaultdict(list)
    for dealer_id, type_ in session.execute(select(DealerType.dealer_id, DealerType.type)):
        types[dealer_id].add(type_)
    for dealer_id, prefix in session.execute(select(DealerArea.dealer_id, DealerArea.prefix)):
        areas[dealer_id].append(prefix)
    return [
        Candidate(
            dealer_id=dealer_id,
            active=active,
            types=frozenset(types[dealer_id]),
            areas=tuple(sorted(areas[dealer_id])),
            capacity=capacity,
            open_tickets=load.get(dealer_id, 0),
            breaches_in_90_days=breaches,
            last_given_at=last_given_at,
            absent=dealer_id in away,
        )
        for dealer_id, active, capacity, breaches, last_given_at in found
    ]


class Dealers:
    """The dealers as the choice sees them, read once; kept up to date while one transaction gives out many tickets."""

    def __init__(self, session: Session, now: datetime) -> None:
        self._session, self._now = session, now

    @cached_property
    def _roster(self) -> Roster:
        # Held, so that a ticket's dealer isn't read anew for each.
        self._rows = self._session.scalars(select(Dealer)).all()
        return Roster(candidates(self._session, self._now))

    def next_for(self, ticket: Ticket) -> Choice:
        """Never a dealer who has had this ticket."""
        had = self._session.scalars(had_by(ticket.id)).all()
        return self._roster.choose(Offered(ticket.type, ticket.customer.postal_code, frozenset[int](had)))

    def given(self, dealer_id: int, at: datetime) -> None:
        """The dealer has one open ticket more since then."""
        if "_roster" in self.__dict__:
            self._roster.given(dealer_id, at)


def had_by(ticket_id: int) -> Select[int]:
    """Dealers who have had the ticket; a tenure that was undone doesn't count."""
    return select(Assignment.dealer_id).where(Assignment.ticket_id == ticket_id, REAL)


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
    """The reason in plain JSON, kept with the tenure or the history: words are made from it in the reader's language.

    Where no dealer was named and none was eligible, `area` is empty.
    """
    return {
        "area": choice.area,
        "open_tickets": choice.open_tickets,
        "capacity": choice.capacity,
        "breaches": choice.breaches_in_90_days,
        "last_given_at": choice.last_given_at.isoformat() if choice.last_given_at else None,
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
    """Why the rules chose a dealer, or why none: in facts that can be checked."""
    if not choice.get("area"):
        return _nobody(choice["passed_over"])
    facts = _(
        "Chosen by the rules: covers %(area)s; tickets open then: %(open)s of %(capacity)s",
        area=choice["area"],
        open=choice["open_tickets"],
        capacity=choice["capacity"],
    )
    decided = _decided(choice)
    return f"{facts}; {decided}." if decided else f"{facts}."


def _decided(choice: Mapping[str, Any]) -> str:
    code, last = choice.get("decided_by") or "", choice.get("last_given_at")
    if code == "fewest_breaches" and "breaches" in choice:
        return _("fewest missed deadlines in 90 days: %(count)s", count=choice["breaches"])
    if code == "longest_without_a_ticket" and last:
        return _("longest without a new ticket: since %(day)s", day=say_date(_day(last)))
    return str(_DECIDED.get(code, ""))


def _nobody(passed_over: Sequence[Sequence[Any]]) -> str:
    counted = Counter(reason for _dealer, reason in passed_over)
    if not counted:
        return _("Nobody: no dealer covers the postal code.")
    reasons = [f"{said}: {counted[code]}" for code, said in _PASSED.items() if counted[code]]
    return _(
        "Nobody: of the dealers that cover the postal code none was eligible (%(reasons)s).",
        reasons="; ".join(reasons),
    )


def _day(moment: str) -> date:
    return datetime.fromisoformat(moment).astimezone(RULES.tz).date()
