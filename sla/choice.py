"""Who gets a ticket next. Same input, same answer, with the reasons in facts that a dealer can check."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

DECISIVE = ("least_loaded", "fewest_breaches", "longest_without_a_ticket", "lowest_id")

_NEVER = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Ticket:
    """What matters for the choice: the type's name, the postal code, and who had the ticket before (dealer ids)."""

    type: str
    postal_code: str
    had_by: frozenset[int] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A dealer as the choice sees it; `areas` are postal prefixes such as '26' or '26-9'."""

    dealer_id: int
    active: bool
    types: frozenset[str]
    areas: tuple[str, ...]
    capacity: int
    open_tickets: int
    breaches_in_90_days: int = 0
    last_given_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Choice:
    """The dealer chosen, or None: nobody was eligible. `passed_over` says why for each dealer that wasn't.

    `decided_by` is what set the dealer apart from the second in order (a member of `DECISIVE`), or 'only_one'.
    """

    dealer_id: int | None
    decided_by: str | None = None
    area: str | None = None
    open_tickets: int = 0
    capacity: int = 0
    passed_over: tuple[tuple[int, str], ...] = ()


def choose(ticket: Ticket, candidates: Iterable[Candidate]) -> Choice:
    """Least loaded for its capacity, then fewest breaches, then longest without a new ticket, then lowest id."""
    eligible: list[Candidate] = []
    passed: list[tuple[int, str]] = []
    for candidate in sorted(candidates, key=lambda one: one.dealer_id):
        reason = why_not(ticket, candidate)
        if reason is None:
            eligible.append(candidate)
        else:
            passed.append((candidate.dealer_id, reason))
    if not eligible:
        return Choice(dealer_id=None, passed_over=tuple(passed))
    best, *others = sorted(eligible, key=_order)
    return Choice(
        dealer_id=best.dealer_id,
        decided_by=_what_decided(best, others[0]) if others else "only_one",
        area=covering_area(ticket.postal_code, best.areas),
        open_tickets=best.open_tickets,
        capacity=best.capacity,
        passed_over=tuple(passed),
    )


def why_not(ticket: Ticket, candidate: Candidate) -> str | None:
    """The first reason that a dealer isn't eligible, as a code, or None."""
    if not candidate.active:
        return "inactive"
    if candidate.dealer_id in ticket.had_by:
        return "had_it_before"
    if ticket.type not in candidate.types:
        return "not_certified"
    if covering_area(ticket.postal_code, candidate.areas) is None:
        return "outside_area"
    if candidate.open_tickets >= candidate.capacity:
        return "at_capacity"
    return None


def covering_area(postal_code: str, areas: Iterable[str]) -> str | None:
    """The longest prefix that covers the code; dashes don't count, so '269' covers '26-922'. A blank covers nothing."""
    covering = [area for area in areas if _plain(area) and _plain(postal_code).startswith(_plain(area))]
    return max(covering, key=lambda area: (len(_plain(area)), area), default=None)


def _plain(code: str) -> str:
    return code.replace("-", "").strip()


def _order(candidate: Candidate) -> tuple[float, int, datetime, int]:
    return (
        candidate.open_tickets / candidate.capacity,
        candidate.breaches_in_90_days,
        candidate.last_given_at or _NEVER,
        candidate.dealer_id,
    )


def _what_decided(best: Candidate, second: Candidate) -> str:
    pairs = zip(DECISIVE, _order(best), _order(second), strict=True)
    return next(criterion for criterion, one, other in pairs if one != other)
