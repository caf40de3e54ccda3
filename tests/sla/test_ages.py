"""A ticket's age split by who had it: by example, and what always holds."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from sla import Had, Holder, Pause, Share, shares

WARSAW = ZoneInfo("Europe/Warsaw")
ALFA, BETA = 101, 102


def at(day: int, hour: int = 0, *, month: int = 6) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=WARSAW)


def days(number: float) -> timedelta:
    return timedelta(days=number)


def dealer(who: int, time: timedelta) -> Share:
    return Share(Holder.DEALER, who, time)


def test_what_no_dealer_had_is_the_pools() -> None:
    assert shares(at(1), at(4)) == [Share(Holder.POOL, None, days(3))]


def test_each_dealer_has_its_own_tenure_and_the_pool_what_lies_between() -> None:
    tenures = [Had(ALFA, at(1), at(4)), Had(BETA, at(5, 12))]
    assert shares(at(1), at(8), tenures=tenures) == [
        dealer(ALFA, days(3)),
        Share(Holder.POOL, None, days(1.5)),
        dealer(BETA, days(2.5)),
    ]


def test_a_suspension_is_the_customers_and_waiting_for_a_receipt_the_back_offices() -> None:
    found = shares(
        at(1), at(11), tenures=[Had(ALFA, at(1))], suspended=[Pause(at(2), at(5))], waiting=[Pause(at(4), at(7))]
    )
    assert found == [
        dealer(ALFA, days(5)),
        Share(Holder.CUSTOMER, None, days(3)),
        Share(Holder.BACKOFFICE, None, days(2)),
    ]


def test_waiting_outlives_no_tenure() -> None:
    found = shares(at(1), at(5), tenures=[Had(ALFA, at(1), at(2))], waiting=[Pause(at(1))])
    assert found == [Share(Holder.BACKOFFICE, None, days(1)), Share(Holder.POOL, None, days(3))]


def test_what_a_ticket_was_closed_before_it_was_reopened_is_no_part_of_its_age() -> None:
    tenures = [Had(ALFA, at(1), at(3)), Had(ALFA, at(10))]
    assert shares(at(1), at(12), tenures=tenures, closed=[Pause(at(3), at(10))]) == [dealer(ALFA, days(4))]


def test_where_two_tenures_overlap_the_later_one_counts() -> None:
    tenures = [Had(ALFA, at(1)), Had(BETA, at(2), at(3))]
    assert shares(at(1), at(4), tenures=tenures) == [dealer(ALFA, days(2)), dealer(BETA, days(1))]


def test_a_day_of_25_hours_has_25_hours() -> None:
    assert shares(at(25, month=10), at(26, month=10)) == [Share(Holder.POOL, None, timedelta(hours=25))]


def test_a_ticket_has_no_age_before_it_is_opened() -> None:
    assert shares(at(4), at(4)) == shares(at(4), at(1)) == []


moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.sampled_from([UTC, WARSAW]))  # noqa: DTZ001
pauses = st.lists(st.builds(Pause, moments, st.none() | moments), max_size=4)
tenures = st.lists(st.builds(Had, st.sampled_from([ALFA, BETA]), moments, st.none() | moments), max_size=4)
records = st.fixed_dictionaries({"tenures": tenures, "suspended": pauses, "waiting": pauses})


@given(moments, moments, records)
def test_the_parts_make_up_the_whole_age_and_none_is_negative(
    opened: datetime, until: datetime, records: dict[str, Any]
) -> None:
    found = shares(opened, until, **records)
    whole = max(until.astimezone(UTC) - opened.astimezone(UTC), timedelta())
    assert sum((one.time for one in found), timedelta()) == whole
    assert all(one.time > timedelta() for one in found)
    assert len({(one.holder, one.dealer_id) for one in found}) == len(found)
    assert all((one.dealer_id is not None) == (one.holder is Holder.DEALER) for one in found)


@given(moments, moments, moments, records)
def test_time_that_goes_on_takes_nothing_from_anybody(
    opened: datetime, until: datetime, later: datetime, records: dict[str, Any]
) -> None:
    first, second = sorted((until, later))
    then = {(one.holder, one.dealer_id): one.time for one in shares(opened, second, **records)}
    assert all(then[one.holder, one.dealer_id] >= one.time for one in shares(opened, first, **records))
