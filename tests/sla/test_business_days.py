"""Deadlines in business days by example, with the public holidays of Poland unless another country is named."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from sla import Breach, Calendar, Due, Extension, Pause, Policy, Stage, Tenure, next_due
from sla.calendar import business_day_after, business_time, is_business_day

WARSAW = ZoneInfo("Europe/Warsaw")
POLICY = Policy(days={Stage.TAKE: 3, Stage.CONTRACT: 7, Stage.COMPLETION: 30}, zone=WARSAW, calendar=Calendar.BUSINESS)


def at(month: int, day: int, hour: int = 0, *, year: int = 2025) -> datetime:
    return datetime(year, month, day, hour, tzinfo=WARSAW)


def due(assigned: datetime, *pauses: Pause, extensions: tuple[Extension, ...] = (), policy: Policy = POLICY) -> Due:
    tenure = Tenure(assigned_at=assigned, owes=Stage.TAKE, pauses=pauses, extensions=extensions)
    found = next_due(tenure, policy, at(12, 31, year=2026))
    assert found is not None
    return found


def days(number: int) -> Policy:
    return replace(POLICY, days=dict.fromkeys(Stage, number))


@pytest.mark.parametrize(
    ("assigned", "ends"),
    [
        (at(5, 27, 14), at(5, 31)),
        (at(5, 29, 14), at(6, 4)),
        (at(5, 31, 9), at(6, 5)),
        (at(6, 1, 23), at(6, 5)),
        (at(6, 18), at(6, 25)),
        (at(12, 23, 10), at(1, 1, year=2026)),
        (at(4, 17, 10), at(4, 24)),
        (at(3, 28, 10), at(4, 3)),
        (at(10, 24, 10), at(10, 30)),
    ],
    ids=["in a week", "weekend", "Saturday", "Sunday", "Corpus Christi", "Christmas", "Easter", "spring", "autumn"],
)
def test_three_business_days_end_with_the_third_that_is_one(assigned: datetime, ends: datetime) -> None:
    assert due(assigned).at == ends


def test_christmas_eve_is_a_day_off_since_2025() -> None:
    assert [is_business_day(date(year, 12, 24), "PL") for year in (2024, 2025)] == [True, False]


def test_the_country_is_data() -> None:
    assert due(at(7, 3, 10)).at == at(7, 9)
    assert due(at(7, 3, 10), policy=replace(POLICY, country="US")).at == at(7, 10)
    assert due(at(10, 2, 10), policy=replace(POLICY, country="DE")).at == at(10, 9)


@pytest.mark.parametrize(("assigned", "ends"), [(at(5, 30, 9), at(5, 31)), (at(5, 31, 9), at(6, 3))])
def test_no_days_at_all_end_with_the_same_day_or_the_first_business_day(assigned: datetime, ends: datetime) -> None:
    assert due(assigned, policy=days(0)).at == ends


def test_a_pause_over_days_off_neither_costs_nor_gives_anything() -> None:
    assert due(at(5, 29, 14), Pause(at(5, 31), at(6, 2))).at == due(at(5, 29, 14)).at
    assert due(at(12, 22, 10), Pause(at(12, 24), at(12, 29))).at == due(at(12, 22, 10)).at


@pytest.mark.parametrize(
    ("pause", "ends"),
    [
        (Pause(at(5, 27), at(5, 28)), at(5, 31)),
        (Pause(at(5, 27, 9), at(5, 27, 10)), at(5, 31)),
        (Pause(at(5, 27), at(5, 29)), at(6, 3)),
        (Pause(at(5, 28, 12), at(6, 2, 12)), at(6, 4)),
        (Pause(at(5, 29, 23), at(5, 31, 1)), at(6, 3)),
    ],
    ids=["a day", "an hour", "two days", "over the weekend", "into the weekend"],
)
def test_business_days_that_stood_are_given_back_as_business_days(pause: Pause, ends: datetime) -> None:
    assert due(at(5, 26, 9), pause).at == ends


def test_hours_of_several_pauses_are_added_before_a_day_is_given_for_them() -> None:
    pauses = [Pause(at(5, day, 9), at(5, day, 15)) for day in (27, 28, 29)]
    assert due(at(5, 26, 9), *pauses).at == at(5, 31)


@pytest.mark.parametrize("until", [date(2025, 6, 1), date(2025, 6, 19), date(2025, 6, 20)])
def test_an_extension_is_taken_as_it_is_be_it_a_day_off(until: date) -> None:
    ends = datetime.combine(until + timedelta(days=1), datetime.min.time(), WARSAW)
    assert due(at(5, 26, 9), extensions=(Extension(Stage.TAKE, until, at(5, 27)),)).at == ends


@pytest.mark.parametrize(
    ("until", "pause", "ends"),
    [
        (date(2025, 6, 6), Pause(at(6, 3), at(6, 5)), at(6, 11)),
        (date(2025, 6, 8), Pause(at(6, 7), at(6, 9)), at(6, 11)),
        (date(2025, 6, 6), Pause(at(6, 4, 9), at(6, 4, 10)), at(6, 10)),
    ],
    ids=["business days later", "days later", "a day once begun"],
)
def test_a_pause_after_an_extension_gives_back_days_or_business_days(until: date, pause: Pause, ends: datetime) -> None:
    assert due(at(5, 26, 9), pause, extensions=(Extension(Stage.TAKE, until, at(5, 27)),)).at == ends


def test_business_days_are_not_due_before_days_even_if_a_day_off_stood_on_which_the_ticket_came() -> None:
    pause, one = Pause(at(5, 31, 9), at(6, 2, 10)), days(1)
    assert due(at(5, 31, 9), pause, policy=replace(one, calendar=Calendar.DAYS)).at == at(6, 5)
    assert due(at(5, 31, 9), pause, policy=one).at == at(6, 5)


def test_warnings_leave_days_off_out() -> None:
    found = due(at(5, 29), policy=days(3))
    assert found.warnings == ((50, at(5, 31)), (75, at(6, 3)), (90, at(6, 3, 14) + timedelta(minutes=24)))


def test_what_is_used_stands_still_over_a_weekend_and_in_a_pause() -> None:
    found = due(at(5, 29), Pause(at(6, 2), at(6, 4)))
    assert found.at == at(6, 6)
    moments = [at(5, 28), at(5, 29), at(5, 30), at(5, 31), at(6, 1, 23), at(6, 4), at(6, 5), at(6, 6), at(7, 1)]
    assert [found.used(moment) for moment in moments] == [0, 0, 0.25, 0.5, 0.5, 0.5, 0.75, 1, 1]


def test_a_deadline_without_time_of_its_own_is_used_up() -> None:
    found = due(at(5, 31, 9), policy=replace(days(0), calendar=Calendar.DAYS))
    assert found.used(at(5, 31, 9)) == 0
    assert Due(Stage.TAKE, at(5, 31), at(5, 31), ()).used(at(5, 31)) == 1


def test_business_time_is_that_of_business_days_only() -> None:
    friday, tuesday = datetime(2025, 5, 30, 12), datetime(2025, 6, 3, 6)  # noqa: DTZ001 - a wall clock's
    assert business_time(friday, tuesday, "PL") == timedelta(hours=12 + 24 + 6)


def test_the_next_business_day_may_lie_in_another_year() -> None:
    assert business_day_after(date(2025, 12, 31), 1, "PL") == date(2026, 1, 2)


def test_a_policy_reassigns_unless_it_says_otherwise() -> None:
    assert POLICY.on_breach == dict.fromkeys(Stage, Breach.REASSIGN)
    assert {one.on_breach[Stage.TAKE] for one in (POLICY, days(3))} == {Breach.REASSIGN}
