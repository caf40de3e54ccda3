"""Who gets a ticket next. Same input, same answer, with the reasons in facts that a dealer can check."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from operator import itemgetter

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
    absent: bool = False


@dataclass(frozen=True, kw_only=True)
class Choice:
    """The dealer chosen, or None: nobody was eligible. `passed_over` says why for each covering dealer that wasn't.

    `decided_by` is what set the dealer apart from the second in order (a member of `DECISIVE`), or 'only_one'. The
    other facts are the chosen dealer's, as they were before it got this ticket.
    """

    dealer_id: int | None
    decided_by: str | None = None
    area: str | None = None
    open_tickets: int = 0
    capacity: int = 0
    breaches_in_90_days: int = 0
    last_given_at: datetime | None = None
    passed_over: tuple[tuple[int, str], ...] = ()


class Roster:
    """The dealers, found by postal code, for choosing again and again: what the last choice changed is remembered."""

    def __init__(self, candidates: Iterable[Candidate]) -> None:
        self._known = {one.dealer_id: _Standing(one) for one in candidates}
        self._by_prefix: dict[str, dict[int, str]] = defaultdict(dict)
        for standing in self._known.values():
            for area in sorted(standing.dealer.areas):
                if _plain(area):
                    self._by_prefix[_plain(area)][standing.dealer.dealer_id] = area
        self._covering: dict[str, list[tuple[_Standing, str]]] = {}

    def choose(self, ticket: Ticket) -> Choice:
        """Least loaded for its capacity, then fewest breaches, then longest without a new ticket, then lowest id."""
        passed: list[tuple[int, str]] = []
        eligible: list[tuple[_Order, _Standing, str]] = []
        for standing, area in self._who_covers(_plain(ticket.postal_code)):
            reason = standing.why_not(ticket)
            if reason is None:
                eligible.append((standing.order(), standing, area))
            else:
                passed.append((standing.dealer.dealer_id, reason))
        if not eligible:
            return Choice(dealer_id=None, passed_over=tuple(passed))
        eligible.sort(key=itemgetter(0))
        (order, standing, area), *others = eligible
        return Choice(
            dealer_id=standing.dealer.dealer_id,
            decided_by=_what_decided(order, others[0][0]) if others else "only_one",
            area=area,
            open_tickets=standing.open_tickets,
            capacity=standing.dealer.capacity,
            breaches_in_90_days=standing.breaches,
            last_given_at=standing.last_given_at,
            passed_over=tuple(passed),
        )

    def given(self, dealer_id: int, at: datetime) -> None:
        """The dealer has one open ticket more since then."""
        standing = self._known[dealer_id]
        standing.open_tickets += 1
        standing.last_given_at = max(standing.last_given_at or at, at)

    def left(self, dealer_id: int) -> None:
        """The dealer has one open ticket less, through no fault of its own."""
        self._known[dealer_id].open_tickets -= 1

    def lost(self, dealer_id: int) -> None:
        """A ticket was taken away from the dealer for a missed deadline."""
        self.left(dealer_id)
        self._known[dealer_id].breaches += 1

    def _who_covers(self, code: str) -> list[tuple["_Standing", str]]:
        """Dealers in order of their ids, each with the longest of its prefixes that covers the code."""
        found = self._covering.get(code)
        if found is None:
            areas: dict[int, str] = {}
            for length in range(1, len(code) + 1):
                areas.update(self._by_prefix.get(code[:length], ()))
            found = self._covering[code] = [(self._known[one], areas[one]) for one in sorted(areas)]
        return found


def choose(ticket: Ticket, candidates: Iterable[Candidate]) -> Choice:
    """One choice; a `Roster` makes many."""
    return Roster(candidates).choose(ticket)


_Order = tuple[float, int, datetime, int]


class _Standing:
    """A dealer with what choices change."""

    __slots__ = ("breaches", "dealer", "last_given_at", "open_tickets")

    def __init__(self, dealer: Candidate) -> None:
        self.dealer = dealer
        self.open_tickets = dealer.open_tickets
        self.breaches = dealer.breaches_in_90_days
        self.last_given_at = dealer.last_given_at

    def why_not(self, ticket: Ticket) -> str | None:
        """The first reason that a dealer isn't eligible, as a code, or None."""
        dealer = self.dealer
        if not dealer.active:
            return "inactive"
        if dealer.dealer_id in ticket.had_by:
            return "had_it_before"
        if ticket.type not in dealer.types:
            return "not_certified"
        if dealer.absent:
            return "absent"
        if self.open_tickets >= dealer.capacity:
            return "at_capacity"
        return None

    def order(self) -> _Order:
        load = self.open_tickets / self.dealer.capacity
        return load, self.breaches, self.last_given_at or _NEVER, self.dealer.dealer_id


def _plain(code: str) -> str:
    """Dashes don't count, so '269' covers '26-922'. A blank covers nothing."""
    return code.replace("-", "").strip()


def _what_decided(best: _Order, second: _Order) -> str:
    pairs = zip(DECISIVE, best, second, strict=True)
    return next(criterion for criterion, one, other in pairs if one != other)
