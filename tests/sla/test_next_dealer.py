"""Who is next: each reason for passing over, each criterion that decides, and the same answer whatever the order."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla import DECISIVE, Candidate, Choice, Roster, Ticket, choose

MAY = datetime(2019, 5, 1, tzinfo=UTC)
TICKET = Ticket("insoft", "26-922", had_by=frozenset({9}))


def dealer(dealer_id: int, **changes: Any) -> Candidate:
    usual: dict[str, Any] = {
        "active": True,
        "types": frozenset({"insoft"}),
        "areas": ("26",),
        "capacity": 8,
        "open_tickets": 2,
        "last_given_at": MAY,
    }
    return Candidate(dealer_id=dealer_id, **{**usual, **changes})


@pytest.mark.parametrize(
    ("dealer_id", "changes", "reason"),
    [
        (1, {"active": False}, "inactive"),
        (9, {}, "had_it_before"),
        (1, {"types": frozenset({"fiscal"})}, "not_certified"),
        (1, {"types": frozenset()}, "not_certified"),
        (1, {"absent": True}, "absent"),
        (1, {"open_tickets": 8}, "at_capacity"),
        (1, {"open_tickets": 9}, "at_capacity"),
        (1, {"open_tickets": 0, "capacity": 0}, "at_capacity"),
    ],
)
def test_a_dealer_is_passed_over_with_its_reason(dealer_id: int, changes: dict[str, Any], reason: str) -> None:
    alone = choose(TICKET, [dealer(dealer_id, **changes)])
    assert alone == Choice(dealer_id=None, passed_over=((dealer_id, reason),))
    beside = choose(TICKET, [dealer(dealer_id, **changes), dealer(2)])
    assert (beside.dealer_id, beside.passed_over) == (2, ((dealer_id, reason),))


@pytest.mark.parametrize("areas", [("27", "26-8", "00-26"), (), ("", "-", " ")])
def test_a_dealer_elsewhere_is_not_even_named(areas: tuple[str, ...]) -> None:
    assert choose(TICKET, [dealer(1, areas=areas)]) == Choice(dealer_id=None)


def test_without_any_dealer_nobody_is_chosen() -> None:
    assert choose(TICKET, []) == Choice(dealer_id=None)


def test_the_only_eligible_dealer_is_chosen_with_the_facts_that_it_can_check() -> None:
    assert choose(TICKET, [dealer(4, areas=("26", "26-9"))]) == Choice(
        dealer_id=4, decided_by="only_one", area="26-9", open_tickets=2, capacity=8, last_given_at=MAY
    )


@pytest.mark.parametrize(
    ("better", "worse", "criterion"),
    [
        ({"open_tickets": 1}, {"open_tickets": 2, "breaches_in_90_days": 0}, "least_loaded"),
        ({"open_tickets": 3, "capacity": 13}, {"open_tickets": 2}, "least_loaded"),
        ({"open_tickets": 0, "breaches_in_90_days": 7}, {"open_tickets": 1}, "least_loaded"),
        ({"breaches_in_90_days": 1}, {"breaches_in_90_days": 2, "last_given_at": None}, "fewest_breaches"),
        ({"last_given_at": MAY}, {"last_given_at": MAY + timedelta(seconds=1)}, "longest_without_a_ticket"),
        ({"last_given_at": None}, {"last_given_at": MAY}, "longest_without_a_ticket"),
        ({"open_tickets": 1, "capacity": 4}, {"open_tickets": 2, "capacity": 8}, "lowest_id"),
    ],
)
def test_the_first_criterion_that_differs_decides_and_is_named(
    better: dict[str, Any], worse: dict[str, Any], criterion: str
) -> None:
    first, second = (1, 2) if criterion == "lowest_id" else (2, 1)
    chosen = choose(TICKET, [dealer(first, **better), dealer(second, **worse)])
    assert (chosen.dealer_id, chosen.decided_by, chosen.passed_over) == (first, criterion, ())


@pytest.mark.parametrize(
    ("code", "areas", "area"),
    [
        ("26-922", ("26",), "26"),
        ("26-922", ("26-9",), "26-9"),
        ("26-922", ("269",), "269"),
        ("26922", ("26-9",), "26-9"),
        ("26-922", ("26-922",), "26-922"),
        ("26-922", ("2", "26-9", "26"), "26-9"),
        ("26-922", ("26-9", "269"), "269"),
        ("26-022", ("26-", "260"), "260"),
        ("26-922", (" 26-9 ",), " 26-9 "),
        ("26-922", ("62", "6-922", "26-9221"), None),
        ("", ("26",), None),
    ],
)
def test_the_longest_prefix_covers_with_or_without_dash(code: str, areas: tuple[str, ...], area: str | None) -> None:
    assert choose(Ticket("insoft", code), [dealer(1, areas=areas)]).area == area


candidates = st.builds(
    Candidate,
    dealer_id=st.integers(1, 40),
    active=st.booleans(),
    types=st.frozensets(st.sampled_from(["insoft", "fiscal"])),
    areas=st.lists(st.sampled_from(["26", "26-9", "269", "2", "11-4", ""]), max_size=4).map(tuple),
    capacity=st.integers(0, 4),
    open_tickets=st.integers(0, 4),
    breaches_in_90_days=st.integers(0, 2),
    last_given_at=st.none() | st.sampled_from([MAY, MAY + timedelta(days=1)]),
    absent=st.booleans(),
)
several = st.lists(candidates, max_size=8, unique_by=lambda one: one.dealer_id)


@given(several, st.randoms())
def test_the_same_dealers_in_any_order_give_the_same_choice(dealers: list[Candidate], random: Any) -> None:
    assert choose(TICKET, random.sample(dealers, len(dealers))) == choose(TICKET, iter(dealers))


def naive(ticket: Ticket, dealers: list[Candidate]) -> Choice:
    """The rules as they are written, one dealer after the other."""

    def area(one: Candidate) -> str:
        code = ticket.postal_code.replace("-", "")
        fitting = [each for each in one.areas if each and code.startswith(each.replace("-", ""))]
        return max(fitting, key=lambda each: (len(each.replace("-", "")), each), default="")

    def order(one: Candidate) -> tuple[Fraction, int, datetime, int]:
        never = datetime(1, 1, 1, tzinfo=UTC)
        load = Fraction(one.open_tickets, one.capacity)
        return load, one.breaches_in_90_days, one.last_given_at or never, one.dealer_id

    def why(one: Candidate) -> str:
        reasons = {
            "inactive": not one.active,
            "had_it_before": one.dealer_id in ticket.had_by,
            "not_certified": ticket.type not in one.types,
            "absent": one.absent,
            "at_capacity": one.open_tickets >= one.capacity,
        }
        return next((reason for reason, holds in reasons.items() if holds), "")

    covering = sorted((one for one in dealers if area(one)), key=lambda one: one.dealer_id)
    passed = tuple((one.dealer_id, why(one)) for one in covering if why(one))
    eligible = sorted((one for one in covering if not why(one)), key=order)
    if not eligible:
        return Choice(dealer_id=None, passed_over=passed)
    best = eligible[0]
    differs = [one != other for one, other in zip(order(best), order(eligible[1]), strict=True)] if eligible[1:] else []
    return Choice(
        dealer_id=best.dealer_id,
        decided_by=DECISIVE[differs.index(True)] if differs else "only_one",
        area=area(best),
        open_tickets=best.open_tickets,
        capacity=best.capacity,
        breaches_in_90_days=best.breaches_in_90_days,
        last_given_at=best.last_given_at,
        passed_over=passed,
    )


tickets = st.builds(
    Ticket,
    type=st.sampled_from(["insoft", "fiscal"]),
    postal_code=st.sampled_from(["26-922", "26-100", "11-410", "20-001", "99-999"]),
    had_by=st.frozensets(st.integers(1, 40), max_size=5),
)


@given(several, st.lists(tickets, max_size=6))
def test_a_roster_chooses_as_the_rules_say_also_after_what_it_gave_and_took(
    dealers: list[Candidate], offered: list[Ticket]
) -> None:
    roster, known = Roster(dealers), {one.dealer_id: one for one in dealers}
    for number, ticket in enumerate(offered):
        choice, now = roster.choose(ticket), MAY + timedelta(hours=12 * number)
        assert choice == naive(ticket, list(known.values()))
        for former in sorted(ticket.had_by & known.keys())[:1]:
            one = known[former]
            roster.lost(former)
            known[former] = replace(
                one, open_tickets=one.open_tickets - 1, breaches_in_90_days=one.breaches_in_90_days + 1
            )
        if choice.dealer_id is not None:
            one = known[choice.dealer_id]
            roster.given(choice.dealer_id, now)
            last = max(one.last_given_at or now, now)
            known[choice.dealer_id] = replace(one, open_tickets=one.open_tickets + 1, last_given_at=last)


def test_a_dealer_who_gave_a_ticket_away_without_fault_has_room_again_and_no_breach() -> None:
    roster = Roster([dealer(1, open_tickets=8)])
    assert roster.choose(TICKET).dealer_id is None
    roster.left(1)
    choice = roster.choose(TICKET)
    assert (choice.dealer_id, choice.open_tickets, choice.breaches_in_90_days) == (1, 7, 0)
