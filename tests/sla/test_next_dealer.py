"""Who is next: each reason for passing over, each criterion that decides, and the same answer whatever the order."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla import DECISIVE, Candidate, Choice, Ticket, choose
from sla.choice import covering_area

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
        (1, {"areas": ("27", "26-8", "00-26")}, "outside_area"),
        (1, {"areas": ()}, "outside_area"),
        (1, {"areas": ("", "-", " ")}, "outside_area"),
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


def test_without_any_dealer_nobody_is_chosen() -> None:
    assert choose(TICKET, []) == Choice(dealer_id=None)


def test_the_only_eligible_dealer_is_chosen_with_the_facts_that_it_can_check() -> None:
    assert choose(TICKET, [dealer(4, areas=("26", "26-9"))]) == Choice(
        dealer_id=4, decided_by="only_one", area="26-9", open_tickets=2, capacity=8
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
        ("26-022", ("26-", "260"), "260"),
        ("26-922", (" 26-9 ",), " 26-9 "),
        ("26-922", ("62", "6-922", "26-9221"), None),
        ("", ("26",), None),
    ],
)
def test_the_longest_prefix_covers_with_or_without_dash(code: str, areas: tuple[str, ...], area: str | None) -> None:
    assert covering_area(code, areas) == area


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
)
several = st.lists(candidates, max_size=8, unique_by=lambda one: one.dealer_id)


@given(several, st.randoms())
def test_the_same_dealers_in_any_order_give_the_same_choice(dealers: list[Candidate], random: Any) -> None:
    assert choose(TICKET, random.sample(dealers, len(dealers))) == choose(TICKET, iter(dealers))


@given(several)
def test_every_dealer_is_either_a_candidate_or_passed_over(dealers: list[Candidate]) -> None:
    choice = choose(TICKET, dealers)
    passed = {dealer_id for dealer_id, _ in choice.passed_over}
    eligible = {one.dealer_id for one in dealers} - passed
    assert choice.dealer_id in eligible if eligible else choice.dealer_id is None
    assert choice.decided_by in ({None} if not eligible else {"only_one"} if len(eligible) == 1 else set(DECISIVE))


@given(several)
def test_nobody_eligible_is_relatively_less_loaded_than_the_one_chosen(dealers: list[Candidate]) -> None:
    choice = choose(TICKET, dealers)
    passed = {dealer_id for dealer_id, _ in choice.passed_over}
    for one in dealers:
        if one.dealer_id not in passed:
            assert choice.open_tickets * one.capacity <= one.open_tickets * choice.capacity
